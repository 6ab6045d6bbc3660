"""What the page says about the article: title, address, authors, agency, reservations of rights."""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.extraction.body.block_features import PageText
from crawler.extraction.jsonld import Json, text_of
from crawler.extraction.page import Page
from crawler.http.urls import is_web_url

_NOT_WORD = re.compile(r"\W+")
_SITE_SUFFIX = re.compile(r"\s+[|–—·•»:-]+\s+|\s*[|｜_]\s*|\s*--\s*")
_AGENCIES = """
AAP AFP AGI ANI ANSA ANP AP APA Anadolu Azertac Belga BTA Cihan CTK dpa EFE Interfax IRNA ISNA Kyodo
KCNA Lusa MTI NTB PAP PTI Reuters RIA Ritzau SANA SITA SPA STT TASS TT UNIAN WAFA WAM Xinhua Yonhap АФП
ТАСС Укринформ 新华社 共同社 时事社
"""
_AGENCY = re.compile(rf"(?<![\w.-])(?:{'|'.join(_AGENCIES.split())})(?![\w.-])")
_IN_BRACKETS = re.compile(r"[(（]([^()（）]{2,30})[)）]")
_DATELINE = re.compile(r"^[^.!?]{2,60}?\s[-–—]\s")
_RESERVATIONS = {"noarchive": ("noarchive",), "noindex": ("noindex",), "none": ("noindex",)}


def title_candidates(page: Page) -> list[str]:
    """Titles, best first: the headline on the page if the page's own metadata bear it out, else theirs."""
    own = [text_of(page.article.get("headline"))]
    told = [
        text for text in [*own, *page.metas.get("og:title", []), *page.metas.get("twitter:title", [])] if text
    ]
    page_title = " ".join((page.tree.findtext(".//title") or "").split())
    headlines = [" ".join("".join(h1.itertext()).split()) for h1 in page.tree.iter("h1")]
    borne_out = [text for text in filter(None, headlines) if _is_borne_out(text, [*told, page_title])]
    # The same words with another spacing or punctuation: what was meant as one line of text reads better.
    spelled = [text for headline in borne_out for text in told if _letters(text) == _letters(headline)]
    stripped = [_without_site(text, page_title, headlines) for text in [*told, page_title] if text]
    return [*spelled[:1], *borne_out, *stripped, *filter(None, headlines)]


def read_page_text(page: Page) -> PageText:
    """What the page says of its story outside of the story."""
    names = ("og:description", "description")
    told = [
        *(text for name in names for text in page.metas.get(name, [])),
        text_of(page.article.get("description")),
    ]
    body = text_of(page.article.get("articleBody"))
    return PageText.of(title_candidates(page), next(filter(None, told), ""), body)


def canonical_url(page: Page) -> str | None:
    """The address that the page calls its own; None if it names none that can be true."""
    links = (str(link.get("href") or "") for link in page.tree.iter("link") if _is_canonical(link))
    for link in filter(None, [*links, *page.metas.get("og:url", [])]):
        try:
            url = urljoin(page.raw.url, link.strip())
            parts = urlsplit(url)
        except ValueError:
            continue
        # A site whose every page claims to be its front page means nothing by it.
        is_front = (
            parts.path in ("", "/") and not parts.query and urlsplit(page.raw.url).path not in ("", "/")
        )
        if is_web_url(url) and not is_front:
            return parts._replace(fragment="").geturl()
    return None


def author_candidates(page: Page) -> list[str]:
    """Bylines from the first of JSON-LD, meta elements and marked-up names that has any."""
    told = list(_names(page.article.get("author"))) or list(_names(page.article.get("creator")))
    for name in ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl"):
        told = told or [text for text in page.metas.get(name, []) if not text.startswith(("http:", "https:"))]
    marked = (element for element in page.tree.iter("a", "span", "address") if _is_author(element))
    return told or [text for text in (" ".join(element.itertext()).strip() for element in marked) if text][:5]


def find_agency(bylines: Iterable[str], paragraphs: Sequence[str]) -> str | None:
    """The news agency that byline, dateline or last line credits, as written there."""
    first, last = (paragraphs[0][:200], paragraphs[-1][-200:]) if paragraphs else ("", "")
    credits = [*bylines, *_IN_BRACKETS.findall(first), *_DATELINE.findall(first), *_IN_BRACKETS.findall(last)]
    found = map(_AGENCY.search, credits)
    return next((match[0] for match in found if match), None)


def read_rights(page: Page) -> tuple[str, ...]:
    """Reservations in robots directives (page and `X-Robots-Tag`) and by the TDM Reservation Protocol."""
    metas, headers = page.metas, page.raw.headers
    directives = [*metas.get("robots", []), *_general_directives(headers.get("x-robots-tag", ""))]
    words = {word for text in directives for word in re.split(r"[\s,]+", text.lower())}
    rights = [right for word, names in _RESERVATIONS.items() if word in words for right in names]
    if "1" in [headers.get("tdm-reservation", "").strip(), *metas.get("tdm-reservation", [])]:
        rights.append("tdm-reservation")
    return tuple(dict.fromkeys(rights))


def _is_canonical(link: HtmlElement) -> bool:
    return "canonical" in (link.get("rel") or "").lower().split()


def _letters(text: str) -> str:
    return _NOT_WORD.sub("", text).lower()


def _is_borne_out(headline: str, told: list[str]) -> bool:
    key = _letters(headline)
    return len(key) > 4 and any(
        key in other or (len(other) > 15 and other in key) for other in map(_letters, told)
    )


def _without_site(text: str, page_title: str, headlines: list[str]) -> str:
    """A title without the site's name behind it (`Headline - The Example`)."""
    parts = list(_SITE_SUFFIX.finditer(text))
    if not parts or any(_letters(text) == _letters(headline) for headline in headlines):
        return text
    head, tail = text[: parts[-1].start()], text[parts[-1].end() :]
    return head if len(tail) < len(head) and len(tail) <= 40 else text


def _names(value: Json) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        name = text_of(item)
        if name and not name.startswith(("http:", "https:")):
            yield name


def _is_author(element: HtmlElement) -> bool:
    names = f"{element.get('rel') or ''} {element.get('itemprop') or ''}".split()
    return "author" in names or (element.get("class") or "").lower() in (
        "author",
        "author-name",
        "byline-name",
    )


def _general_directives(header: str) -> Iterator[str]:
    """Directives for everyone: `noindex`, not `otherbot: noindex`."""
    agent, colon, rest = header.partition(":")
    if not colon or agent.strip() == "unavailable_after":
        yield header
    elif agent.strip() == "*":
        yield rest
