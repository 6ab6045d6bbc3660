"""What the corpus holds, divided by month, language, country, source and war, with the newest articles of each part."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
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
class CorpusCounts:
    """Numbers of articles."""

    held: Counter[Part] = field(default_factory=Counter)
    """In the corpus now."""
    brought: Counter[Part] = field(default_factory=Counter)
    """By the runs."""
    articles: int = 0
    new: list[int] = field(default_factory=list)
    updated: list[int] = field(default_factory=list)
    silent: list[int] = field(default_factory=list)
    """Ids of what the runs brought in, the newest first, no more than are shown."""
    changes: Counter[str] = field(default_factory=Counter)
    """How many of each there are."""
    examples: defaultdict[Part, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Ids of articles of the corpus, the newest first."""

    def values(self, division: str) -> list[str]:
        """The values of a division: months in their order, of others those with most articles first."""
        values = [value for name, value in self.held.keys() | self.brought.keys() if name == division]
        if division == "month":
            return sorted(values)
        return sorted(values, key=lambda value: (-self.held[division, value], value))

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
            *(each for part in parts for each in self.examples[part]),
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
        if is_brought:
            counts.brought[part] += 1
        if row.is_in_corpus:
            counts.held[part] += 1
            if len(examples := counts.examples[part]) < EXAMPLES:
                examples.append(row.id)


def _parts(row: CorpusRow, known: Mapping[str, Source]) -> Iterator[Part]:
    source = known.get(row.source)
    yield "month", row.month
    yield "language", row.language
    yield "source", row.source
    yield "country", source.country if source else ""
    yield "war", war_in(row.terms)
