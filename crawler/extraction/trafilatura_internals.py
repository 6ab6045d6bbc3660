"""Every private name of trafilatura that extraction uses: its search for the body without what else its interface does.

The modules here are copies of our own, whose names can be set to something faster: those that others import stay as
they are.
"""

from copy import copy
from importlib.util import find_spec, module_from_spec
from types import ModuleType

from lxml.html import HtmlElement
from trafilatura.settings import Extractor, use_config

from crawler.extraction.body.choices import faster


def _copy_of(name: str) -> ModuleType:
    spec = find_spec(f"trafilatura.{name}")
    if spec is None or spec.loader is None:
        raise ImportError(f"trafilatura has no module {name}", name=f"trafilatura.{name}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_core, _main, _baseline, _external = map(_copy_of, ("core", "main_extractor", "baseline", "external"))

_USED: tuple[tuple[ModuleType, ModuleType, str], ...] = (
    (_core, _main, "extract_content"),
    (_core, _baseline, "baseline"),
    (_core, _baseline, "html2txt"),
    (_core, _external, "compare_extraction"),
    (_core, _external, "justext_rescue"),
    (_external, _baseline, "basic_cleaning"),
)
"""Which copy uses a name of which other one."""

_CHOICES: tuple[tuple[ModuleType, str], ...] = (
    (_core, "RAW_TREE_PRUNE_XPATH"),
    (_core, "REMOVE_COMMENTS_AND_LISTS_XPATH"),
    (_main, "BODY_XPATH"),
    (_main, "OVERALL_DISCARD_XPATH"),
    (_main, "DISCARD_IMAGE_ELEMENTS"),
    (_main, "TEASER_DISCARD_XPATH"),
)
for _user, _home, _name in _USED:
    setattr(_user, _name, getattr(_home, _name))
for _user, _name in _CHOICES:
    setattr(_user, _name, list(map(faster, getattr(_user, _name))))
_baseline.BASIC_CLEAN_XPATH = faster(_baseline.BASIC_CLEAN_XPATH)  # type: ignore[attr-defined]


def _prepare_tree(
    tree: HtmlElement, options: Extractor, url: str | None
) -> tuple[HtmlElement, HtmlElement | None]:
    """As trafilatura's, but the copy that only the slow mode needs is not made for the fast one."""
    cleaned = _core.tree_cleaning(copy(tree), options)
    backup = None if options.fast else copy(cleaned)
    return _core.convert_tags(cleaned, options, url), backup


_core._prepare_tree = _prepare_tree  # type: ignore[attr-defined]

_CONFIG = use_config()
_CONFIG.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
_FAST, _SLOW = (
    Extractor(config=_CONFIG, output_format="python", fast=fast, comments=False) for fast in (True, False)
)


def find_body(tree: HtmlElement, *, fast: bool) -> str:
    """The text of the body that `trafilatura.bare_extraction` finds in a tree, which is not modified."""
    body, text, _, _ = _core.trafilatura_sequence(copy(tree), _FAST if fast else _SLOW)
    return "".join(body.itertext()) if text else ""
