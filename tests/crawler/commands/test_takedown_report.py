"""What `scrapy redact` says of a page before it is taken down and after: each sentence, and when it is said."""

import io
from collections.abc import Sequence
from dataclasses import replace
from socket import gethostname
from typing import Any

import pytest

from archive.collection.redaction import Holding
from archive.warc.record import WarcRecord
from crawler.catalogue.places import OtherPlace, Place
from crawler.catalogue.redactions import KnownPage, PageCaptures, PageTexts, ShownWith
from crawler.cli.redact import is_agreed
from crawler.cli.takedown_report import Remains, TakedownPlan, describe, report

URL, OTHER = "https://marisol.example/one", "https://marisol.example/two"
FILE, OPEN, FOREIGN = "news-00000.warc.gz", "news-00001.warc.gz.open", "old.warc"
HERE = OtherPlace(Place("b", gethostname(), "/data/b", "/data/b/collections/news", ""), 3, 2)
THERE = OtherPlace(Place("c", "orla", "/data/c", "/data/c/collections/news", ""), 0, 0)
PLAN = TakedownPlan(
    URL,
    KnownPage(b"", frozenset({1}), frozenset({URL}), False),
    Holding(lambda _: False),
    PageTexts(0, [], frozenset(), frozenset()),
    PageCaptures({}, [], []),
    [],
    ShownWith([], []),
)
NOTHING_LEFT = Remains({}, [], [])
ALWAYS = [
    "Copies, backups and WACZ packages made before still hold the page.",
    "Feeds and section pages that list the page may name its title: they are pages of their own.",
]


def record(offset: int) -> WarcRecord:
    return WarcRecord("response", (), b"", True, offset, 1)


def held(**found: Any) -> TakedownPlan:
    """A plan for a page of which the archive holds something."""
    return replace(PLAN, holding=replace(PLAN.holding, **found))


def said(plan: TakedownPlan = PLAN, remains: Remains = NOTHING_LEFT, *others: OtherPlace) -> list[str]:
    """What is reported besides what is always said."""
    lines = list(report(plan, remains, others, []))
    assert [line for line in lines if line in ALWAYS] == ALWAYS
    return [line for line in lines if line not in ALWAYS]


def test_before_it_is_said_what_is_going_to_be_done() -> None:
    holding = Holding(
        lambda _: False,
        files={"b.warc.gz": [record(0)], "a.warc.gz": [record(0), record(9)]},
        dependents={"c.warc.gz": [record(0), record(1)], "d.warc.gz": [record(2)]},
        spellings={f"{URL}?b", URL},
        captures=2,
    )
    page = KnownPage(b"", frozenset({1}), frozenset({f"{URL}?a", URL}), False)
    texts = PageTexts(5, ["2021-01/000_a.txt", "2021-01/001_b.txt"], frozenset(), frozenset(), elsewhere=1)
    plan = replace(PLAN, page=page, holding=holding, texts=texts)
    assert list(describe(plan, ["x.warc.gz is damaged."])) == [
        f"To be redacted: {URL}",
        f"  also as {URL}?a",
        f"  also as {URL}?b",
        "  2 captures in 2 WARC files, which are rewritten",
        "    a.warc.gz: 2 records",
        "    b.warc.gz: 1 records",
        "  3 records of other pages repeat one of these and become whole, or refer to one that does",
        "  2 files of the corpus, earlier texts included, and 5 rows of the catalogue",
        "    2021-01/000_a.txt",
        "    2021-01/001_b.txt",
        "  1 more files lie in other data directories, until the command is given there",
        "  cannot be searched: x.warc.gz is damaged.",
    ]
    assert not any("more files" in line or "searched" in line for line in describe(PLAN, []))


def test_what_is_done_is_said_where_it_was_done() -> None:
    assert said() == [f"Redacted {URL}."]
    assert list(report(PLAN, NOTHING_LEFT, None, [])) == [f"Redacted {URL} here.", *ALWAYS]


REMEDY = (
    "give the same command where that file is, with the DATA_DIR of the worker or the ARCHIVE_DIR that has it"
)


@pytest.mark.parametrize(
    ("remains", "sentence"),
    [
        (
            Remains({OPEN: 2}, [], []),
            f"2 records of the page are still in {OPEN}: another run is writing to it. "
            "Give the same command once more when that run has ended.",
        ),
        (
            Remains({FOREIGN: 1}, [], []),
            f"1 records of the page are still in {FOREIGN}: only .warc.gz files can be rewritten. "
            "Move it out of the archive, or delete it.",
        ),
        (Remains({}, ["x.warc.gz is damaged."], []), "x.warc.gz is damaged."),
        (
            Remains({}, [], ["2021-01/007_c.txt"]),
            "A killed run left 2021-01/007_c.txt, which was moved to .revisions and may be of the page: read it, "
            "and delete it if it is.",
        ),
        (
            Remains({}, [], [], [(FILE, "")]),
            f"Captures of the page are in {FILE}, which is not in this archive: {REMEDY}.",
        ),
        (
            Remains({}, [], [], [(FILE, "b")]),
            f"Captures of the page are in {FILE}, which is not in this archive, but in the data directory /data/b: "
            f"{REMEDY}, or --all-places.",
        ),
        (
            Remains({}, [], [], (), ["c"]),
            "A run in /data/c on orla is fetching the page: give the same command there when it has ended.",
        ),
    ],
)
def test_what_is_left_is_said_with_what_to_do(remains: Remains, sentence: str) -> None:
    assert remains
    concerned = {place for _, place in remains.elsewhere}.union(remains.in_hand)
    searched = [each for each in (HERE, THERE) if each.place.id not in concerned]
    assert said(PLAN, remains, HERE, THERE) == [
        f"{URL} was redacted only in part:",
        f"  {sentence}",
        *(
            f"Not searched: the archive of {each.place}, in which the catalogue knows no capture of the page any "
            "more; --all-places searches it too."
            for each in searched
        ),
    ]


