"""Makes the links of all kinds of listings: clean URLs, evidence within limits, and a sum of what is not followed."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import TypeVar
from urllib.parse import urlsplit

from crawler.http.standard_urls import MAX_URL_CHARS, clean_url
from crawler.http.urls import is_same_site, is_web_url
from crawler.items import Discovery, Link, RawPage, UrlKind
from crawler.listing_account import ListingAccount

MAX_LINKS = 50_000
"""Most links of one page: as many as the sitemap protocol allows in a file (sitemaps.org, "Sitemap index files")."""

MAX_TEXT_CHARS = 500
"""Longest title: each is written into a record of the archive, and no headline is that long."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")

_TWICE = re.compile(r"&(?:amp|#0*38|#x0*26);", re.IGNORECASE)
"""An ampersand that was escaped twice: what is left of it means a parameter `amp;b` to no server."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST_FIRST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/|\Z)")
_NO_PATH = re.compile(r"""[{}"<>]""")

Item = TypeVar("Item")


class Dropped(StrEnum):
    """Why an entry of a listing is not followed."""

    NO_ADDRESS = "without an address"
    NO_WEB = "whose address is not http(s)"
    TOO_LONG = f"whose address has more than {MAX_URL_CHARS} characters"
    DAMAGED = "whose address is damaged"
    REPEATED = "named before"
    ITSELF = "that is the listing itself"
    ELSEWHERE = "on other sites"
    NO_ARTICLE = "that look like no article"
    UNREADABLE = "that cannot be read"
    CUT = "cut off"
    OVER_LIMIT = "over the limit"
    TOO_DEEP = "too many listings deep"
    OUT_OF_PERIOD = "that are not of the period"


BROKEN = (Dropped.UNREADABLE, Dropped.DAMAGED)
"""What a listing lost: entries that cannot be read."""

Entry = Link | Dropped


@dataclass(frozen=True, slots=True)
class Reading:
    """A listing while it is read."""

    form: str
    """What the document turned out to be, for people."""
    entries: Iterable[Entry]
    unread: list[str] = field(default_factory=list)
    """Why something is not read; complete when the entries have come to their end."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed, sitemap or section page gave."""

    links: list[Link]
    account: ListingAccount


def clean_text(text: str) -> str:
    """The text on one line, without control characters and surrogates, as an archive can store it."""
    words = _CONTROLS.sub(" ", _SURROGATES.sub("", text)).split()
    return " ".join(words)[:MAX_TEXT_CHARS].strip()


def make_link(
    raw: RawPage,
    url: str,
    how: Discovery,
    *,
    kind: UrlKind = UrlKind.ARTICLE,
    base: str = "",
    title: str = "",
    published: str = "",
    modified: str = "",
) -> Entry:
    """A link on a page, with the source, zone and language of the page; or why there is none."""
    url = url if how is Discovery.SECTION else as_meant(raw, url)
    cleaned = clean_url(url, base or raw.url) if url and "\ufffd" not in url else None
    if cleaned is None:
        return _why_not(url)
    evidence = replace(
        raw.evidence,
        how=how,
        via=raw.url,
        title=clean_text(title),
        published=clean_text(published),
        modified=clean_text(modified),
    )
    return Link(cleaned, kind, evidence)


def as_meant(raw: RawPage, url: str) -> str:
    """The address that the author of a feed or sitemap meant: without a second escape, with the scheme of a host.

    Only a path is relative to the listing; what can be none (JSON in the place of an address) is none.
    """
    url = _TWICE.sub("&", url.strip())
    if _HOST_FIRST.match(url):
        full = f"{urlsplit(raw.url).scheme}://{url}"
        if is_web_url(full) and (url[:4].lower() == "www." or is_same_site(full, raw.url)):
            return full
    return url if _SCHEME.match(url) or not _NO_PATH.search(url) else f"data:{url}"


def _why_not(url: str) -> Dropped:
    if not url:
        return Dropped.NO_ADDRESS
    # A letter that could not be decoded: what it was no one knows.
    if "\ufffd" in url:
        return Dropped.DAMAGED
    return Dropped.TOO_LONG if len(url) > MAX_URL_CHARS else Dropped.NO_WEB


def both_ends(items: Iterable[Item], limit: int | None = None) -> Iterator[Item | Dropped]:
    """The items; of more than MAX_LINKS the first and the last half, for the newest stand at one of the two ends."""
    most, waiting = MAX_LINKS if limit is None else limit, iter(items)
    yield from islice(waiting, most - most // 2)
    last: deque[Item] = deque(maxlen=most // 2)
    for item in waiting:
        if len(last) == last.maxlen:
            yield Dropped.OVER_LIMIT
        last.append(item)
    yield from last


def collect(raw: RawPage, reading: Reading) -> Listing:
    """The links in the order of the page, each URL once, and the account of the rest."""
    unique: dict[str, Link] = {}
    dropped: Counter[str] = Counter()
    for entry in reading.entries:
        reason = _reason(raw, entry, unique)
        if reason is not None:
            dropped[reason] += 1
        elif isinstance(entry, Link):
            unique[entry.url] = entry
    unread = (*reading.unread, *_clauses(len(unique), dropped))
    account = ListingAccount(reading.form, len(unique), dict(dropped), unread)
    return Listing(list(unique.values()), account)


def without(listing: Listing, links: Iterable[Link], reason: Dropped, unread: str = "") -> Listing:
    """The listing without some of its links, which are dropped for a reason; `unread` if that is a loss."""
    gone = {link.url for link in links}
    if not gone:
        return listing
    kept = [link for link in listing.links if link.url not in gone]
    account = listing.account
    dropped = dict(Counter(account.dropped) + Counter({reason: len(gone)}))
    clauses = (*account.unread, unread) if unread else account.unread
    return Listing(kept, replace(account, links=len(kept), dropped=dropped, unread=clauses))


def _reason(raw: RawPage, entry: Entry, unique: dict[str, Link]) -> Dropped | None:
    """Why an entry is not followed; None if it is."""
    if isinstance(entry, Dropped):
        return entry
    if entry.url in unique:
        return Dropped.REPEATED
    if entry.url == raw.url:
        return Dropped.ITSELF
    return Dropped.OVER_LIMIT if len(unique) == MAX_LINKS else None


def _clauses(links: int, dropped: Counter[str]) -> Iterator[str]:
    """What these sums say of the listing as a whole."""
    if over := dropped[Dropped.OVER_LIMIT]:
        yield f"it has {_entries(over)} over the limit"
    if dropped[Dropped.CUT]:
        yield "it ends within an entry"
    if broken := sum(dropped[reason] for reason in BROKEN):
        yield f"it has {_entries(broken)} that cannot be read"
    lost = sum(dropped[reason] for reason in (Dropped.NO_ADDRESS, Dropped.NO_WEB, Dropped.TOO_LONG))
    if lost and not links:
        yield "none of its entries has an address that can be followed"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
