"""Every decision is in the archive too, also those of catalogues that were made before it could be."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.evidence.signed_fields import read_fields, write_fields
from archive.evidence.statements import Statement
from crawler.catalogue.redactions import note_redaction
from crawler.catalogue.reviews import ReviewChoice, ReviewDecision, decisions, note_decisions
from crawler.catalogue.samples import (
    Answer,
    Cell,
    Judgement,
    Sample,
    SampledPage,
    enter_judgements,
    enter_sample,
    judgements,
    latest_sample,
)
from crawler.catalogue.stated_decisions import (
    Decided,
    ErasedArticle,
    LeftOut,
    StatedRedaction,
    decision_of,
    has_unstated,
    state_earlier,
    state_judgement,
    state_redaction,
    state_review,
    state_sample,
)
from crawler.database import schema
from crawler.database.catalogue import Catalogue

WHEN = "2026-05-03T10:00:00.000000Z"
REVIEWS = [
    ReviewDecision("https://vella.example/a?q=é", ReviewChoice.ACCEPT, "Ada", WHEN),
    ReviewDecision("http://тарн.example/б", ReviewChoice.REJECT, "Åsa Öberg", WHEN),
    ReviewDecision("https://vella.example/a?q=é", ReviewChoice.REJECT, "Ben", "2026-05-04T10:00:00.000000Z"),
]
REDACTIONS = [
    StatedRedaction("https://vella.example/a", WHEN, "as asked: the family"),
    StatedRedaction(
        "https://vella.example/a",
        WHEN,
        "طلب",
        (
            ErasedArticle("<urn:uuid:1>", "2021-01", 5, "vella", "live", "https://vella.example/feed"),
            ErasedArticle("<urn:uuid:2>", None, None, None, "replay", None),
        ),
        (
            LeftOut(
                "https://orla.example/copy", "syndicated", "same text", "https://vella.example/a", 1.0, 0.9
            ),
        ),
    ),
]

CELL = Cell("off_topic", "0.1", "tarn-ілюстрована", "uk")
SAMPLE = Sample(
    *(WHEN, 7, "Åsa Öberg", (SampledPage("<urn:uuid:7>", "https://тарн.example/б", CELL),)),
    {CELL: 12, Cell("no_text", "", "", ""): 3},
    {"taken down": 2},
)
JUDGEMENTS = [
    Judgement("<urn:uuid:7>", "https://тарн.example/б", answer, "Åsa Öberg", WHEN) for answer in Answer
]


class Written:
    """Statements that were made, in their order."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def state(self, kind: str, said: Mapping[str, str]) -> str:
        record_id = f"<urn:uuid:{len(self.statements)}>"
        fields = read_fields(write_fields({"statement": kind, **said}, None))
        self.statements.append(Statement(kind, record_id, WHEN, fields))
        return record_id


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        yield catalogue


def test_each_decision_is_read_from_its_statement_as_it_was_given() -> None:
    written = Written()
    given: list[Decided] = [state_review(written, each) for each in REVIEWS]
    given += [state_redaction(written, each) for each in REDACTIONS]
    given += [state_sample(written, SAMPLE), *(state_judgement(written, each) for each in JUDGEMENTS)]
    assert [decision_of(each) for each in written.statements] == given
    assert all(each.stated for each in given)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("date", {"url": "https://vella.example/a", "month": "2021-02"}),
        ("review", {"url": "https://vella.example/a", "choice": "postpone", "who": "Ada", "decided": WHEN}),
        ("review", {"url": "https://vella.example/a", "choice": "accept"}),
        ("judgement", JUDGEMENTS[0]._replace(stated="")._asdict() | {"answer": "perhaps"}),
        ("sample", SAMPLE.said() | {"cells": "[]", "pages": "[1]"}),
        (
            "redaction",
            {"url": "https://vella.example/a", "redacted": WHEN, "reason": "x", "articles": "[[1]]"},
        ),
    ],
)
def test_what_a_later_version_states_is_no_decision_of_this_one(kind: str, said: dict[str, str]) -> None:
    written = Written()
    written.state(kind, said)
    assert decision_of(written.statements[0]) is None


def test_what_an_earlier_frontwire_noted_is_stated_once_in_its_order(catalogue: Catalogue) -> None:
    catalogue.write(lambda connection: note_decisions(connection, REVIEWS))
    note_redaction(catalogue, REDACTIONS[0].url, REDACTIONS[0].date, REDACTIONS[0].reason)
    assert has_unstated(catalogue)
    written = Written()
    assert state_earlier(catalogue, written) == 4
    assert [each.said["url"] for each in written.statements] == [
        *(each.url for each in REVIEWS),
        REDACTIONS[0].url,
    ]
    assert not has_unstated(catalogue)
    assert state_earlier(catalogue, written) == 0
    assert {each.stated for each in decisions(catalogue).values()} == {"<urn:uuid:1>", "<urn:uuid:2>"}


@pytest.mark.parametrize("noted", [(0, 1, 2), (2, 0, 1)])
def test_takedowns_are_stated_in_the_order_of_their_dates(
    catalogue: Catalogue, noted: tuple[int, ...]
) -> None:
    dates = [f"2026-05-0{day}T10:00:00.000000Z" for day in (3, 4, 5)]
    for at in noted:
        note_redaction(catalogue, f"https://vella.example/{at}", dates[at], "طلب")
    written = Written()
    state_earlier(catalogue, written)
    assert [each.said["redacted"] for each in written.statements] == dates


def test_samples_and_judgements_are_kept_and_stated_later(catalogue: Catalogue) -> None:
    catalogue.write(lambda connection: enter_sample(connection, SAMPLE._replace(seed=6)))
    catalogue.write(lambda connection: enter_sample(connection, SAMPLE))
    catalogue.write(lambda connection: enter_judgements(connection, JUDGEMENTS))
    assert latest_sample(catalogue) == SAMPLE
    assert judgements(catalogue) == JUDGEMENTS
    written = Written()
    assert state_earlier(catalogue, written) == 2 + len(JUDGEMENTS)
    stated = [decision_of(each) for each in written.statements]
    assert stated[1:] == [latest_sample(catalogue), *judgements(catalogue)]
    assert not has_unstated(catalogue)


def test_what_is_stated_with_the_decision_is_not_stated_again(catalogue: Catalogue) -> None:
    written = Written()
    given = [state_review(written, each) for each in REVIEWS]
    catalogue.write(lambda connection: note_decisions(connection, given))
    assert not has_unstated(catalogue)
    with catalogue.read() as connection:
        assert list(connection.execute(select(schema.review.c.stated)).scalars()) == [
            each.stated for each in given
        ]


def test_killed_in_between_the_rest_is_stated_later(catalogue: Catalogue) -> None:
    catalogue.write(lambda connection: note_decisions(connection, REVIEWS))

    class Killed(Written):
        def state(self, kind: str, said: Mapping[str, str]) -> str:
            if self.statements:
                raise KeyboardInterrupt
            return super().state(kind, said)

    with pytest.raises(KeyboardInterrupt):
        state_earlier(catalogue, Killed())
    assert state_earlier(catalogue, Written()) == 2
