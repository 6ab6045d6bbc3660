"""A page, parsed once: what all the steps of extraction look at."""

from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.body.blocks import Block, read_blocks
from crawler.extraction.document import parse
from crawler.extraction.jsonld import Node, article_node, read_nodes
from crawler.items import RawPage

Metas = dict[str, list[str]]
"""Contents of meta elements by lower-case name, in document order."""


@dataclass(frozen=True, slots=True)
class Page:
    """An archived answer and its parts; nothing changes them."""

    raw: RawPage
    tree: HtmlElement
    metas: Metas
    nodes: list[Node]
    """All objects of the JSON-LD."""
    article: Node
    """The one of them that describes this page's article; empty without one."""
    blocks: list[Block]


def read_page(raw: RawPage) -> Page | None:
    """Parse an answer; None where there is nothing to parse, NotHtml for what is no page.

    ContentError and TooLarge of `crawler.http.decoding` are left to the caller: they are fates.
    """
    tree = parse(raw)
    if tree is None:
        return None
    nodes = read_nodes(tree)
    return Page(
        raw=raw,
        tree=tree,
        metas=read_metas(tree),
        nodes=nodes,
        article=article_node(nodes, raw.url) or {},
        blocks=read_blocks(tree),
    )


def read_metas(tree: HtmlElement) -> Metas:
    """The page's meta elements, whatever attribute names them."""
    metas: Metas = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas
