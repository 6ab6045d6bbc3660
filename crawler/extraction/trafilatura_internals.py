"""Every private name of trafilatura that extraction uses: its search for the body without what else its interface does.

The modules here are copies of our own, in which some names are something faster: those that others import stay as they
are.
"""

from collections.abc import Iterator
from copy import copy
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import NamedTuple

from lxml.etree import XPath, _Element
from lxml.html import HtmlElement
from marisa_trie import Trie
from trafilatura import core
from trafilatura.htmlprocessing import convert_tags, prune_unwanted_nodes, tree_cleaning
from trafilatura.settings import Extractor
from trafilatura.xpaths import RAW_TREE_PRUNE_XPATH, REMOVE_COMMENTS_AND_LISTS_XPATH

from crawler.extraction.body.choices import faster, first_of
from crawler.extraction.body.stop_words import load_stop_words


def _copy_of(name: str) -> ModuleType:
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(f"There is no module {name}", name=name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_main, _baseline, _external, _justext = map(
    _copy_of, ("trafilatura.main_extractor", "trafilatura.baseline", "trafilatura.external", "justext.core")
)
for _name in ("BODY_XPATH", "OVERALL_DISCARD_XPATH", "DISCARD_IMAGE_ELEMENTS", "TEASER_DISCARD_XPATH"):
    setattr(_main, _name, list(map(faster, getattr(_main, _name))))
_baseline.BASIC_CLEAN_XPATH = faster(_baseline.BASIC_CLEAN_XPATH)  # type: ignore[attr-defined]
_external.basic_cleaning = _baseline.basic_cleaning  # type: ignore[attr-defined]


@cache
def _load_stop_words() -> Trie:
    return load_stop_words(version("justext"), _read_stop_words)


def _read_stop_words() -> Iterator[str]:
    """Those of all languages together."""
    for language in _external.get_stoplists():
        yield from _external.get_stoplist(language)


# The words are kept as they are given; by default as three sets, of which a worker would take 33 MB.
_justext.define_stoplist = lambda words: words  # type: ignore[attr-defined]
_external.classify_paragraphs = _justext.classify_paragraphs  # type: ignore[attr-defined]
_external.jt_stoplist_init = _load_stop_words  # type: ignore[attr-defined]

_APPENDED = list(map(faster, RAW_TREE_PRUNE_XPATH))
_COMMENTS = list(map(faster, REMOVE_COMMENTS_AND_LISTS_XPATH))
_MAY_BE_PRUNED = first_of([*_APPENDED, *_COMMENTS])
_SHOWN = XPath("descendant::text()[not(parent::script or parent::style)]", smart_strings=False)

_FAST, _SLOW = (Extractor(output_format="python", fast=fast, comments=False) for fast in (True, False))
_FAST_RETRY, _SLOW_RETRY = (
    Extractor(output_format="python", fast=fast, comments=False, recall=True) for fast in (True, False)
)


class _Body(NamedTuple):
    element: _Element
    text: str


def find_body(tree: HtmlElement, *, fast: bool) -> str:
    """The text of the body that `trafilatura.bare_extraction` finds in a tree, which is not modified.

    Without comments and metadata: the steps are those of `trafilatura.core.trafilatura_sequence`.
    """
    page = _pruned(tree)
    body = _search(page, _FAST if fast else _SLOW)
    if len(body.text) < _FAST.min_extracted_size:
        element, text, length = _baseline.baseline(page)
        body = _Body(element, text) if length > len(body.text) else body
    if 0 < len(body.text) < core.ESCALATION_MAX_LENGTH and _is_small(body.text, page):
        body = _retry(page, body, fast=fast)
    return "".join(body.element.itertext()) if body.text else ""


def _pruned(tree: HtmlElement) -> HtmlElement:
    """A tree without the comments and the articles that follow it; itself if it has none."""
    if not _MAY_BE_PRUNED(tree):
        return tree
    choices = _APPENDED if core._forum_thread_page(tree) else [*_APPENDED, *_COMMENTS]
    return prune_unwanted_nodes(copy(tree), choices)  # type: ignore[arg-type]


def _search(page: HtmlElement, options: Extractor) -> _Body:
    cleaned = tree_cleaning(copy(page), options)
    backup = None if options.fast else copy(cleaned)
    found = _Body(*_main.extract_content(convert_tags(cleaned, options), options))
    if backup is None:
        return found
    return _Body(*_external.compare_extraction(backup, copy(page), *found, options))


def _is_small(text: str, page: HtmlElement) -> bool:
    """Whether a text is so small a part of the page that another search may find more."""
    body = page.find(".//body")
    # As long as the text of the page can be: to clean a copy of it takes ten times as long.
    most = len(" ".join(" ".join(_SHOWN(page if body is None else body)).split()))
    share = core.ESCALATION_PAGE_SHARE
    return len(text) < share * most and len(text) < share * len(_baseline.html2txt(page))


def _retry(page: HtmlElement, body: _Body, *, fast: bool) -> _Body:
    wide, other = _search(page, _FAST_RETRY if fast else _SLOW_RETRY), _Body(body.element, "")
    if not fast:
        other = _Body(*_external.justext_rescue(copy(page), _SLOW))
    length = len(body.text)
    if len(other.text) > max(len(wide.text), core.ESCALATION_JUSTEXT_RATIO * length):
        return other
    is_longer = len(wide.text) > core.ESCALATION_ACCEPT_RATIO * length
    return wide if is_longer and len(wide.text) >= _FAST.min_extracted_size else body
