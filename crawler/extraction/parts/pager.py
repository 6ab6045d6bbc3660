"""Reads from a page of an article which page comes before it and which after it.

Everything here is what one page says of itself. Whether the other page says the same, under the same headline, is seen
when it is there (`crawler.catalogue.article_parts`): an article is never put together by the word of one page.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.page import Page
from crawler.extraction.parts.numbered_urls import PageNumber, read_numbers
from crawler.extraction.parts.pager_words import LONGEST, page_in, says_next_page, says_previous_page
from crawler.fates import Fate

_OTHER_PAGES = re.compile(
    r"comment|respond|disqus|repl(?:y|ies)|related|recommend|sidebar|widget|galler|slide|carousel|swiper|archive"
    r"|latest|teaser|most-?(?:read|popular)",
    re.IGNORECASE,
)
"""Classes and ids around links to further pages of something else than the story."""

_NOT_A_STORY = re.compile(
    r"/(?:[\w-]*galler(?:y|ies)|photos?|fotos?|slide-?shows?|bildergalerien?|fotostrecken?|diaporamas?"
    r"|galer[ií]as?|galerie|forums?|threads?|topics?|tags?|search|category)(?:/|$)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\d{4}|(?:[^/_-]+[_-]){3}|\.(?:s?html?|php|aspx?|jsp)$", re.IGNORECASE)
"""An end of a path that names an article, and no section: an id, several words, or a file."""

_MOST = 60
"""No article has more pages: what has is a list of articles, or counts those."""

_SHORT = 7
"""Characters of `../2/`: so short an address names no article."""

_ANCESTORS = 8

_WHOLE = frozenset({None, Fate.TOO_SHORT})


@dataclass(frozen=True, slots=True)
class PartLinks:
    """The neighbours of a page among the pages of its article; None where it has none."""

    previous: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class _Link:
    """A link to what may be another page of the article."""

    url: str
    own: PageNumber
    other: PageNumber
    """The page itself and the other one, read in the same way."""
    rel: str
    """`next`, `prev` or nothing."""
    text: str


def find_part_links(page: Page, verdict: Fate | None) -> PartLinks:
    """The pages before and after this one, if its address and its pager both say that there are some."""
    if verdict not in _WHOLE or _NOT_A_STORY.search(urlsplit(page.raw.url).path):
        return PartLinks()
    links = list(_links(page))
    if not links:
        return PartLinks()
    by_form: dict[str, list[_Link]] = {}
    for link in links:
        by_form.setdefault(link.own.form or link.other.form, []).append(link)
    found = [_neighbours(some) for some in by_form.values()]
    best = next((each for each in found if each.previous), None) or next(
        (each for each in found if each.next), None
    )
    # A section has further pages too.
    return best if best is not None and (_is_declared(page) or _is_named(page)) else PartLinks()


def _neighbours(links: list[_Link]) -> PartLinks:
    """The neighbours by links of one form."""
    if any(link.other.number > _MOST or link.own.number > _MOST for link in links):
        return PartLinks()
    shift = _shift(links)
    own = next((link.own for link in links if link.own.form), links[0].own)
    number = own.number + shift if own.form else 1
    numbered = [link for link in links if page_in(link.text) == _number(link.other, shift)]
    before = [
        link for link in links if _number(link.other, shift) == number - 1 and _leads_back(link, numbered)
    ]
    after = [link for link in links if _number(link.other, shift) == number + 1 and _leads_on(link, numbered)]
    if number < 2:
        # The pages of a gallery go in a circle.
        if any(link.rel == "prev" for link in links):
            return PartLinks()
        return PartLinks(None, after[0].url if after else None)
    # Articles are numbered too: only what counts pages makes a page of this.
    counts = numbered or any(says_next_page(link.text) or says_previous_page(link.text) for link in links)
    if not (before and counts):
        return PartLinks()
    return PartLinks(before[0].url, after[0].url if after else None)


def _shift(links: list[_Link]) -> int:
    """1 if the numbers in these addresses begin with 0 for the first page, else 0."""
    if not links[0].other.may_count_from_0 and not links[0].own.may_count_from_0:
        return 0
    shown = Counter(
        shown - link.other.number
        for link in links
        if link.other.form and (shown := page_in(link.text)) is not None
    )
    likely = [shift for shift, _ in shown.most_common() if shift in (0, 1)]
    if likely:
        return likely[0]
    first = any(not link.own.form and link.rel == "next" and link.other.number == 1 for link in links)
    # The page that one reads is not linked, so one that links page 1 is another.
    second = any(
        link.own.form and link.own.number == 1 and (link.rel == "prev" or page_in(link.text) == 1)
        for link in links
    )
    return int(first or second)


def _number(page: PageNumber, shift: int) -> int:
    return page.number + shift if page.form else 1


def _leads_back(link: _Link, numbered: list[_Link]) -> bool:
    return link.rel == "prev" or link in numbered or says_previous_page(link.text)


def _leads_on(link: _Link, numbered: list[_Link]) -> bool:
    return link.rel == "next" or link in numbered or says_next_page(link.text)


def _links(page: Page) -> Iterator[_Link]:
    """The links to addresses that differ from the page's by the number of a page."""
    own = read_numbers(page.raw.url)
    names = {PurePosixPath(read.path).stem for read in own}
    host = urlsplit(page.raw.url).netloc.removeprefix("www.")
    for element in page.tree.iter("a", "link"):
        written = element.get("href") or ""
        if _may_be_page(written, names, host) and (link := _link(page, element, written, own)) is not None:
            yield link


