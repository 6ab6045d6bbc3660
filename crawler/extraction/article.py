"""One archived page in, one Article out: the order of the steps."""

from collections.abc import Collection
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from itertools import chain

import crawler
from crawler.extraction.authors import read_byline
from crawler.extraction.body.blocks import squeeze
from crawler.extraction.dates.months import is_day_first
from crawler.extraction.dates.publication import date_article
from crawler.extraction.dates.variables import read_script_dates
from crawler.extraction.dates.visible import read_dates_elsewhere, read_visible_dates
from crawler.extraction.document import NotHtml
from crawler.extraction.images.story_images import find_images
from crawler.extraction.language import declared_language, detect_language
from crawler.extraction.legibility import find_damage
from crawler.extraction.loader import ArticleLoader
from crawler.extraction.metadata import canonical_url, find_agency
from crawler.extraction.moved_page import find_move
from crawler.extraction.page import Page, read_page
from crawler.extraction.page_type import judge
from crawler.extraction.parts import find_part_links
from crawler.extraction.story import read_story
from crawler.fates import Fate
from crawler.items import Article, RawPage
from crawler.rights.captured_page import declared_in_answer, declared_in_page
from crawler.rights.declarations import reserved
from crawler.texts.similarity import bands_of


def extract(raw: RawPage) -> Article:
    """The article on a page, from the page and its discovery evidence alone: same input, same output.

    ContentError and TooLarge (`crawler.http.decoding`) for a body that cannot be decoded. Every other page gives an
    Article, whose verdict is the fate of a page that is not an article.
    """
    loader = ArticleLoader()
    loader.add_value("url", raw.url)
    loader.add_value("evidence", raw.evidence)
    loader.add_value("extractor", extractor_name())
    try:
        page = read_page(raw)
    except NotHtml:
        loader.add_value("verdict", Fate.NOT_HTML)
        _load_rights(loader, raw, None)
        return loader.load_item()
    _load_rights(loader, raw, page)
    if page is None:
        loader.add_value("verdict", Fate.NO_TEXT)
    else:
        _load_page(loader, page)
    article = loader.load_item()
    if page is not None:
        links = find_part_links(page, article.verdict)
        article = replace(article, previous_part=links.previous, next_part=links.next)
        if links.previous is not None:
            return article  # its canonical page is the first one, and yet it has a text of its own
    tree, charset = (page.tree, page.charset) if page else (None, "utf-8")
    target = find_move(raw, tree, article.verdict, charset)
    return replace(article, verdict=Fate.REDIRECTED, moved_to=target) if target else article


@cache
def extractor_name() -> str:
    """Our version and those of the libraries that can change an article's text, dates or keys."""
    names = ("trafilatura", "rensa", "babel", "json-repair", "chardet", "jdatetime", "hijridate")
    libraries = (f"{name} {version(name)}" for name in names)
    return ", ".join((f"frontwire {crawler.__version__}", *libraries))


def _load_page(loader: ArticleLoader, page: Page) -> None:
    told = read_story(page)
    page, page_text, found = told.page, told.page_text, told.paragraphs
    loader.add_value("canonical_url", canonical_url(page))
    loader.add_value("title", [*told.titles, page.raw.evidence.title])
    loader.add_value("paragraphs", found)
    loader.add_value("charset", f"{page.charset}: {page.charset_why}")
    story = set(map(squeeze, found))
    loader.add_value("images", find_images(page, story))
    _load_dates(loader, page, page_text.titles, story)

    paragraphs, title = loader.get_output_value("paragraphs"), loader.get_output_value("title") or ""
    byline = read_byline(page)
    loader.add_value("authors", byline.names)
    loader.add_value("agency", find_agency(byline.credits, paragraphs))
    loader.add_value("language", detect_language(paragraphs, title, declared_language(page)))
    verdict = judge(page, title, found)
    if verdict:
        loader.add_value("verdict", verdict.fate)
        loader.add_value("verdict_reason", verdict.evidence)
    if verdict is None or verdict.fate is Fate.LIVE_BLOG:
        loader.add_value("bands", bands_of("\n\n".join(paragraphs)))
        loader.add_value("damage", find_damage(found))


def _load_rights(loader: ArticleLoader, raw: RawPage, page: Page | None) -> None:
    of_page = declared_in_page(page.metas, page.tree, page.base) if page else ()
    declared = list(dict.fromkeys(chain(declared_in_answer(raw), of_page)))
    loader.add_value("declared", declared)
    loader.add_value("rights", reserved(declared))


def _load_dates(loader: ArticleLoader, page: Page, titles: Collection[str], story: Collection[str]) -> None:
    places, day_first = (page.blocks, titles, story), is_day_first(declared_language(page))
    visible = read_visible_dates(*places, page.raw.captured.date(), is_day_first=day_first)
    elsewhere = chain(read_dates_elsewhere(*places, is_day_first=day_first), read_script_dates(page.tree))
    url = loader.get_output_value("canonical_url") or page.raw.url
    dating = date_article(page, url, visible, elsewhere)
    loader.add_value("dates", dating.evidence)
    loader.add_value("published", dating.published)
    loader.add_value("modified", dating.modified)
    loader.add_value("month", dating.month)
    loader.add_value("date_source", dating.where)
    loader.add_value("date_conflict", dating.is_disputed)
