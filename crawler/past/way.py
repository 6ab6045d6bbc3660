"""What a way to the past is: what it would cost, where it begins, and how it reads the listings that only it has."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from crawler.discovery import Listing
from crawler.items import Discovery, Evidence, Link, RawPage, UrlKind
from crawler.past.period import Period, read_period
from crawler.past.publishers import Publisher, Publishers

Reader = Callable[[RawPage, Publishers], Listing]
"""Reads a listing; ContentError of `crawler.http.decoding` if it cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a back-fill has to do."""

    period: Period
    """All days of which some publisher's articles are wanted."""
    publishers: tuple[Publisher, ...]
    bases: Mapping[str, str]
    """By the name of a way, the URL of the service that it asks; without a slash at the end."""
    pages_per_day: int
    """Articles that a publisher is taken to publish a day, for the plan."""
    piece_bytes: int
    """Of a file that is read piece by piece."""

    def period_of(self, publisher: Publisher) -> Period:
        """The days of which the articles of a publisher are wanted."""
        return read_period(publisher.evidence.period) or self.period

    def pages_of(self, publisher: Publisher) -> int:
        """Articles of a publisher in its period, by `pages_per_day`."""
        return self.pages_per_day * self.period_of(publisher).days

    def start_of(self, publisher: Publisher) -> Evidence:
        """The evidence of a listing of one publisher with which a way begins."""
        return replace(publisher.evidence, how=Discovery.START, period=str(self.period_of(publisher)))

    def shared(self, name: str) -> Evidence:
        """The evidence of a listing of all publishers: see `Way.shared_as`."""
        return Evidence(source=name, period=str(self.period))


@dataclass(frozen=True, slots=True)
class Cost:
    """An estimate: what a way asks of one host."""

    way: str
    source: str
    """Empty where it is for all sources together."""
    host: str
    requests: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way of discovery."""

    name: str
    costs: Callable[[Task], Iterator[Cost]]
    links: Callable[[Task], Iterator[Link]]
    """The listings with which it begins."""
    readers: Mapping[UrlKind, Reader] = field(default_factory=dict)
    shared_as: str = ""
    """What stands in the place of a source for its listings of all publishers together; empty if it has none."""


PAGE_BYTES = 50_000
"""A page of a newsroom as it is sent, compressed: estimated."""
