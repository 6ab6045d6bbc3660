"""The story of a page: what the document shows, else what a script would show from the data of the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from crawler.extraction.body.block_features import PageText
from crawler.extraction.body.blocks import Block, read_blocks, reading_length, squeeze
from crawler.extraction.body.labels import is_label
from crawler.extraction.body.selection import find_paragraphs
from crawler.extraction.metadata import read_page_text
from crawler.extraction.page import Page, addresses_of, headlines_of
from crawler.extraction.state.own_article import StateArticle, find_article
from crawler.extraction.state.scripts import has_state, read_state
from crawler.extraction.titles import title_candidates

_LITTLE = 250
"""Reading length of a text up to which a page shows no story."""

_DOUBTFUL = 2000
"""Reading length of a text up to which it may be a notice beside the empty frame of a story."""

APP_ROOTS = frozenset(
    ("root", "app", "__next", "__nuxt", "app-root", "svelte", "___gatsby", "main-app", "react-root")
)
"""Ids of elements that a script fills."""


@dataclass(frozen=True, slots=True)
class Story:
    """The paragraphs of a story, and the page as it is with all that is known of the article."""

    page: Page
    titles: list[str]
    """As `title_candidates` gives them."""
    page_text: PageText
    paragraphs: list[str]


def read_story(page: Page) -> Story:
    """The story of a page; its article has what only the state tells, if the story comes from there."""
    titles = title_candidates(page)
    page_text = read_page_text(page, titles)
    paragraphs = find_paragraphs(page, page_text)
    if _shows_little(page, paragraphs) and has_state(page.tree):
        article = find_article(read_state(page.tree), addresses_of(page), headlines_of(page))
        told = _paragraphs_of(article) if article else []
        if article and _is_missing(told, paragraphs):
            page = replace(page, article=article.node | page.article)
            titles = title_candidates(page)
            return Story(page, titles, read_page_text(page, titles), told)
    return Story(page, titles, page_text, paragraphs)


def app_roots(page: Page) -> Iterator[HtmlElement]:
    """The elements that a script fills."""
    elements = page.tree.iter("div", "app-root", "main")
    return (element for element in elements if element.get("id") in APP_ROOTS)


def has_empty_root(page: Page) -> bool:
    """Whether an element that a script fills shows next to nothing."""
    return any(reading_length("".join(root.itertext())) < _LITTLE for root in app_roots(page))


def _shows_little(page: Page, paragraphs: Sequence[str]) -> bool:
    length = reading_length("".join(paragraphs))
    return length < _LITTLE or (length < _DOUBTFUL and has_empty_root(page))


def _is_missing(told: Sequence[str], shown: Sequence[str]) -> bool:
    """Whether the document shows nothing of a story that the state tells, or next to nothing.

    A document that shows its beginning has reasons to stop there, which are respected.
    """
    text, length = squeeze("".join(told)), reading_length("".join(shown))
    if length < _LITTLE:
        return reading_length(text) > max(_LITTLE, length)
    strange = sum(reading_length(line) for line in shown if squeeze(line) not in text)
    return reading_length(text) > length and strange > length / 2


def _paragraphs_of(article: StateArticle) -> list[str]:
    try:
        tree = document_fromstring(f"<html><body><article>{article.markup}</article></body></html>")
    except (etree.LxmlError, ValueError):
        return []
    return [block.text for block in read_blocks(tree) if _is_told(block)]


def _is_told(block: Block) -> bool:
    return not is_label(block) and block.link_share < 0.8 and "figcaption" not in block.marks
