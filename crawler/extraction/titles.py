"""The title of a page: its headline as a reader would copy it, without the site's name, sections and dates."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.jsonld import letters, text_of, types_of
from crawler.extraction.page import Page

_SEPARATOR = re.compile(r"\s+[|–—·•»⋆:-]+\s+|\s*[|｜_]\s*|\s*--\s*|(?<=\S):\s+")
_BARS = ("|", "｜", "_", "»", "•", "·", "⋆")
"""Separators of the site's parts, which no headline contains."""

_STRAY = re.compile(r"^(?:#+\s|[|–—·•«⋆\s]+)|[|–—·•»⋆\s]+$")
_METAS = ("og:title", "twitter:title", "citation_title")
_NAMES = ("og:site_name", "application-name", "apple-mobile-web-app-title")
_LOGO = re.compile(r"(?:^|[\s_-])(?:logo|site-?(?:title|name))(?:$|[\s_-])", re.IGNORECASE)
_ORGANISATIONS = frozenset(("organization", "newsmediaorganization", "website", "corporation"))
_NOT_HEADLINE = frozenset(
    ("time", "h2", "h3", "h4", "h5", "h6", "button", "script", "style", "svg", "template")
)
_LONGEST_SITE = 40
_CUT_CHARS, _CUT_OFF = 40, 4
"""A title that is at least so long may be the beginning of another one; search engines cut at 60 to 110."""


def title_candidates(page: Page) -> list[str]:
    """Titles, best first: the visible headline if the metadata confirm it, else the titles of the metadata."""
    metas = [text for name in _METAS for text in page.metas.get(name, [])]
    candidates = [text for text in [text_of(page.article.get("headline")), *metas] if text]
    page_title = " ".join((page.tree.findtext(".//title") or "").split())
    found = [(h1, text) for h1 in page.tree.iter("h1") if (text := _headline(h1))]
    sites = site_names(page) | {letters(text) for h1, text in found if _is_logo(h1, page.raw.url)}
    sites -= set(
        map(letters, [*candidates, page_title])
    )  # some sites name themselves by each of their titles
    headlines = [text for h1, text in found if letters(text) not in sites]
    keys = set(map(letters, headlines))
    stripped = [_without_site(text, sites, keys) for text in [*candidates, page_title] if text]
    confirmed = [
        text
        for text in headlines
        if _is_confirmed(text, [*candidates, page_title]) or letters(text) in map(letters, stripped)
    ]
    # Same words, other spacing or punctuation: the metadata's version was written as one line and reads better.
    same = [text for headline in confirmed for text in candidates if letters(text) == letters(headline)]
    best = _whole([*same[:1], *confirmed, *stripped, *headlines])
    return [*best, *(text for _, text in found)]


def _headline(h1: HtmlElement) -> str:
    """The text of a headline, without dates, other headings and buttons inside."""
    return " ".join("".join(_texts(h1)).split())


def _texts(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield " "
        elif child.tag not in _NOT_HEADLINE:
            yield from _texts(child)
        yield child.tail or ""


def _is_logo(h1: HtmlElement, url: str) -> bool:
    """Whether a heading is the site's name: one that leads to its front page."""
    if _LOGO.search(f"{h1.get('class') or ''} {h1.get('id') or ''}"):
        return True
    link = next(h1.iter("a"), None)
    return link is not None and urlsplit(url).path != "/" and _is_front(link.get("href") or "")


def _is_front(href: str) -> bool:
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    is_root = parts.path == "/" or (bool(parts.netloc) and not parts.path)
    return is_root and not parts.query and not parts.fragment


def site_names(page: Page) -> set[str]:
    """The letters of the names that the site gives itself, and of its host."""
    named = [text for name in _NAMES for text in page.metas.get(name, [])]
    nodes = [node for node in page.nodes if types_of(node) & _ORGANISATIONS]
    publishers = [text_of(page.article.get("publisher")), *(text_of(node.get("name")) for node in nodes)]
    host = (urlsplit(page.raw.url).hostname or "").removeprefix("www.")
    return set(filter(None, map(letters, [*named, *publishers, host, host.partition(".")[0]])))


def _without_site(text: str, sites: set[str], headlines: set[str]) -> str:
    """A title without the names of the site and its sections before and behind it (`Headline - The Example`)."""
    text = _STRAY.sub("", text)
    is_first = True
    while letters(text) not in headlines and (parts := list(_SEPARATOR.finditer(text))):
        first, last = parts[0], parts[-1]
        head, tail = text[: last.start()], text[last.end() :]
        if _is_site(tail, sites) or ((is_first or last[0].strip() in _BARS) and _is_short(tail, head, last)):
            text, is_first = head, False
        elif letters(text[: first.start()]) in sites:
            text = text[first.end() :]
        else:
            break
    return _STRAY.sub("", text)


def _is_site(tail: str, sites: set[str]) -> bool:
    key = letters(tail)
    return key in sites or any(_is_longer(*sorted((key, site), key=len)) for site in sites)


def _is_longer(short: str, long: str) -> bool:
    """Whether one name is the other with a few more words (`The Example`, `The Example Vella`)."""
    return len(short) > 5 and len(long) - len(short) <= 12 and short in long


def _is_short(tail: str, head: str, separator: re.Match[str]) -> bool:
    is_colon = separator[0].strip() == ":" and not separator[0][0].isspace()
    return not is_colon and len(tail) < len(head) and len(tail) <= _LONGEST_SITE


def _is_confirmed(headline: str, candidates: list[str]) -> bool:
    key = letters(headline)
    return len(key) > 4 and any(
        key in other or (len(other) > 15 and other in key) for other in map(letters, candidates)
    )


def _whole(titles: list[str]) -> list[str]:
    """The titles; where the first one is the beginning of another, cut for machines, the other one leads."""
    if not titles or len(titles[0]) < _CUT_CHARS:
        return titles
    start = titles[0].rstrip(" .…")
    longer = next((text for text in titles[1:] if text.startswith(start) and _cuts(start, text)), None)
    return titles if longer is None else [longer, *titles]


def _cuts(start: str, text: str) -> bool:
    """Whether the beginning ends within a word or a bracket."""
    rest = text[len(start) :]
    return len(rest) >= _CUT_OFF and (rest[0].isalnum() or start.count("(") > start.count(")"))
