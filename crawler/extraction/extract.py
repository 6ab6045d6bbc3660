"""One archived page in, one Article out."""

import logging
from functools import cache
from importlib.metadata import version

from lxml.html import HtmlElement

import crawler
from crawler.extraction.blocks import Block, read_blocks
from crawler.extraction.body import find_paragraphs
from crawler.extraction.dates import date_article
from crawler.extraction.document import parse
from crawler.extraction.features import PageText
from crawler.extraction.jsonld import Node, article_node, read_nodes, text_of
from crawler.extraction.language import declared_language, detect_language
from crawler.extraction.metadata import (
    Metas,
    author_candidates,
    canonical_url,
    find_agency,
    read_metas,
    read_rights,
    title_candidates,
)
from crawler.extraction.verdict import Page, judge
from crawler.fates import Fate
from crawler.items import Article, RawPage
from crawler.loaders import ArticleLoader

_LINE = 80
_LINES_ABOVE, _LINES_BELOW = 3, 12

# What these libraries remark about single pages is nothing that an operator could act on.
for _library in ("trafilatura", "htmldate", "charset_normalizer"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


def extract(raw: RawPage) -> Article:
    """The article that a page shows, from the page and its discovery evidence alone: same input, same output.

    Raises ContentError and TooLarge of `crawler.content`. Every other page gives an Article, whose verdict
    says if it is none.
    """
    loader = ArticleLoader()
    loader.add_value("url", raw.url)
    loader.add_value("evidence", raw.evidence)
    loader.add_value("extractor", extractor_name())
    tree = parse(raw)
    if tree is None:
        loader.add_value("verdict", Fate.NO_TEXT.value)
    else:
        _load_page(loader, raw, tree)
    return loader.load_item()


@cache
def extractor_name() -> str:
    """Names and versions of what turns pages into articles: a change of any may change the texts."""
    libraries = (f"{name} {version(name)}" for name in ("trafilatura", "htmldate"))
    return ", ".join((f"frontwire {crawler.__version__}", *libraries))


def _load_page(loader: ArticleLoader, raw: RawPage, tree: HtmlElement) -> None:
    metas, nodes, blocks = read_metas(tree), read_nodes(tree), read_blocks(tree)
    canonical = canonical_url(tree, metas, raw.url)
    article = article_node(nodes, canonical or raw.url) or {}
    titles = title_candidates(tree, metas, article)
    loader.add_value("canonical_url", canonical)
    loader.add_value("title", [*titles, raw.evidence.title])
    loader.add_value("rights", read_rights(metas, raw.headers))
    page_text = PageText.of(titles, _description(metas, article), text_of(article.get("articleBody")))
    loader.add_value("paragraphs", find_paragraphs(tree, blocks, page_text))
    _load_authors(loader, author_candidates(tree, metas, article))
    _load_dates(loader, raw, tree, metas, article, _lines_near_headline(blocks, page_text))

    paragraphs = loader.get_output_value("paragraphs")
    title = loader.get_output_value("title")
    loader.add_value(
        "language", detect_language(paragraphs, title, declared_language(tree, raw.evidence.language))
    )
    verdict = judge(Page(raw.url, tree, metas, nodes, article, blocks, title or "", paragraphs))
    loader.add_value("verdict", verdict.value if verdict else None)


def _load_authors(loader: ArticleLoader, bylines: list[str]) -> None:
    loader.add_value("authors", bylines)
    loader.add_value("agency", find_agency(bylines, loader.get_output_value("paragraphs")))


def _load_dates(
    loader: ArticleLoader, raw: RawPage, tree: HtmlElement, metas: Metas, article: Node, lines: list[str]
) -> None:
    url = loader.get_output_value("canonical_url") or raw.url
    dating = date_article(tree, metas, article, raw, url, lines)
    loader.add_value("dates", dating.evidence)
    loader.add_value("published", dating.published)
    loader.add_value("modified", dating.modified)
    loader.add_value("month", dating.month)
    loader.add_value("date_source", dating.where)
    loader.add_value("date_conflict", dating.is_disputed)


def _description(metas: Metas, article: Node) -> str:
    told = [
        *metas.get("og:description", []),
        *metas.get("description", []),
        text_of(article.get("description")),
    ]
    return next(filter(None, told), "")


def _lines_near_headline(blocks: list[Block], page_text: PageText) -> list[str]:
    """Short texts around the headline, where a date for readers would stand."""
    headlines = (at for at, block in enumerate(blocks) if block.key.lower() in page_text.titles)
    at = next(headlines, None)
    if at is None:
        return []
    lines = [*blocks[at + 1 : at + 1 + _LINES_BELOW], *blocks[max(0, at - _LINES_ABOVE) : at]]
    return [line.text for line in lines if line.length < _LINE]
