"""One archived page in, one Article out."""

import logging
from functools import cache
from importlib.metadata import version

import crawler
from crawler.extraction.blocks import Block
from crawler.extraction.body import find_paragraphs
from crawler.extraction.dates import date_article
from crawler.extraction.features import PageText
from crawler.extraction.language import declared_language, detect_language
from crawler.extraction.metadata import (
    author_candidates,
    canonical_url,
    find_agency,
    read_page_text,
    read_rights,
    title_candidates,
)
from crawler.extraction.page import Page, read_page
from crawler.extraction.verdict import judge
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
    page = read_page(raw)
    if page is None:
        loader.add_value("verdict", Fate.NO_TEXT.value)
    else:
        _load_page(loader, page)
    return loader.load_item()


@cache
def extractor_name() -> str:
    """Names and versions of what turns pages into articles: a change of any may change the texts."""
    libraries = (f"{name} {version(name)}" for name in ("trafilatura", "htmldate"))
    return ", ".join((f"frontwire {crawler.__version__}", *libraries))


def _load_page(loader: ArticleLoader, page: Page) -> None:
    page_text = read_page_text(page)
    loader.add_value("canonical_url", canonical_url(page))
    loader.add_value("title", [*title_candidates(page), page.raw.evidence.title])
    loader.add_value("paragraphs", find_paragraphs(page, page_text))
    loader.add_value("rights", read_rights(page))
    _load_dates(loader, page, _lines_near_headline(page.blocks, page_text))

    paragraphs, title = loader.get_output_value("paragraphs"), loader.get_output_value("title") or ""
    bylines = author_candidates(page)
    loader.add_value("authors", bylines)
    loader.add_value("agency", find_agency(bylines, paragraphs))
    loader.add_value("language", detect_language(paragraphs, title, declared_language(page)))
    verdict = judge(page, title, paragraphs)
    loader.add_value("verdict", verdict.value if verdict else None)


def _load_dates(loader: ArticleLoader, page: Page, lines: list[str]) -> None:
    dating = date_article(page, loader.get_output_value("canonical_url") or page.raw.url, lines)
    loader.add_value("dates", dating.evidence)
    loader.add_value("published", dating.published)
    loader.add_value("modified", dating.modified)
    loader.add_value("month", dating.month)
    loader.add_value("date_source", dating.where)
    loader.add_value("date_conflict", dating.is_disputed)


def _lines_near_headline(blocks: list[Block], page_text: PageText) -> list[str]:
    """Short texts around the headline, where a date for readers would stand."""
    headlines = (at for at, block in enumerate(blocks) if block.key.lower() in page_text.titles)
    at = next(headlines, None)
    if at is None:
        return []
    lines = [*blocks[at + 1 : at + 1 + _LINES_BELOW], *blocks[max(0, at - _LINES_ABOVE) : at]]
    return [line.text for line in lines if line.length < _LINE and not line.is_sentence]
