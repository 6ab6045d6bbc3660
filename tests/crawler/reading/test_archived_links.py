"""What a crawl notes of a link is what a replay reads of it, and what others noted is no danger."""

from datetime import UTC, datetime

import pytest

from archive.replay.captures import ArchivedCapture
from archive.warc.location import RecordLocation
from crawler.items import Discovery, Evidence, Link, UrlKind
from crawler.reading.archived_links import link_of, passed_over

URL = "https://marisol.example/one"
COPY = f"https://web.example/web/20210128100000id_/{URL}"
EVIDENCE = Evidence(
    source="marisol",
    how=Discovery.NEWS_SITEMAP,
    via="https://marisol.example/sitemap.xml",
    zone="Europe/Paris",
    language="fr",
    title="Le port: « rouvert »",
    published="2021-01-28",
    modified="2021-01-29",
)


def captured(notes: dict[str, str], method: str = "GET", url: str = URL) -> ArchivedCapture:
    place = RecordLocation("a.warc.gz", 0, 1, "", "", datetime(2021, 1, 28, tzinfo=UTC))
    return ArchivedCapture(
        serial=0,
        url=url,
        method=method,
        status=200,
        headers={},
        head=b"",
        body=b"",
        metadata=notes,
        location=place,
        ip_address="",
        truncated=None,
        record_type="response",
        is_conditional=None,
    )


@pytest.mark.parametrize("kind", UrlKind)
@pytest.mark.parametrize(("hops", "depth"), [(0, 0), (3, 2), (999, 999)])
def test_a_link_is_read_as_it_was_noted(kind: UrlKind, hops: int, depth: int) -> None:
    link = Link(URL, kind, EVIDENCE, hops, depth)
    assert link_of(captured(link.notes)) == link


@pytest.mark.parametrize(
    ("notes", "hops"),
    [
        ({}, 0),
        ({"kind": "picture of the day", "hops": "-1"}, 0),
        ({"kind": "article", "hops": "1000"}, 0),  # no link is so many redirects long
        ({"kind": "article", "hops": "٣"}, 0),
        ({"kind": "article", "hops": "3.0"}, 0),
        ({"kind": "article", "hops": "07"}, 7),
        ({"via": "somewhere", "hops": "1"}, 1),
    ],
)
def test_what_other_tools_noted_gives_a_link_to_an_article(notes: dict[str, str], hops: int) -> None:
    link = link_of(captured(notes))
    assert link is not None
    assert (link.url, link.kind, link.hops, link.depth) == (URL, UrlKind.ARTICLE, hops, 0)
    assert link.evidence.via == notes.get("via", "")


def test_an_address_is_spelled_as_ours_are() -> None:
    link = link_of(captured({}, url="HTTPS://Marisol.example/one#top"))
    assert link is not None
    assert link.url == URL


@pytest.mark.parametrize(
    ("kind", "method", "why"),
    [
        ("article", "GET", ""),
        ("robots", "GET", "robots.txt"),
        ("robots", "POST", "robots.txt"),
        ("article", "POST", "method POST"),
        ("article", "HEAD", "method HEAD"),
        ("", "PROPFIND", "method PROPFIND"),
        ("", "get", "malformed request"),
        ("", "GO", "malformed request"),
        ("", "A" * 20, f"method {'A' * 20}"),
        ("", "A" * 21, "malformed request"),
        ("", "GET /", "malformed request"),
        ("", "", "malformed request"),
    ],
)
def test_what_is_passed_over_has_a_reason_and_no_link(kind: str, method: str, why: str) -> None:
    capture = captured({"kind": kind}, method)
    assert passed_over(capture) == why
    assert (link_of(capture) is None) is bool(why)


def test_every_field_of_the_evidence_is_noted() -> None:
    bare = Link(URL, UrlKind.ARTICLE, Evidence()).notes
    assert {name for name, value in Link(URL, UrlKind.FEED, EVIDENCE).notes.items() if value != bare[name]} == {
        "kind", "source", "how", "via", "zone", "language", "title", "published", "modified",
    }  # fmt: skip


@pytest.mark.parametrize("notes", [{"copy": COPY, "origin": "wayback"}, {}])
def test_a_copy_of_a_web_archive_is_read_as_its_page(notes: dict[str, str]) -> None:
    """Also one that others captured, who noted nothing."""
    link = link_of(captured({"kind": "article", "source": "marisol", **notes}, url=COPY))
    assert link is not None
    assert (link.url, link.evidence.copy, link.evidence.origin) == (URL, COPY, "wayback")


def test_what_others_noted_of_a_copy_is_not_believed() -> None:
    link = link_of(
        captured({"copy": "https://web.example/web/20210128100000id_/https://x.example/", "origin": "me"})
    )
    assert link is not None
    assert (link.url, link.evidence.copy, link.evidence.origin) == (URL, "", "")
