"""When an article was first published."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from crawler.extraction.dates.publication import EARLIEST, Dating, date_article
from crawler.items import DateEvidence, DateKind, DateSource, Discovery, Evidence
from tests.support.pages import CAPTURED, URL, news_page, parsed_page


def dating(
    head: str = "", evidence: Evidence | None = None, url: str = URL, visible: tuple[DateEvidence, ...] = ()
) -> Dating:
    page = parsed_page(news_page(head=head), url, evidence)
    return date_article(page, url, visible)


def json_ld(**dates: str) -> str:
    properties = "".join(f', "{name}": "{value}"' for name, value in dates.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle"{properties}}}</script>'


def meta(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{value}">'


def test_json_ld_keeps_the_publishers_offset() -> None:
    found = dating(json_ld(datePublished="2021-02-01T00:30:00+03:00"))
    assert (found.published, found.month, found.where) == ("2021-02-01T00:30:00+03:00", "2021-02", "json-ld")


@pytest.mark.parametrize(
    ("zone", "month"), [("Europe/Moscow", "2021-02"), ("America/Bogota", "2021-01"), ("", "2021-01")]
)
@pytest.mark.parametrize("written", ["2021-01-31T22:30:00Z", "2021-01-31T22:30:00+00:00"])
def test_a_utc_time_at_the_months_edge_is_read_in_the_sources_zone(
    written: str, zone: str, month: str
) -> None:
    assert dating(json_ld(datePublished=written), Evidence(zone=zone)).month == month


def test_without_a_zone_the_day_in_the_url_decides_the_month() -> None:
    found = dating(
        json_ld(datePublished="2021-01-31T22:30:00Z"), url="https://news.example/2021/02/01/bridge"
    )
    assert found.month == "2021-02"
    assert not found.is_disputed


def test_without_a_zone_the_same_moment_with_an_offset_decides_the_month() -> None:
    head = json_ld(datePublished="2021-01-31T22:30:00Z") + meta("pubdate", "2021-02-01T01:30:00+03:00")
    assert dating(head).month == "2021-02"


@pytest.mark.parametrize("zone", ["../etc/x", "Nowhere/Tarn"])
def test_an_unknown_zone_is_no_zone(zone: str) -> None:
    assert dating(json_ld(datePublished="2021-01-31T22:30:00Z"), Evidence(zone=zone)).month == "2021-01"


def test_first_publication_counts_and_not_the_last_change() -> None:
    found = dating(
        json_ld(dateModified="2021-03-02T10:00:00+01:00", datePublished="2021-01-28T10:00:00+01:00")
    )
    assert found.month == "2021-01"
    assert found.modified == "2021-03-02T10:00:00+01:00"


def test_a_change_alone_dates_no_first_publication() -> None:
    found = dating(meta("article:modified_time", "2021-03-02T10:00:00+01:00"))
    assert found.modified is not None
    assert found.month is None


def test_a_date_of_a_related_item_is_not_ours() -> None:
    other = (
        '<script type="application/ld+json">{"@type": "ItemList", "itemListElement":'
        ' [{"@type": "NewsArticle", "datePublished": "2018-05-05"}]}</script>'
    )
    assert dating(other + meta("article:published_time", "2021-01-28T10:00:00+01:00")).month == "2021-01"


@pytest.mark.parametrize(
    "name",
    [
        "article:published_time",
        "parsely-pub-date",
        "DC.date.issued",
        "sailthru.date",
        "datePublished",
        "date",
        "citation_publication_date",
        "citation_online_date",
        "citation_date",
        "published-date",
        "article.published",
        "pubdate",
        "w-published-date",  # of no system that we know
        "acme:publishtime",
        "doc-release-issued-date",
    ],
)
def test_meta_elements_of_many_systems_are_read(name: str) -> None:
    found = dating(meta(name, "2021-01-28T10:00:00+01:00"))
    assert (found.month, found.where) == ("2021-01", "meta")


@pytest.mark.parametrize(
    "name",
    [
        "expiry-date",
        "event-date",
        "w-modified-date",
        "acme:lastupdated:time",
        "build-date",
        "comment-time",
        "issued",  # by no word of time: it may be a number
    ],
)
def test_meta_elements_of_other_dates_are_none_of_publication(name: str) -> None:
    assert dating(meta(name, "2021-01-28T10:00:00+01:00")).month is None


def test_where_a_name_is_repeated_its_first_date_counts() -> None:
    heads = [meta("article:published_time", value) for value in ("2021-01-28", "2021-03-02", "2021-02-01")]
    assert (dating("".join(heads)).published, dating("".join(heads)).is_disputed) == ("2021-01-28", False)
    assert dating("".join(heads[::-1])).published == "2021-02-01"


def test_where_the_article_has_no_date_the_node_of_its_page_may_have_one() -> None:
    nodes = """<script type="application/ld+json">[{"@type": "NewsArticle", "headline": "Bridge falls"},
    {"@type": "Event", "datePublished": "2020-05-05"}, {"@type": "WebPage", "datePublished": "2021-01-28"}]</script>"""
    assert (dating(nodes).published, dating(nodes).where) == ("2021-01-28", "json-ld")
    assert dating(json_ld(dateCreated="2021-01-28")).published == "2021-01-28"
    assert dating(json_ld(dateCreated="2021-01-28", datePublished="2021-02-01")).published == "2021-02-01"


WRITTEN = DateEvidence("2021-01-28", DateKind.PUBLISHED, DateSource.TEXT)
MARKED = DateEvidence("2021-01-28T10:00:00+01:00", DateKind.PUBLISHED, DateSource.TIME)
CHANGED = DateEvidence("2021-03-02", DateKind.MODIFIED, DateSource.TEXT)


@pytest.mark.parametrize("seen", [WRITTEN, MARKED])
@pytest.mark.parametrize(
    "head",
    [
        json_ld(datePublished="2021-03-02T10:00:00+01:00", dateModified="2021-03-02T10:00:00+01:00"),
        json_ld(datePublished="2021-03-02", dateModified="2021-03-01T22:00:00Z"),
        meta("article:published_time", "2021-03-02") + meta("article:modified_time", "2021-03-02T08:00:00Z"),
    ],
)
def test_where_the_last_change_is_given_as_publication_an_earlier_date_that_readers_see_counts(
    head: str, seen: DateEvidence
) -> None:
    found = dating(head, visible=(seen,))
    assert (found.published, found.where, found.is_disputed) == (seen.value, seen.where, False)


def test_a_change_that_readers_see_shows_that_the_publication_is_one() -> None:
    head = json_ld(datePublished="2021-03-02")
    assert dating(head, visible=(WRITTEN, CHANGED)).month == "2021-01"
    assert dating(head, visible=(WRITTEN,)).month == "2021-03"


@pytest.mark.parametrize(
    ("published", "modified"),
    [("2021-02-01", "2021-03-02"), ("2021-01-29", "2021-01-29"), ("2021-01-20", "2021-01-20")],
)
def test_a_publication_before_the_change_or_not_after_what_readers_see_stays(
    published: str, modified: str
) -> None:
    head = json_ld(datePublished=published, dateModified=modified)
    assert dating(head, visible=(WRITTEN,)).published == published


@pytest.mark.parametrize(("published", "stays"), [("2021-02-28", True), ("2021-03-01", False)])
def test_the_day_before_the_last_change_is_taken_for_it(published: str, stays: bool) -> None:
    found = dating(json_ld(datePublished=published, dateModified="2021-03-02"), visible=(WRITTEN,))
    assert found.published == (published if stays else WRITTEN.value)


@pytest.mark.parametrize(
    ("written", "seen", "published"),
    [
        ("2021-01-31T22:30:00Z", "2021-02-01", "2021-02-01"),
        ("2021-01-31T22:30:00Z", "2021-02-01T01:30:00", "2021-02-01T01:30:00"),
        ("2021-01-31T15:30:00Z", "2021-02-01T01:00:00", "2021-02-01T01:00:00"),
        ("2021-02-01T04:30:00Z", "2021-01-31", "2021-01-31"),
        ("2021-02-01T04:30:00Z", "2021-01-31T11:30:00", "2021-01-31T11:30:00"),  # p.m.
        # Nowhere on Earth is it another day by so much, or the clock by so many minutes.
        ("2021-01-31T09:30:00Z", "2021-02-01", "2021-01-31T09:30:00+00:00"),
        ("2021-02-01T12:30:00Z", "2021-01-31", "2021-02-01T12:30:00+00:00"),
        ("2021-01-31T22:30:00Z", "2021-02-01T07:47:00", "2021-01-31T22:30:00+00:00"),
        ("2021-01-31T22:30:00Z", "2021-01-31", "2021-01-31T22:30:00+00:00"),
        ("2021-01-31T22:30:00Z", "2021-02-03", "2021-01-31T22:30:00+00:00"),
        ("2021-01-31T22:30:00Z", "2021-02", "2021-01-31T22:30:00+00:00"),
        ("2021-01-31T22:30:00+01:00", "2021-02-01", "2021-01-31T22:30:00+01:00"),
    ],
)
def test_a_written_date_is_a_witness_of_the_publishers_calendar(
    written: str, seen: str, published: str
) -> None:
    witness = DateEvidence(seen, DateKind.PUBLISHED, DateSource.TEXT)
    found = dating(json_ld(datePublished=written), visible=(witness,))
    assert found.published == published
    assert not found.is_disputed
    assert witness in found.evidence


def test_what_stands_elsewhere_is_only_asked_for_where_nothing_else_is_known() -> None:
    asked: list[str] = []

    def elsewhere() -> Iterator[DateEvidence]:
        asked.append("")
        yield DateEvidence("2021-01-28", DateKind.PUBLISHED, DateSource.SCRIPT)

    page = parsed_page(news_page(head=json_ld(datePublished="2021-02-02")))
    assert date_article(page, URL, elsewhere=elsewhere()).month == "2021-02"
    assert not asked
    found = date_article(parsed_page(news_page()), URL, (CHANGED,), elsewhere())
    assert (found.month, found.where, found.modified) == ("2021-01", "script", "2021-03-02")


def test_a_marked_up_date_beside_the_headline_goes_before_the_feed() -> None:
    marked_up = DateEvidence("2021-01-28T10:00:00+01:00", DateKind.PUBLISHED, DateSource.TIME)
    found = dating(evidence=Evidence(how=Discovery.FEED, published="2021-02-02"), visible=(marked_up,))
    assert (found.month, found.where) == ("2021-01", "time")


@pytest.mark.parametrize(
    ("how", "where"),
    [(Discovery.FEED, "feed"), (Discovery.SITEMAP, "sitemap"), (Discovery.NEWS_SITEMAP, "sitemap")],
)
def test_what_feed_or_sitemap_knew_dates_a_page_without_date(how: Discovery, where: str) -> None:
    evidence = Evidence(how=how, published="Sun, 31 Jan 2021 23:30:00 GMT", zone="Europe/Athens")
    found = dating(evidence=evidence)
    assert (found.month, found.where) == ("2021-02", where)
    assert found.published == "2021-02-01T01:30:00+02:00"


def test_the_day_in_the_url_dates_a_page_without_other_date() -> None:
    found = dating(url="https://news.example/2021/01/28/bridge")
    assert (found.published, found.where) == ("2021-01-28", "url")


@pytest.mark.parametrize(
    ("canonical", "fetched", "published"),
    [
        ("/2021/01/28/bridge", "/bridge?id=1", "2021-01-28"),
        ("/bridge", "/2021/01/28/bridge", "2021-01-28"),
        ("/2021/01/28/bridge", "/2020/11/28/bridge", "2021-01-28"),
        ("/%D9%A2%D9%A0%D9%A2%D9%A1/%D9%A0%D9%A1/%D9%A2%D9%A8/bridge", "/bridge", "2021-01-28"),
        ("/bridge?day=/2021/01/28/", "/bridge", None),
    ],
)
def test_the_address_that_the_page_gives_itself_goes_before_the_one_it_was_fetched_by(
    canonical: str, fetched: str, published: str | None
) -> None:
    site = "https://news.example"
    assert date_article(parsed_page(news_page(), site + fetched), site + canonical).published == published


def test_a_written_date_beside_the_headline_dates_a_page_without_other_date() -> None:
    written = DateEvidence("2021-01-28", DateKind.PUBLISHED, DateSource.TEXT)
    found = dating(visible=(written,))
    assert (found.published, found.where) == ("2021-01-28", "text")
    assert dating(meta("date", "2021-02-02"), visible=(written,)).month == "2021-02"


def test_trustworthy_sources_of_different_months_are_a_dispute() -> None:
    head = json_ld(datePublished="2021-03-01T10:00:00+01:00")
    found = dating(head, url="https://news.example/2020/11/28/bridge")
    assert found.is_disputed
    assert found.month == "2021-03"


def test_agreeing_sources_are_no_dispute() -> None:
    head = json_ld(datePublished="2021-01-28T10:00:00+01:00") + meta(
        "article:published_time", "2021-01-28T09:00:00Z"
    )
    found = dating(head)
    assert not found.is_disputed
    assert {item.where for item in found.evidence} == {"json-ld", "meta"}


def test_the_year_in_the_footer_is_never_a_date() -> None:
    assert dating() == Dating()


@pytest.mark.parametrize("written", ["2021-06-01", "1994-12-31", "1970-01-01T00:00:00Z", "9999-12-31"])
def test_dates_of_the_future_or_before_the_web_are_not_believed(written: str) -> None:
    assert dating(json_ld(datePublished=written)).month is None


def test_a_month_stays_a_month() -> None:
    assert dating(meta("date", "2021-01")).published == "2021-01"


@pytest.mark.parametrize(("days", "is_believed"), [(0, True), (1, True), (2, False)])
def test_publishers_may_be_a_day_ahead_of_the_fetch(days: int, is_believed: bool) -> None:
    written = (CAPTURED + timedelta(days=days)).date().isoformat()
    assert (dating(json_ld(datePublished=written)).published == written) is is_believed


@pytest.mark.parametrize(("days", "is_believed"), [(-1, False), (0, True)])
def test_the_first_day_of_the_web_is_believed(days: int, is_believed: bool) -> None:
    written = (EARLIEST + timedelta(days=days)).isoformat()
    assert (dating(json_ld(datePublished=written)).published == written) is is_believed
