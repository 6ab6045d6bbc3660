"""Sources that were silent or whose feeds failed, with the causes."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.catalogue.gathering_runs import GatheringRun
from crawler.catalogue.last_looks import last_looks
from crawler.catalogue.run_ends import listings_visited
from crawler.catalogue.silences import Gap, Silence, find_gaps
from crawler.database.catalogue import Catalogue

LONGEST = timedelta(days=30)
"""Days before the last one that are looked at."""


@dataclass(frozen=True, slots=True)
class SilentSource:
    """A source with days that may have had news that we do not have, or without an article."""

    source: str
    faults: int
    """Days that may have had news."""
    quiet: int
    """Days without an article for which there was none."""
    cause: str
    """The most frequent one, of the faults if there are some."""
    detail: str
    """What was seen on the last of its days."""


@dataclass(frozen=True, slots=True)
class FailingListing:
    """A feed, sitemap or section page that gave nothing when it was fetched last."""

    source: str
    url: str
    cause: str
    """With what the server said."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days (UTC) of runs."""

    first: date
    last: date

    @classmethod
    def of(cls, runs: Sequence[GatheringRun]) -> "Period":
        days = [
            date.fromisoformat(each[:10]) for run in runs for each in (run.started, run.ended or run.started)
        ]
        return cls(max(min(days), max(days) - LONGEST), max(days))


def silent_sources(catalogue: Catalogue, period: Period) -> list[SilentSource]:
    """The sources that crawls listen to with days without articles, those with most faults first."""
    gaps = defaultdict[str, list[Gap]](list)
    for gap in find_gaps(catalogue, period.first, period.last):
        # A source that is not due yet on the last day is not silent, whenever the report is made.
        if not (gap.day == period.last.isoformat() and gap.silence in (Silence.NOT_POLLED, Silence.NO_RUN)):
            gaps[gap.source].append(gap)
    found = [_silent(source, its) for source, its in gaps.items()]
    return sorted(found, key=lambda each: (-each.faults, -each.quiet, each.source))


def _silent(source: str, gaps: Sequence[Gap]) -> SilentSource:
    faults = [gap for gap in gaps if gap.silence.is_fault]
    causes = Counter(gap.silence for gap in faults or gaps)
    cause = max(causes, key=lambda each: (causes[each], str(each)))
    detail = next(gap.detail for gap in reversed(gaps) if gap.silence is cause)
    return SilentSource(source, len(faults), len(gaps) - len(faults), str(cause), detail)


def failing_listings(catalogue: Catalogue, runs: Sequence[int]) -> list[FailingListing]:
    """The listings that these runs visited and that gave nothing, by source."""
    visited = listings_visited(catalogue, runs)
    looks = last_looks(catalogue, [url for _, url in visited])
    return [
        FailingListing(source, url, look.result)
        for source, url in visited
        if (look := looks.get(url)) is not None and not look.is_ok
    ]
