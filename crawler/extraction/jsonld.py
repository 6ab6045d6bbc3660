"""Reads the JSON-LD (schema.org) of a page, malformed JSON included."""

import json
import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml.html import HtmlElement

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Node: TypeAlias = dict[str, "Json"]

_MAX_NODES = 2000
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|^Report|^Review)$")
_PAGE_TYPE = re.compile(r"WebPage$|^VideoObject$|^ItemPage$")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*$"
)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')


def read_nodes(tree: HtmlElement) -> list[Node]:
    """All objects in the JSON-LD of a page, `@graph` and arrays unfolded, outermost first."""
    nodes: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            for value in _load(script.text):
                nodes.extend(_unfold(value))
                if len(nodes) > _MAX_NODES:
                    return nodes[:_MAX_NODES]
    return nodes


def article_node(nodes: list[Node], url: str) -> Node | None:
    """The node of the page's own article, not of a teaser, a breadcrumb or the site.

    Among several articles: the one with the page's URL, else the first with a body, else the first.
    """
    articles = [node for node in nodes if _is_type(node, _ARTICLE_TYPE)]
    pages = [node for node in nodes if _is_type(node, _PAGE_TYPE) and "datePublished" in node]
    own = [node for node in articles if _path(url) in {_path(link) for link in _links(node)}]
    bodies = [node for node in articles if node.get("articleBody")]
    return next(iter(own or bodies or articles or pages), None)


def text_of(value: Json) -> str:
    """The text of a property: the first string of a list, the name of an object, else empty."""
    if isinstance(value, list):
        return next(filter(None, map(text_of, value)), "")
    if isinstance(value, dict):
        return text_of(value.get("name") or value.get("@value"))
    return value.strip() if isinstance(value, str) else ""


def types_of(node: Node) -> set[str]:
    """The schema.org types of a node."""
    types = node.get("@type")
    return {name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)}


def _load(text: str) -> Iterator[Json]:
    text = _WRAPPING.sub("", _WRAPPING.sub("", text)).strip().rstrip(";")
    for attempt in (text, _BAD_ESCAPE.sub(r"\\\\", _TRAILING_COMMA.sub("", text))):
        try:
            # strict=False: raw line breaks and control characters inside strings are common.
            yield json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
        return
    yield from _load_prefix(text)


def _load_prefix(text: str) -> Iterator[Json]:
    """The complete values at the start of malformed JSON (two objects in a row, a truncated end)."""
    decoder, at = json.JSONDecoder(strict=False), 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1


def _unfold(value: Json) -> Iterator[Node]:
    """Objects that can describe the page; objects below other properties are about something else."""
    waiting = [value]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item[:_MAX_NODES]
        elif isinstance(item, dict):
            yield item
            waiting[:0] = [item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item]


def _is_type(node: Node, pattern: re.Pattern[str]) -> bool:
    return any(map(pattern.search, types_of(node)))


def _links(node: Node) -> Iterator[str]:
    main = node.get("mainEntityOfPage")
    for value in (node.get("url"), node.get("@id"), main.get("@id") if isinstance(main, dict) else main):
        if isinstance(value, str):
            yield value


def _path(url: str) -> str:
    """The part of a URL that identifies a page of a site; scheme and host differ between mirrors."""
    return re.sub(r"^(?:https?:)?//[^/?#]*|#.*$", "", url.strip()).rstrip("/")
