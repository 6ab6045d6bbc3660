"""What a check says of differences: faults where nothing explains them, notes and a sum where something does."""

import pytest

from archive.checks.findings import Finding, Severity
from crawler.audit.differences import ChangeKind, Difference
from crawler.audit.verification import findings_of

URL, WHY = "https://marisol.example/one", "extracted by old, now new"


def difference(kind: ChangeKind, reason: str = WHY) -> Difference:
    return Difference(URL, kind, "It would end otherwise", reason, 1, 2)


@pytest.mark.parametrize("kind", ChangeKind)
def test_what_nothing_explains_is_a_fault(kind: ChangeKind) -> None:
    unexplained = difference(kind, "")
    assert list(findings_of([unexplained])) == [Finding(Severity.FAULT, URL, "It would end otherwise.")]


@pytest.mark.parametrize(
    ("kind", "is_told", "counts"),
    [
        (ChangeKind.NEW, True, "2 articles of the corpus and 0 other entries"),
        (ChangeKind.TEXT, True, "2 articles of the corpus and 0 other entries"),
        (ChangeKind.MONTH, True, "2 articles of the corpus and 0 other entries"),
        (ChangeKind.WITHDRAWN, True, "2 articles of the corpus and 0 other entries"),
        (ChangeKind.FATE, False, "0 articles of the corpus and 2 other entries"),
        (ChangeKind.ENTRY, False, "0 articles of the corpus and 2 other entries"),
        (ChangeKind.LOST, False, "0 articles of the corpus and 2 other entries"),
    ],
)
def test_what_is_explained_is_noted_and_counted(kind: ChangeKind, is_told: bool, counts: str) -> None:
    *told, summed = findings_of([difference(kind), difference(kind)])
    assert told == [Finding(Severity.NOTE, URL, f"It would end otherwise: {WHY}.")] * (2 * is_told)
    assert (summed.severity, summed.file) == (Severity.NOTE, "catalogue")
    assert summed.sentence == (
        f"Derived by what is installed and set now, {counts} of the catalogue would change: "
        "`scrapy rederive` shows it in full."
    )


def test_where_nothing_differs_nothing_is_said() -> None:
    assert list(findings_of([])) == []
