"""What the corpus holds, divided by month, language, country, source and war, with the newest articles of each part."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from crawler.catalogue.corpus_rows import CorpusRow
from crawler.fates import IN_CORPUS, Fate
from crawler.relevance.wars import war_in
from crawler.sources.source import Source

EXAMPLES = 5
"""Articles that are named of each part."""

SHOWN = {"month": 120, "language": 20, "country": 20, "source": 30, "war": 20}
"""What is divided, and into how many parts at the most; of months these are the last ones."""

Part = tuple[str, str]
"""A division and a value of it, which is empty where it is not known."""


@dataclass(slots=True)
class PartCounts:
    """Numbers of articles of a part."""

    held: int = 0
    """In the corpus now."""
    brought: int = 0
    """By the runs."""
    examples: list[int] = field(default_factory=list)
    """Ids of articles of the corpus, the newest first."""


@dataclass(slots=True)
class CorpusCounts:
    """Numbers of articles."""

    parts: defaultdict[Part, PartCounts] = field(default_factory=lambda: defaultdict(PartCounts))
    articles: int = 0
    """In the corpus now."""
    new: list[int] = field(default_factory=list)
    updated: list[int] = field(default_factory=list)
    silent: list[int] = field(default_factory=list)
    """Ids of what the runs brought in, the newest first, no more than are shown."""
    changes: Counter[str] = field(default_factory=Counter)
    """How many of each there are."""

    def values(self, division: str) -> list[str]:
        """The values of a division: months in their order, of others those with most articles first."""
        values = [value for name, value in self.parts if name == division]
        if division == "month":
            return sorted(values)
        return sorted(values, key=lambda value: (-self.parts[division, value].held, value))

    def shown(self, division: str) -> list[Part]:
        """The parts of a division that are shown."""
        values = self.values(division)
        shown = values[-SHOWN[division] :] if division == "month" else values[: SHOWN[division]]
        return [(division, value) for value in shown]

    def named(self) -> list[int]:
        """The articles that are named of what is shown."""
        parts = (part for division in SHOWN for part in self.shown(division))
        return [
            *self.new,
            *self.updated,
            *self.silent,
            *(each for part in parts for each in self.parts[part].examples),
        ]


def count_corpus(
    rows: Iterable[CorpusRow], runs: Collection[int], known: Mapping[str, Source], shown: int
) -> CorpusCounts:
    """The counts over all rows, the newest first; of the changes that `runs` brought, `shown` are named."""
    counts = CorpusCounts()
    for row in rows:
        is_brought = row.run_id in runs and row.fate in IN_CORPUS
        if is_brought:
            _note_change(counts, row, shown)
        if row.is_in_corpus or is_brought:
            _count(counts, row, is_brought, known)
    return counts


def _note_change(counts: CorpusCounts, row: CorpusRow, shown: int) -> None:
    names = ["updated" if row.fate == Fate.UPDATED else "new", *(["silent"] if row.is_silent_edit else [])]
    for name in names:
        counts.changes[name] += 1
        listed: list[int] = getattr(counts, name)
        if len(listed) < shown:
            listed.append(row.id)


def _count(counts: CorpusCounts, row: CorpusRow, is_brought: bool, known: Mapping[str, Source]) -> None:
    counts.articles += row.is_in_corpus
    for part in _parts(row, known):
        its = counts.parts[part]
        its.brought += is_brought
        if row.is_in_corpus:
            its.held += 1
            if len(its.examples) < EXAMPLES:
                its.examples.append(row.id)


def _parts(row: CorpusRow, known: Mapping[str, Source]) -> tuple[Part, ...]:
    source = known.get(row.source)
    return (
        ("month", row.month),
        ("language", row.language),
        ("source", row.source),
        ("country", source.country if source else ""),
        ("war", war_in(row.terms)),
    )
