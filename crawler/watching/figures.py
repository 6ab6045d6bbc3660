"""What a run has done so far, counted as its URLs end."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from crawler.catalogue.last_looks import Cause, cause_of
from crawler.fates import IN_CORPUS, Fate
from crawler.outcome import Outcome
from crawler.run.result import UNREACHED

HEADLINES, FAILURES = 30, 30
"""How many of the last ones are kept."""

_RATE_OVER_S = 60.0
_FAILED = UNREACHED - {Fate.REDIRECTED}
"""Fates of what could not be had, unless robots.txt said so: a redirect counts for where it leads."""


class Headline(NamedTuple):
    """An article that came into the corpus."""

    source: str
    title: str


class Failure(NamedTuple):
    """A URL that could not be had."""

    source: str
    url: str
    reason: str


@dataclass(slots=True)
class SourceFigures:
    """What a source gave so far."""

    pages: int = 0
    articles: int = 0
    failed: int = 0


@dataclass(slots=True)
class RunFigures:
    """Sums over the outcomes of a run; titles, reasons and URLs are as the pages gave them."""

    fates: Counter[str] = field(default_factory=Counter)
    sources: dict[str, SourceFigures] = field(default_factory=dict)
    """By the registry's id, the one that gave something last at the end."""
    failed: int = 0
    """Requests that gave nothing; one that is tried again counts each time."""
    headlines: deque[Headline] = field(default_factory=lambda: deque(maxlen=HEADLINES))
    failures: deque[Failure] = field(default_factory=lambda: deque(maxlen=FAILURES))
    _samples: deque[tuple[float, int]] = field(default_factory=deque)

    @property
    def ended(self) -> int:
        """How many URLs have ended."""
        return self.fates.total()

    @property
    def articles(self) -> int:
        """How many articles came into the corpus."""
        return sum(self.fates[fate] for fate in IN_CORPUS)

    def note(self, outcome: Outcome) -> None:
        """Count how a URL ended."""
        source = outcome.evidence.source
        figures = self.sources[source] = self.sources.pop(source, SourceFigures())
        figures.pages += 1
        if outcome.fate in _FAILED and cause_of(outcome.fate, outcome.reason, 0) is not Cause.ROBOTS:
            figures.failed += 1
            self.failed += 1
            self.failures.append(Failure(source, outcome.url, outcome.reason or outcome.fate))
        if not outcome.is_end:
            return
        self.fates[outcome.fate] += 1
        if outcome.fate in IN_CORPUS:
            figures.articles += 1
            title = outcome.article.title if outcome.article else ""
            self.headlines.append(Headline(source, title or outcome.url))

    def sample(self, now_s: float) -> None:
        """Remember how many URLs have ended by now; from two such moments comes the rate."""
        self._samples.append((now_s, self.ended))
        while len(self._samples) > 2 and now_s - self._samples[1][0] >= _RATE_OVER_S:
            self._samples.popleft()

    @property
    def per_minute(self) -> float:
        """URLs that ended in the last minute."""
        if len(self._samples) < 2:
            return 0.0
        (since, before), (now, ended) = self._samples[0], self._samples[-1]
        return 60.0 * (ended - before) / (now - since) if now > since else 0.0

    def last_failures(self) -> Iterator[Failure]:
        """The last failures, the newest first, one for each source and reason."""
        seen = set()
        for failure in reversed(self.failures):
            if (key := (failure.source, failure.reason)) not in seen:
                seen.add(key)
                yield failure
