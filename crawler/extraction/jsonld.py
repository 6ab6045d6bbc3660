"""Reads the JSON-LD (schema.org) of a page, malformed JSON included."""

import re
from collections.abc import Collection, Iterator
from html import unescape
from typing import TypeAlias

from lxml.html import HtmlElement

from crawler.extraction.lenient_json import Json, load_values

Node: TypeAlias = dict[str, "Json"]

_MAX_NODES = 2000
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|^Report|^Review)$")
_PAGE_TYPE = re.compile(r"WebPage$|^VideoObject$|^ItemPage$")
_PREFIX = re.compile(r"^(?:schema:|https?://(?:www\.)?schema\.org/)(?=\w)")
_PREFIXED_KEY = re.compile(r'"(?:schema:|https?://(?:www\.)?schema\.org/)(\w+"\s*:)')
_NOT_WORD = re.compile(r"\W+")
_HEADLINE = 15
"""Letters from which on one headline that contains another is the same, with the site's name or a kicker."""


def read_nodes(tree: HtmlElement) -> list[Node]:
    """All objects in the JSON-LD of a page, `@graph` and arrays unfolded, outermost first."""
    nodes: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            for value in load_values(_PREFIXED_KEY.sub(r'"\1', script.text)):
                nodes.extend(_unfold(value))
                if len(nodes) > _MAX_NODES:
                    return nodes[:_MAX_NODES]
    return nodes


def article_node(nodes: list[Node], addresses: Collection[str], titles: Collection[str] = ()) -> Node | None:
    """The node of the page's own article, not of a teaser, a breadcrumb or the site.

    Among several articles: the one with an address of the page, else with its headline, else the first with a body,
    else the first.
    """
    articles = [node for node in nodes if _is_type(node, _ARTICLE_TYPE)]
    if len(articles) > 1:
        paths, headlines = set(map(_path, addresses)), [key for key in map(letters, titles) if key]
        articles.sort(
            key=lambda node: (
                not _is_at(node, paths),
                not _is_titled(node, headlines),
                not node.get("articleBody"),
            )
        )
    pages = (node for node in nodes if _is_type(node, _PAGE_TYPE) and "datePublished" in node)
    return articles[0] if articles else next(pages, None)


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
    names = (name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str))
    return {_PREFIX.sub("", name) for name in names}


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


def _is_at(node: Node, paths: set[str]) -> bool:
    return not paths.isdisjoint(map(_path, _links(node)))


def _is_titled(node: Node, headlines: list[str]) -> bool:
    own = letters(text_of(node.get("headline") or node.get("name")))
    return any(is_same_headline(own, other) for other in headlines)


def letters(text: str) -> str:
    """The letters and digits of a text in lower case, entities undone, for comparison."""
    return _NOT_WORD.sub("", unescape(text) if "&" in text else text).lower()


def is_same_headline(one: str, other: str) -> bool:
    """Whether one of two headlines, given as letters, is the other or contains it."""
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and (one == other or (len(shorter) >= _HEADLINE and shorter in longer))


def _links(node: Node) -> Iterator[str]:
    for value in (node.get("url"), node.get("@id"), node.get("mainEntityOfPage")):
        given = (value.get("@id"), value.get("url")) if isinstance(value, dict) else (value,)
        yield from (link for link in given if isinstance(link, str))


def _path(url: str) -> str:
    """The part of a URL that identifies a page of a site; scheme and host differ between mirrors."""
    return re.sub(r"^(?:https?:)?//[^/?#]*|#.*$", "", url.strip()).rstrip("/")
