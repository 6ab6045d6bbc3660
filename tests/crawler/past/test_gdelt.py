"""The lists of GDELT are read row by row, cut and damaged ones too."""

import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from crawler.discovery import NotAListing
from crawler.items import Discovery, Evidence, RawPage
from crawler.past.gdelt import GDELT, read_gdelt
from crawler.past.period import Period
from crawler.past.publishers import Publisher, Publishers
from crawler.past.way import Task
from crawler.sources.source import Source


def publisher(*languages: str) -> Publisher:
    made = Source(
        id="tarn",
        name="Tarn",
        homepage="https://tarn.example/",
        timezone="Africa/Bamako",
        languages=languages,
    )
    return Publisher.of(made)


TASK = Task(
    Period(((date(2021, 1, 1), date(2021, 1, 1)),)),
    (publisher("en"),),
    {"gdelt": "http://gdelt.example/gdeltv2"},
    30,
    1024,
)
PRESS = Publishers.of([publisher("en")])
MOMENT = "20210101001500"


def mention(url: str, kind: str = "1") -> str:
    return "\t".join(
        ("9", MOMENT, MOMENT, kind, "tarn.example", url, "3", "-1", "8", "9", "1", "60", "4012", "-3.1")
    )


def record(url: str) -> str:
    return "\t".join((f"{MOMENT}-7", MOMENT, "1", "tarn.example", url, *[""] * 22))


def zipped(*rows: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("list.CSV", "".join(f"{row}\n" for row in rows))
    return made.getvalue()


def raw(body: bytes, name: str = "mentions.CSV") -> RawPage:
    url = f"http://gdelt.example/gdeltv2/{MOMENT}.{name}.zip"
    return RawPage(url, body, {}, datetime(2026, 11, 30, tzinfo=UTC), Evidence(source="gdelt"))


def test_a_day_has_96_lists_and_as_many_of_translated_articles() -> None:
    names = [link.url.rpartition("/")[2] for link in GDELT.links(TASK)]
    assert (len(names), names[1]) == (96, f"{MOMENT}.mentions.CSV.zip")
    several = replace(TASK, publishers=(publisher("en"), publisher("bm")))
    assert len(list(GDELT.links(several))) == 192
    translated = [link.url for link in GDELT.links(replace(TASK, publishers=(publisher("bm"),)))]
    assert (len(translated), translated[0].rpartition("/")[2]) == (
        96,
        "20210101000000.translation.mentions.CSV.zip",
    )


def test_before_gdelt_there_is_nothing_to_ask_for() -> None:
    early = replace(TASK, period=Period(((date(2014, 1, 1), date(2014, 12, 31)),)))
    assert list(GDELT.links(early)) == []
    assert [cost.requests for cost in GDELT.costs(early)] == [0]


def test_the_articles_of_the_chosen_publishers_are_taken_once() -> None:
    url = "https://tarn.example/2021/01/01/ferry"
    listing = read_gdelt(raw(zipped(mention(url), mention("https://other.example/a"), mention(url))), PRESS)
    [link] = listing.links
    assert (link.url, link.evidence.how) == (url, Discovery.GDELT)
    assert (link.evidence.source, link.evidence.zone, link.evidence.via) == (
        "tarn",
        "Africa/Bamako",
        raw(b"").url,
    )
    assert listing.account.dropped == {"on other sites": 1, "named before": 1}


def test_the_knowledge_graph_is_read_too() -> None:
    [link] = read_gdelt(raw(zipped(record("https://tarn.example/ferry")), "gkg.csv"), PRESS).links
    assert link.url == "https://tarn.example/ferry"


def test_broken_rows_are_counted_and_cost_no_other() -> None:
    rows = (
        mention("https://other.example/a"),
        "967\tbroken",
        mention("no address"),
        mention("https://tarn.example/a"),
        mention("Sunday paper, p. 3", "2"),
    )
    listing = read_gdelt(raw(zipped(*rows)), PRESS)
    assert len(listing.links) == 1
    first = "its row 2 is the first that cannot be read"
    assert listing.account.unread == (first, "it has 2 entries that cannot be read")


def test_of_a_list_that_is_cut_or_damaged_the_beginning_is_read() -> None:
    rows = [mention(f"https://tarn.example/{number}-{number * 7919 % 1009}") for number in range(2000)]
    whole = zipped(*rows)
    cut = read_gdelt(raw(whole[: len(whole) // 2]), PRESS)
    assert 100 < len(cut.links) < 2000
    assert "it is cut within its zip" in cut.account.unread
    spoilt = bytearray(whole)
    spoilt[len(whole) // 2 : len(whole) // 2 + 40] = b"\xff" * 40
    damaged = read_gdelt(raw(bytes(spoilt)), PRESS)
    assert damaged.account.unread


@pytest.mark.parametrize("body", [b"", b"<html>busy</html>", b"PK\x03\x04"])
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(NotAListing):
        read_gdelt(raw(body), PRESS)
