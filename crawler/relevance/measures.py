"""Measures how well scores agree with labels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, Self


class Row(NamedTuple):
    """One labelled text with its score."""

    is_wanted: bool
    score: float
    is_accepted: bool


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts and the measures derived from them; a share of nothing is 0."""

    wanted: int
    others: int
    found: int
    """Wanted texts that were accepted."""
    false: int
    """Other texts that were accepted."""
    average_precision: float

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        """The measures of these rows, which are kept in memory; texts are not."""
        rows = list(rows)
        wanted = sum(row.is_wanted for row in rows)
        accepted = [row.is_wanted for row in rows if row.is_accepted]
        found = sum(accepted)
        return cls(wanted, len(rows) - wanted, found, len(accepted) - found, average_precision(rows))

    @property
    def precision(self) -> float:
        return _share(self.found, self.found + self.false)

    @property
    def recall(self) -> float:
        return _share(self.found, self.wanted)

    @property
    def f1(self) -> float:
        return _share(2 * self.found, self.found + self.false + self.wanted)

    @property
    def false_accepts(self) -> float:
        """Share of the other texts that were accepted."""
        return _share(self.false, self.others)

    def __str__(self) -> str:
        return (
            f"F1 {self.f1:.3f}  precision {self.precision:.3f}  recall {self.recall:.3f}  "
            f"AP {self.average_precision:.3f}  false accepts {self.false_accepts:.3f}  "
            f"({self.wanted} wanted, {self.others} others)"
        )


def average_precision(rows: Sequence[Row]) -> float:
    """Area under the precision-recall curve; texts with the same score count together."""
    ranked = sorted(rows, key=lambda row: -row.score)
    area, found, seen = 0.0, 0, 0
    for _, alike in groupby(ranked, key=lambda row: row.score):
        labels = [row.is_wanted for row in alike]
        found, seen = found + sum(labels), seen + len(labels)
        area += sum(labels) * found / seen
    return _share(area, found)


def best_threshold(rows: Iterable[Row]) -> tuple[float, float]:
    """The threshold with the best F1, the highest of several, and that F1."""
    ranked = sorted(rows, key=lambda row: -row.score)
    wanted = sum(row.is_wanted for row in ranked)
    best, f1, found, seen = 1.0, 0.0, 0, 0
    for score, alike in groupby(ranked, key=lambda row: row.score):
        labels = [row.is_wanted for row in alike]
        found, seen = found + sum(labels), seen + len(labels)
        if _share(2 * found, seen + wanted) > f1:
            best, f1 = score, _share(2 * found, seen + wanted)
    return best, f1


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
