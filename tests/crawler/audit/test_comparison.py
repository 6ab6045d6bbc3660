"""What a catalogue and one that was derived again differ in, page by page."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.audit.comparison import Comparison
from crawler.audit.differences import ChangeKind, Difference
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.redactions import note_redaction
from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.items import Article
from tests.support.outcomes import Shelved, article, filed, link, outcome_of

ONE = link("one")
PORT, DYKE = "Le port de Marisol rouvre.", "La digue de Marisol a tenu, dit le maire."


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[Catalogue, Catalogue]]:
    """The catalogue of the data directory, and that of what was derived again."""
    with (
        closing(Catalogue.open("", tmp_path / "live")) as live,
        closing(Catalogue.open("", tmp_path / "again")) as again,
    ):
        yield live, again


def keep(catalogue: Catalogue, *made: Article) -> None:
    run = begin_run(catalogue, "news", {}, "test")
    for number, each in enumerate(made):
        capture = Shelved(number)
        commit_outcomes(catalogue, run, [(outcome_of(filed(each, number)), capture.durable())])


def differences(stores: tuple[Catalogue, Catalogue]) -> list[Difference]:
    return list(Comparison(*stores).run())


def test_the_same_derived_again_is_no_difference(stores: tuple[Catalogue, Catalogue]) -> None:
    for catalogue in stores:
        keep(catalogue, article("one", PORT), article("two", DYKE))
    assert differences(stores) == []


@pytest.mark.parametrize("is_redacted", [False, True])
@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ([article("one", PORT)], [article("one", DYKE)], ChangeKind.TEXT),
        ([article("one", PORT)], [article("one", PORT, month="2021-02")], ChangeKind.MONTH),
        ([], [article("one", PORT)], ChangeKind.NEW),
        ([article("one", PORT)], [], ChangeKind.LOST),
    ],
)
def test_a_page_that_was_taken_down_is_not_compared(
    stores: tuple[Catalogue, Catalogue],
    before: list[Article],
    after: list[Article],
    kind: ChangeKind,
    is_redacted: bool,
) -> None:
    for catalogue, made in zip(stores, (before, after), strict=True):
        keep(catalogue, *made)
    if is_redacted:
        note_redaction(stores[0], f"{ONE.url}?utm_source=x", "2026-05-03T10:00:00Z", "as asked")
    found = [(each.url, each.kind) for each in differences(stores)]
    assert found == ([] if is_redacted else [(ONE.url, kind)])


def test_a_record_out_of_reach_is_not_missed(stores: tuple[Catalogue, Catalogue]) -> None:
    keep(stores[0], article("one", PORT))
    assert list(Comparison(*stores, is_out_of_reach=lambda row: row.url == ONE.url).run()) == []
    assert len(list(Comparison(*stores, is_out_of_reach=lambda _: False).run())) == 1


@pytest.mark.parametrize("changed", [0, 1])
def test_an_earlier_text_is_not_compared_and_the_present_one_is(
    stores: tuple[Catalogue, Catalogue], changed: int
) -> None:
    for at, catalogue in enumerate(stores):
        texts = [PORT, DYKE]
        if at:
            texts[changed] = "Le phare de Marisol brille, dit le maire."
        first = filed(article("one", texts[0]), 0)
        keep(catalogue, article("one", texts[0]), article("one", texts[1], revises=first.file))
    found = [each.kind for each in differences(stores)]
    assert found == ([ChangeKind.TEXT] if changed else [])
