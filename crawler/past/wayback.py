"""The way `wayback`: what a Wayback Machine captured of a publisher's pages within the period.

Its index (https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server) gives the oldest capture of each
page in the period; the page is fetched as it was captured, and archived as what it is: a copy, with the address of it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urljoin

from crawler.discovery import Listing, NotAListing
from crawler.discovery.article_urls import is_article_link
from crawler.discovery.links import Dropped, Entry, Reading, collect, make_link
from crawler.discovery.unpacking import unpack
from crawler.http.urls import host_name
from crawler.http.web_copies import address_of_copy, is_timestamp
from crawler.items import Discovery, Link, Origin, RawPage, UrlKind
from crawler.past.period import DAY
from crawler.past.publishers import Publisher, Publishers
from crawler.past.way import PAGE_BYTES, Cost, Task, Way

ROWS = 2000
"""Captures of one page of the index."""

ROW_BYTES = 150
FIELDS = ("timestamp", "original", "mimetype", "statuscode")

_ROW = re.compile(r"""\[(?:[^\[\]"]|"(?:[^"\\]|\\.)*")*\]""", re.DOTALL)
_RESUME = re.compile(r"&resumeKey=[^&]*")
_KEY = re.compile(r"[\w%+.~()!*,:;=/@$'-]+", re.ASCII)


def links(task: Task) -> Iterator[Link]:
    """The first page of the index for each publisher."""
    for publisher in task.publishers:
        yield Link(_query(task, publisher), UrlKind.CDX, task.start_of(publisher))


def costs(task: Task) -> Iterator[Cost]:
    """The pages of the index, and a copy of each article; all are asked of one host."""
    host = host_name(task.bases["wayback"]) or ""
    for publisher in task.publishers:
        pages = task.pages_of(publisher)
        size = pages * (ROW_BYTES + PAGE_BYTES)
        yield Cost("wayback", publisher.id, host, 1 + pages // ROWS + pages, size)


def read_cdx(raw: RawPage, _: Publishers) -> Listing:
    """The captures of a page of the index as links to their copies, and the next page if there is one."""
    body, unread = unpack(raw)
    text = body.decode("utf-8", "replace").strip()
    if text and text[0] != "[":
        raise NotAListing("no index of captures where one was expected")
    if text and not text.endswith("]"):
        unread.append("it ends before its end")
    return collect(raw, Reading("index of captures", _entries(raw, text), unread))


def _query(task: Task, publisher: Publisher) -> str:
    scope = "prefix" if "/" in publisher.place else "domain"
    period = task.period_of(publisher)
    query = (
        ("url", publisher.place),
        ("matchType", scope),
        ("from", f"{period.first:%Y%m%d}"),
        ("to", f"{period.last + DAY:%Y%m%d}"),  # the publisher's calendar may be behind UTC
        ("output", "json"),
        ("fl", ",".join(FIELDS)),
        ("filter", "statuscode:200"),
        ("filter", "mimetype:text/html"),
        ("collapse", "urlkey"),
        ("limit", str(ROWS)),
        ("showResumeKey", "true"),
    )
    return f"{task.bases['wayback']}/cdx/search/cdx?{urlencode(query, safe=',:/')}"


def _entries(raw: RawPage, text: str) -> Iterator[Entry]:
    """An entry for each row, and for what stands between rows and is none."""
    end = 0
    for found in _ROW.finditer(text):
        if text[end : found.start()].strip("[], \t\r\n"):
            yield Dropped.UNREADABLE
        end = found.end()
        row = _row(found[0])
        if row and row[0] != FIELDS[0]:
            yield from _of_row(raw, row)
    if text[end:].strip("[], \t\r\n"):
        yield Dropped.UNREADABLE


def _row(text: str) -> list[Any]:
    try:
        row = json.loads(text)
    except ValueError:
        return [""]
    return row if isinstance(row, list) else [""]


def _of_row(raw: RawPage, row: list[Any]) -> Iterator[Entry]:
    if len(row) == 1 and isinstance(row[0], str) and _KEY.fullmatch(row[0]):
        url = f"{_RESUME.sub('', raw.url)}&resumeKey={row[0]}"
        yield Link(url, UrlKind.CDX, replace(raw.evidence, via=raw.url))
    elif len(row) == len(FIELDS) and all(isinstance(each, str) for each in row) and is_timestamp(row[0]):
        yield _copy(raw, *row)
    else:
        yield Dropped.UNREADABLE


def _copy(raw: RawPage, timestamp: str, original: str, media_type: str, status: str) -> Entry:
    """The link to a page by the copy that was captured at that moment."""
    link = make_link(raw, original, Discovery.WAYBACK)
    if isinstance(link, Dropped):
        return link
    home = urljoin(link.url, "/")
    # The address stands in for the words of a link, which an index has not.
    if status != "200" or media_type != "text/html" or not is_article_link(link.url, link.url, home):
        return Dropped.NO_ARTICLE
    copy = address_of_copy(f"{raw.url.partition('/cdx/')[0]}/web", timestamp, link.url)
    return replace(link, evidence=replace(link.evidence, copy=copy, origin=Origin.WAYBACK))


WAYBACK = Way("wayback", costs, links, {UrlKind.CDX: read_cdx})