def test_what_other_places_have_is_no_reason_here() -> None:
    remains = Remains({OPEN: 1}, [], [], [(FILE, ""), (FILE, "b")], ["c"])
    assert remains.here == Remains({OPEN: 1}, [], [], [(FILE, "")])
    assert not Remains({}, [], [], [(FILE, "b")], ["c"]).here
    assert not NOTHING_LEFT


@pytest.mark.parametrize(
    ("left", "damage", "done"),
    [
        ({}, [], {1, 2, 3}),
        ({"a.warc.gz": 1}, [], {2, 3}),
        ({"b.warc.gz.open": 1}, [], {1, 3}),
        ({"c.warc.gz": 1}, [], {1, 2}),
        ({}, ["x.warc.gz is damaged."], set()),
    ],
)
def test_captures_are_done_with_where_nothing_of_their_file_is_left(
    left: dict[str, int], damage: Sequence[str], done: set[int]
) -> None:
    captures = PageCaptures({1: "a.warc.gz", 2: "b.warc.gz", 3: "c.warc.gz.open"}, [], [])
    assert Remains(left, damage, []).done_with(captures) == done


@pytest.mark.parametrize(
    ("plan", "sentences"),
    [
        (
            replace(PLAN, captures=PageCaptures({}, [], ["/old/pages.wacz"])),
            ["Not redacted: /old/pages.wacz, an archive of others that was read in place."],
        ),
        (
            held(same_content={OTHER, f"{OTHER}?a"}),
            [
                f"The archive has the same content at {OTHER}: redact that too if it must go.",
                f"The archive has the same content at {OTHER}?a: redact that too if it must go.",
            ],
        ),
        (held(redirects={OTHER}), [f"The page redirected to {OTHER}: redact that too if it must go."]),
        (
            held(redirected_here={OTHER}),
            [
                f"{OTHER} redirected to the page, and notes on it may contain the title: "
                "redact that too if it must go."
            ],
        ),
        (
            replace(PLAN, shown_with=ShownWith([f"{URL}.png"], [])),
            [f"The archive has a picture of the page, {URL}.png: redact that too if it must go."],
        ),
        (
            replace(PLAN, shown_with=ShownWith([], [f"{URL}.css", f"{URL}.svg"])),
            [
                "The archive keeps 2 files with which the page, and perhaps others, are shown: redact those too that "
                f"must go, {URL}.css {URL}.svg"
            ],
        ),
        (
            replace(PLAN, statements=2),
            [
                "The archive keeps what people decided about the page (2 statements), and what they noted with that: "
                "it is signed, and stays."
            ],
        ),
        (
            replace(PLAN, left_out=[(OTHER, "")]),
            [f"{OTHER} has the same text and was left out for it: scrapy rederive --apply can bring it in."],
        ),
        (
            replace(PLAN, left_out=[(OTHER, "b")]),
            [
                f"{OTHER} has the same text and was left out for it: scrapy rederive --apply can bring it in "
                "in the data directory /data/b."
            ],
        ),
        (
            replace(PLAN, page=replace(PLAN.page, lists_articles=True)),
            ["The page lists articles: the next crawl fetches it again, with the content of that day."],
        ),
    ],
)
def test_where_the_page_may_still_be_found_is_said(plan: TakedownPlan, sentences: list[str]) -> None:
    found = said(plan, NOTHING_LEFT, HERE)
    assert found[0] == f"Redacted {URL}."
    assert [line for line in found[1:] if not line.startswith("Not searched")] == sentences


def test_data_directories_of_their_own_are_named() -> None:
    lines = list(report(PLAN, NOTHING_LEFT, None, ["/data/d"]))
    assert "/data/d is a data directory of its own: run the command with -s DATA_DIR=/data/d too." in lines


@pytest.mark.parametrize(
    ("typed", "is_yes"),
    [("y\n", True), (" YES \n", True), ("\n", False), ("n\n", False), ("yet\n", False), ("", False)],
)
def test_only_a_yes_is_one_and_an_ended_input_is_none(
    monkeypatch: pytest.MonkeyPatch, typed: str, is_yes: bool
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert is_agreed() is is_yes
