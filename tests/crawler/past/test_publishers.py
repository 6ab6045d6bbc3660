"""Whose article an address is."""

from datetime import date

import pytest

from crawler.items import Evidence, Link, UrlKind
from crawler.past.period import Period
from crawler.past.publishers import Publisher, Publishers
from crawler.past.way import Task
from crawler.sources.source import Source


def source(id: str, homepage: str, *languages: str) -> Publisher:
    made = Source(id=id, name=id, homepage=homepage, languages=languages, timezone="Africa/Bamako")
    return Publisher.of(made)


PRESS = Publishers.of(
    [
        source("tarn", "https://www.tarn.example/", "fr"),
        source("tarn-bm", "https://www.tarn.example/bm/", "bm"),
        source("port", "http://port.example:8080/"),
        source("sahel", "https://sahel.tarn.example"),
    ]
)

PORT = source("port", "http://port.example:8080/")
WINTER = Period(((date(2021, 1, 1), date(2021, 1, 31)),))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://tarn.example/2021/01/ferry", "tarn"),
        ("http://m.tarn.example/ferry", "tarn"),
        ("https://edition.tarn.example/ferry", "tarn"),
        ("https://www.tarn.example/bm/kurun", "tarn-bm"),
        ("https://www.tarn.example/bmw", "tarn"),
        ("https://sahel.tarn.example/ferry", "sahel"),
        ("http://port.example:8080/ferry", "port"),
        ("http://port.example/ferry", None),
        ("https://nottarn.example/ferry", None),
        ("https://example/ferry", None),
        ("ftp://tarn.example/ferry", None),
        ("no address", None),
    ],
)
def test_an_article_is_of_the_nearest_publisher(url: str, expected: str | None) -> None:
    found = PRESS.find(url)
    assert (found and found.id) == expected


def test_a_link_gets_what_is_known_of_its_publisher() -> None:
    found = PRESS.find("https://www.tarn.example/bm/kurun")
    assert found is not None
    named = found.named(Link("https://www.tarn.example/bm/kurun", UrlKind.ARTICLE, Evidence(via="list")))
    assert named.evidence == Evidence(source="tarn-bm", via="list", zone="Africa/Bamako", language="bm")


def test_a_publisher_with_days_of_its_own_gives_them_to_its_links() -> None:
    days = Period.read("2021-01-04/2021-01-05")
    own = Publisher.of(Source(id="tarn", name="Tarn", homepage="https://tarn.example/"), days)
    task = Task(WINTER, (own, PORT), {}, 30, 1024)
    assert (str(task.period_of(own)), task.period_of(PORT)) == ("2021-01-04/2021-01-05", WINTER)
    assert (task.pages_of(own), task.pages_of(PORT)) == (60, 31 * 30)
    of_all = Evidence(source="gdelt", period=str(WINTER))
    for publisher, expected in ((own, days), (PORT, WINTER)):
        link = publisher.named(Link(f"{publisher.homepage}ferry", UrlKind.ARTICLE, of_all))
        assert link.evidence.period == str(expected)
        assert task.start_of(publisher).period == str(expected)
