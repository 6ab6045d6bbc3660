"""What the markup of a page shows at first sight: its title and the beginning of its text, without a tree.

It takes a few milliseconds, a tree and its story some hundred. What is found is enough to say what a page is surely not
about; for everything else `extract` reads it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import chain

from crawler.extraction.language import detect_language
from crawler.http.charset import read_text
from crawler.http.decoding import decode_content
from crawler.items import RawPage

MOST_CHARS = 4_000
"""Of the text that is looked at."""

_MOST_MARKUP = 2_000_000
_LEAST_RUN = 60
"""Characters in a row that are a sentence and no entry of a menu."""
_LEAST_DENSE = 20
"""The same in scripts that need fewer."""
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")

_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|em|font|i|mark|q|s|small|span|strong|sub|sup|time|u)(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
# Bounds, here and below: markup that never ends would take for ever.
_RUN = re.compile(
    rf"<(?!script\b|style\b|/script\b|title\b|textarea\b|option\b)(/?\w+)[^<>]{{0,3000}}>([^<>]{{{_LEAST_DENSE},}})",
    re.IGNORECASE,
)
_PARAGRAPH = ("p", "P")
_TITLE = re.compile(r"<title(?:\s[^<>]{0,300})?>([^<]{1,1000})", re.IGNORECASE)
_META = re.compile(r"<meta\s([^<>]{1,5000})>", re.IGNORECASE)
_META_NAME = re.compile(r"""(?:property|name|itemprop)\s*=\s*["']?([\w:.-]+)""", re.IGNORECASE)
_META_CONTENT = re.compile(r"""content\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_IN_DATA = re.compile(r'"(?:articleBody|description)"\s*:\s*"((?:[^"\\]|\\.){40,})"')
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_LANGUAGE = re.compile(r"""<html\s[^<>]{0,1000}?\blang\s*=\s*["']?([a-zA-Z]{2})(?![a-zA-Z])""", re.IGNORECASE)
_TITLES = ("og:title", "twitter:title")
_SUMMARIES = ("og:description", "description", "twitter:description")


@dataclass(frozen=True, slots=True)
class FirstLook:
    """The beginning of a page, as far as its markup shows it."""

    title: str
    paragraphs: tuple[str, ...]
    """What it says of itself, then stretches of its text, those that are marked as paragraphs first."""
    languages: frozenset[str]
    """In which it may be (ISO 639-1): as it is declared, and as its text looks."""


def look_at(raw: RawPage) -> FirstLook:
    """The first look at a page; ContentError and TooLarge as `decode_content` raises them."""
    body = decode_content(raw.body, raw.headers.get("content-encoding", ""))
    markup = read_text(body, raw.headers.get("content-type")).text[:_MOST_MARKUP]
    metas = dict(_metas(markup))
    named = _TITLE.search(markup)
    titles = [metas.get(name, "") for name in _TITLES] + [
        _plain(named[1]) if named else "",
        raw.evidence.title,
    ]
    summaries = [metas[name] for name in _SUMMARIES if name in metas]
    texts = _beginning(dict.fromkeys(chain(summaries, _runs(markup), _in_data(markup))))
    title, paragraphs = next(filter(None, titles), ""), tuple(texts)
    said = _LANGUAGE.search(markup)
    detected = detect_language(paragraphs[len(summaries) :], title, None)
    known = (raw.evidence.language, said and said[1].lower(), detected)
    return FirstLook(title, paragraphs, frozenset(filter(None, known)))


def _metas(markup: str) -> Iterator[tuple[str, str]]:
    """The meta elements that say what the page is about, the last of each name first."""
    for found in _META.finditer(markup):
        name, content = _META_NAME.search(found[1]), _META_CONTENT.search(found[1])
        if name and content and name[1].lower() in (*_TITLES, *_SUMMARIES):
            yield name[1].lower(), _plain(content[1] or content[2] or "")


def _runs(markup: str) -> Iterator[str]:
    """The stretches of text that are long enough for a sentence: paragraphs first, since menus precede them."""
    others = []
    for found in _RUN.finditer(_INLINE.sub("", markup)):
        text = _plain(found[2])
        if len(text) < _LEAST_RUN and not (len(text) >= _LEAST_DENSE and _DENSE.search(text)):
            continue
        if found[1] in _PARAGRAPH:
            yield text
        else:
            others.append(text)
    yield from others


def _in_data(markup: str) -> Iterator[str]:
    """What data for scripts and search engines say: some pages show nothing without a script."""
    for found in _IN_DATA.finditer(markup):
        yield _plain(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1]))


def _beginning(texts: Iterable[str]) -> Iterator[str]:
    left = MOST_CHARS
    for text in texts:
        yield text[:left]
        left -= len(text)
        if left <= 0:
            return


def _plain(text: str) -> str:
    return " ".join(unescape(text).split())
