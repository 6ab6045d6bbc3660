"""Reads the metadata of a page: canonical URL, news agency."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.body.block_features import PageText
from crawler.extraction.jsonld import text_of
from crawler.extraction.page import Page

_AGENCIES = """
AAP AFP AGI ANI ANSA ANP AP APA Anadolu Azertac Belga BTA Cihan CTK dpa EFE Interfax IRNA ISNA Kyodo
KCNA Lusa MTI NTB PAP PTI Reuters RIA Ritzau SANA SITA SPA STT TASS TT UNIAN WAFA WAM Xinhua Yonhap АФП
ТАСС Укринформ 新华社 共同社 时事社
"""
_AGENCY = re.compile(rf"(?<![\w.-])(?:{'|'.join(_AGENCIES.split())})(?![\w.-])")
_IN_BRACKETS = re.compile(r"[(（]([^()（）]{2,30})[)）]")
_DATELINE = re.compile(r"^[^.!?]{2,60}?\s[-–—]\s")


def read_page_text(page: Page, titles: Sequence[str]) -> PageText:
    """The page's titles and description, which the story's text is compared with."""
    names = ("og:description", "description")
    descriptions = [
        *(text for name in names for text in page.metas.get(name, [])),
        text_of(page.article.get("description")),
    ]
    body = text_of(page.article.get("articleBody"))
    return PageText.of(titles, next(filter(None, descriptions), ""), body)


def canonical_url(page: Page) -> str | None:
    """The URL that the page declares as canonical; None if there is no credible one."""
    links = (str(link.get("href") or "") for link in page.tree.iter("link") if _is_canonical(link))
    for link in filter(None, [*links, *page.metas.get("og:url", [])]):
        if (url := page.url_of(link)) and not _is_front(url, page.raw.url):
            return url
    return None


def find_agency(bylines: Iterable[str], paragraphs: Sequence[str]) -> str | None:
    """The news agency credited in a byline, the dateline or the last line, as written there."""
    first, last = (paragraphs[0][:200], paragraphs[-1][-200:]) if paragraphs else ("", "")
    credits = [*bylines, *_IN_BRACKETS.findall(first), *_DATELINE.findall(first), *_IN_BRACKETS.findall(last)]
    found = map(_AGENCY.search, credits)
    return next((match[0] for match in found if match), None)


def _is_canonical(link: HtmlElement) -> bool:
    return "canonical" in (link.get("rel") or "").lower().split()


def _is_front(url: str, own: str) -> bool:
    """Whether a page declares the front page as its canonical URL, as all pages of some sites do."""
    parts = urlsplit(url)
    return parts.path == "/" and not parts.query and urlsplit(own).path not in ("", "/")
