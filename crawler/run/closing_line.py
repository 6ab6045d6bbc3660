"""The last line of a run: how it ended, where the articles are, what waits, and which sources failed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from crawler.catalogue.failed_sources import FailedSource, told_by_cause
from crawler.fates import IN_CORPUS, Fate
from crawler.run.result import RunResult

MOST_SOURCES = 20
"""How many failed sources the line names."""

_WAITING = {
    Fate.REVIEW: "a decision (`scrapy review list`)",
    Fate.UNDATED: "a date that can be trusted",
}


def closing_line(result: RunResult, corpus: Path, failed: Sequence[FailedSource]) -> str:
    """One line of sentences; `failed` are the sources that gave the run nothing, or less than they should have."""
    return " ".join([result.sentence, *_sentences(result, corpus, failed)])


def _sentences(result: RunResult, corpus: Path, failed: Sequence[FailedSource]) -> Iterator[str]:
    fates = result.tally.fates
    if articles := sum(fates.get(fate, 0) for fate in IN_CORPUS):
        yield f"The {articles} articles are in {corpus}." if articles > 1 else f"The article is in {corpus}."
    for fate, what in _WAITING.items():
        if count := fates.get(fate):
            yield f"{count} {'waits' if count == 1 else 'wait'} for {what}."
    if result.tally.pending:
        yield f"{result.tally.pending} URLs are left to the next run."
    if failed:
        yield f"Sources that failed: {'; '.join(told_by_cause(failed, MOST_SOURCES))}."
