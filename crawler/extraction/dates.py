"""When an article was first published: all the evidence there is, and an explicit order of trust.

JSON-LD and meta elements come first: the publisher's system writes them. Then marked-up elements of the page,
the feed or news sitemap that named the page, the date in the URL, a date written beside the headline, and
last what htmldate makes of the rest.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from htmldate import find_date
from lxml.html import HtmlElement

from crawler.extraction.jsonld import Node, text_of
from crawler.extraction.metadata import Metas
from crawler.extraction.timestamps import (
    date_in_url,
    first_day,
    in_zone,
    instant,
    is_precise,
    is_utc,
    parse_timestamp,
)
from crawler.items import DateEvidence, RawPage

EARLIEST = date(1995, 1, 1)
"""Before this there were no news sites."""

_PUBLISHED_METAS = (
    "article:published_time article:published og:published_time og:article:published_time datepublished"
    " article.published parsely-pub-date sailthru.date rnews:datepublished article_date_original originalpublicationdate"
    " publication_date publish_date publish-date publishdate pubdate published_time published date_published"
    " cxenseparse:recs:publishtime cxenseparse:publishtime dcterms.created dc.date.issued dcterms.issued"
    " dc.date.created dc.date dc:date dcterms.date article:created displaydate timestamp ptime firstpublishedtime"
    " pub_date created date.created date"
).split()
_MODIFIED_METAS = (
    "article:modified_time article:modified og:updated_time datemodified dc.date.modified dcterms.modified lastmod"
    " last-modified revised article:updated_time updated"
).split()
_TRUSTED = ("json-ld", "meta", "feed", "sitemap", "url")
_ORDER = ("json-ld", "meta", "time", "feed", "sitemap", "url", "text", "htmldate")
_ASIDES = frozenset("aside nav footer figure li".split())


@dataclass(frozen=True, slots=True)
class Dating:
    """When an article was published, and how that is known."""

    evidence: tuple[DateEvidence, ...] = ()
    published: str | None = None
    modified: str | None = None
    month: str | None = None
    where: str | None = None
    is_disputed: bool = False
    """Two trustworthy sources disagree about the month."""


def date_article(
    tree: HtmlElement,
    metas: Metas,
    article: Node,
    raw: RawPage,
    url: str,
    near_headline: Iterable[str] = (),
) -> Dating:
    """Weigh what page, feed and URL say; without trustworthy evidence there is no month.

    `near_headline` are short texts around the headline, one of which may be the date that readers see.
    """
    latest = raw.captured.date() + timedelta(days=1)
    found = [*_read_json_ld(article), *_read_metas(metas), *_read_elements(tree), *_read_raw(raw, url)]
    evidence = [item for item in dict.fromkeys(found) if EARLIEST <= first_day(item.value) <= latest]
    if not any(item.kind == "published" for item in evidence):
        written = [
            DateEvidence(value, "published", "text") for value in map(parse_timestamp, near_headline) if value
        ]
        within = [item for item in written if EARLIEST <= first_day(item.value) <= latest]
        evidence += within[:1] or _ask_htmldate(tree, latest)
    published = sorted(
        (item for item in evidence if item.kind == "published"), key=lambda item: _ORDER.index(item.where)
    )
    if not published:
        return Dating(tuple(evidence))
    zone = _load_zone(raw.evidence.zone)
    best = published[0]
    value = localise(best.value, zone, [item.value for item in published])
    return Dating(
        tuple(evidence),
        published=value,
        modified=_first_modified(evidence, zone),
        month=value[:7],
        where=best.where,
        is_disputed=_is_disputed(value, published, zone),
    )


def localise(value: str, zone: ZoneInfo | None, others: Iterable[str]) -> str:
    """A UTC time on the publisher's own calendar: in its zone, else as another date of the page shows it.

    Such a witness names the same moment with an offset, or the day before or after without a time.
    """
    if not is_utc(value):
        return value
    if zone is not None:
        return in_zone(value, zone)
    moment, day = instant(value), first_day(value)
    for other in others:
        if instant(other) == moment and not is_utc(other):
            return other
    for other in others:
        if len(other) == 10 and abs(first_day(other) - day) == timedelta(days=1):
            return other
    return value


def _is_disputed(value: str, published: list[DateEvidence], zone: ZoneInfo | None) -> bool:
    """Neighbouring days are no dispute: they are one moment on two calendars."""
    for item in published:
        other = in_zone(item.value, zone) if zone else item.value
        if item.where not in _TRUSTED or other[:7] == value[:7]:
            continue
        if min(len(other), len(value)) == 7 or abs(first_day(other) - first_day(value)) > timedelta(days=1):
            return True
    return False


def _read_json_ld(article: Node) -> Iterator[DateEvidence]:
    for kind, names in (("published", ("datePublished", "dateCreated")), ("modified", ("dateModified",))):
        values = [parse_timestamp(text_of(article.get(name))) for name in names]
        yield from (DateEvidence(value, kind, "json-ld") for value in values[:1] if value)
        if not values[0]:
            yield from (DateEvidence(value, kind, "json-ld") for value in values[1:] if value)


def _read_metas(metas: Metas) -> Iterator[DateEvidence]:
    for kind, names in (("published", _PUBLISHED_METAS), ("modified", _MODIFIED_METAS)):
        for name in names:
            # A page that repeats a name lists other articles after its own.
            if name in metas and (value := parse_timestamp(metas[name][0])):
                yield DateEvidence(value, kind, "meta")


def _read_elements(tree: HtmlElement) -> Iterator[DateEvidence]:
    """The first published and the first modified date among marked-up elements outside of lists and asides."""
    seen: set[str] = set()
    for element in tree.xpath("//time | //*[@itemprop='datePublished' or @itemprop='dateModified']"):
        text = element.get("datetime") or element.get("content") or element.text or ""
        kind = "modified" if "modif" in _names(element) or "update" in _names(element) else "published"
        if (
            kind in seen
            or element.tag == "meta"
            or any(parent.tag in _ASIDES for parent in element.iterancestors())
        ):
            continue
        if value := parse_timestamp(text):
            seen.add(kind)
            yield DateEvidence(value, kind, "time")


def _names(element: HtmlElement) -> str:
    parent = element.getparent()
    classes = [
        element.get("class"),
        element.get("itemprop"),
        parent.get("class") if parent is not None else "",
    ]
    return " ".join(filter(None, classes)).lower()


def _read_raw(raw: RawPage, url: str) -> Iterator[DateEvidence]:
    """What was known before the page was fetched, and what its address says."""
    where = "sitemap" if "sitemap" in raw.evidence.how else "feed"
    if value := parse_timestamp(raw.evidence.published):
        yield DateEvidence(value, "published", where)
    if value := parse_timestamp(raw.evidence.modified):
        yield DateEvidence(value, "modified", where)
    for address in (url, raw.url):
        if value := date_in_url(unquote(urlsplit(address).path)):
            yield DateEvidence(value, "published", "url")


def _ask_htmldate(tree: HtmlElement, latest: date) -> list[DateEvidence]:
    value = find_date(
        tree,
        original_date=True,  # its default is the date of the last change
        extensive_search=False,  # with it, a year in the footer becomes a month
        url="",
        min_date=EARLIEST.isoformat(),
        max_date=latest.isoformat(),
    )
    return [DateEvidence(value, "published", "htmldate")] if value else []


def _first_modified(evidence: list[DateEvidence], zone: ZoneInfo | None) -> str | None:
    values = [item.value for item in evidence if item.kind == "modified"]
    values.sort(key=lambda value: not is_precise(value))
    return localise(values[0], zone, values) if values else None


def _load_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