def _may_be_page(written: str, names: Collection[str], host: str) -> bool:
    """A quick look, because nearly all links of a page lead to other ones."""
    if "#" in written:
        return False  # a place on a page, such as its comments
    is_short = len(written) < _SHORT or written.startswith(("?", "index"))
    if not is_short and not any(name in written for name in names):
        return False
    # Where one shares a page, its address is in the query.
    return not written.startswith(("http", "//")) or host in written[: len(host) + len("https://www.")]


def _link(page: Page, element: HtmlElement, written: str, own: list[PageNumber]) -> _Link | None:
    url = page.url_of(written)
    pair = _same_article(own, read_numbers(url)) if url else None
    if url is None or pair is None:
        return None
    rel = _rel(element)
    if element.tag == "link":
        return _Link(url, *pair, rel, "") if rel else None
    text = " ".join("".join(element.itertext()).split())
    if len(text) > LONGEST or _is_about_others(element):
        return None
    return _Link(url, *pair, rel, text)


def _same_article(own: list[PageNumber], other: list[PageNumber]) -> tuple[PageNumber, PageNumber] | None:
    """The page and another one as two pages of one article; None if their addresses do not show that."""
    for mine in own:
        for its in other:
            is_one_form = mine.form == its.form != "" or bool(mine.form) != bool(its.form)
            if mine.stem == its.stem and is_one_form and mine != its:
                return mine, its
    return None


def _rel(element: HtmlElement) -> str:
    words = (element.get("rel") or "").lower().split()
    if "next" in words:
        return "next"
    return "prev" if "prev" in words or "previous" in words else ""


def _is_about_others(element: HtmlElement) -> bool:
    """Whether a link leads through something beside the story: comments, a gallery, a list of articles."""
    for _ in range(_ANCESTORS):
        if element.tag in ("article", "main", "body"):
            return False
        if element.tag == "aside" or _OTHER_PAGES.search(
            f"{element.get('class') or ''} {element.get('id') or ''}"
        ):
            return True
        if (above := element.getparent()) is None:
            return False
        element = above
    return False


def _is_declared(page: Page) -> bool:
    return (
        bool(page.article)
        or "article" in page.metas.get("og:type", [])
        or "article:published_time" in page.metas
    )


def _is_named(page: Page) -> bool:
    return any(_NAMED.search(PurePosixPath(read.path).name) for read in read_numbers(page.raw.url))
