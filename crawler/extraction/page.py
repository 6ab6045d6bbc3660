"""A page, parsed once for all steps of extraction."""

from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.body.blocks import Block, read_blocks
from crawler.extraction.document import parse
from crawler.extraction.jsonld import Node, article_node, read_nodes
from crawler.http.standard_urls import clean_url
from crawler.http.urls import base_url
from crawler.items import RawPage

Metas = dict[str, list[str]]
"""Contents of meta elements by lower-case name, in document order."""


@dataclass(frozen=True, slots=True)
class Page:
    """An archived response and its parsed parts, which are not modified."""

    raw: RawPage
    tree: HtmlElement
    metas: Metas
    nodes: list[Node]
    """All objects in the JSON-LD."""
    article: Node
    """The node of this page's article; empty if there is none."""
    blocks: list[Block]
    base: str
    """Where its relative addresses start."""
    charset: str
    """In which it came, and in which browsers send the queries of its addresses."""
    charset_why: str
    """What decided that."""

    def url_of(self, written: str) -> str | None:
        """The URL that the page wrote; None if it is none of the web."""
        return clean_url(written, self.base, self.charset)


def read_page(raw: RawPage) -> Page | None:
    """Parse a response; None if it is empty.

    NotHtml, ContentError and TooLarge as `parse` raises them.
    """
    parsed = parse(raw)
    if parsed is None:
        return None
    tree, charset, why = parsed
    nodes, metas = read_nodes(tree), read_metas(tree)
    return Page(
        raw=raw,
        tree=tree,
        metas=metas,
        nodes=nodes,
        article=article_node(nodes, _addresses(tree, metas, raw.url), _headlines(tree, metas)) or {},
        blocks=read_blocks(tree),
        base=base_url(tree, raw.url, charset),
        charset=charset,
        charset_why=why,
    )


def read_metas(tree: HtmlElement) -> Metas:
    """The meta elements of a page, named by `property`, `name` or `itemprop`."""
    metas: Metas = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def addresses_of(page: Page) -> list[str]:
    """What a page says that its address is, its URL first."""
    return _addresses(page.tree, page.metas, page.raw.url)


def headlines_of(page: Page) -> list[str]:
    """The headlines and titles of a page, as they are written."""
    return _headlines(page.tree, page.metas)


def _addresses(tree: HtmlElement, metas: Metas, url: str) -> list[str]:
    links = [link for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    return [url, *(str(link.get("href") or "") for link in links), *metas.get("og:url", [])]


def _headlines(tree: HtmlElement, metas: Metas) -> list[str]:
    shown = ["".join(h1.itertext()) for h1 in tree.iter("h1")]
    return [
        *metas.get("og:title", []),
        *metas.get("twitter:title", []),
        tree.findtext(".//title") or "",
        *shown,
    ]
