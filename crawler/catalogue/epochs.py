"""Epochs of sources: since when each gives articles, and from when to when it was silent, blocked or not listened to.

They are derived from the visits, as gaps are: what is known of a day later changes them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from crawler.catalogue.silences import Silence, days_of_sources, first_days
from crawler.database.catalogue import Catalogue

SILENT_AFTER = timedelta(days=7)
"""Newsrooms have days without news: a shorter silence makes no epoch."""

_MONTH = timedelta(days=30)
"""So much is in memory at a time."""


class State(StrEnum):
    """How it is with a source for some time."""

    ADDED = "added"  # gives articles for the first time
    BACK = "back"  # and again
    SILENT = "silent"
    BLOCKED = "blocked"
    OUTAGE = "our outage"


_OF_SILENCE = {
    Silence.NOTHING: State.SILENT,
    Silence.DEAD: State.SILENT,
    Silence.MOVED: State.SILENT,
    Silence.UNREACHABLE: State.SILENT,
    Silence.BLOCKED: State.BLOCKED,
    Silence.ROBOTS: State.BLOCKED,
    Silence.NO_RUN: State.OUTAGE,
    Silence.NOT_POLLED: State.OUTAGE,
}
"""Of days without an article; on the others the source had news, even if none of it is in the corpus."""


@dataclass(slots=True)
class Epoch:
    """Days of a source, one after the other, on which it was the same with it."""

    source: str
    first: date
    last: date
    state: State
    causes: Counter[str] = field(default_factory=Counter)
    """On how many of the days which `Silence` was seen."""

    @property
    def days(self) -> int:
        """How many days it lasted."""
        return (self.last - self.first).days + 1

    @property
    def gives(self) -> bool:
        """Whether the source has news in it."""
        return self.state in (State.ADDED, State.BACK)


def find_epochs(catalogue: Catalogue, last: date, only: Collection[str] = ()) -> Iterator[Epoch]:
    """The epochs of each source that a crawl has visited, or of some of them, up to a day; by source and day."""
    with catalogue.read() as connection:
        begins = first_days(connection).values()
    stretches = defaultdict[str, list[Epoch]](list)
    first = min(begins, default=last + _MONTH)
    while first <= last:
        end = min(first + _MONTH, last)
        for source, day, found in days_of_sources(catalogue, first, end, only):
            _extend(stretches[source], source, day, found[0] if found else None)
        first = end + timedelta(days=1)
    for source in sorted(stretches):
        yield from epochs_of(stretches[source])


def epochs_of(stretches: Sequence[Epoch]) -> list[Epoch]:
    """The epochs that stretches of like days make: short silences belong to what is around them."""
    epochs: list[Epoch] = []
    gave = False
    for stretch in stretches:
        is_short = stretch.state is State.SILENT and stretch.days < SILENT_AFTER.days
        gives = stretch.gives or is_short
        if epochs and (epochs[-1].gives if gives else epochs[-1].state is stretch.state):
            epochs[-1].last = stretch.last
            epochs[-1].causes += stretch.causes
            continue
        state = (State.BACK if gave else State.ADDED) if gives else stretch.state
        epochs.append(Epoch(stretch.source, stretch.first, stretch.last, state, Counter(stretch.causes)))
        gave = gave or gives
    return epochs


def _extend(stretches: list[Epoch], source: str, day: date, silence: Silence | None) -> None:
    """Add a day to the last stretch if it is like its days, else begin another."""
    state = _OF_SILENCE.get(silence, State.ADDED) if silence is not None else State.ADDED
    if stretches and stretches[-1].state is state:
        stretches[-1].last = day
    else:
        stretches.append(Epoch(source, day, day, state))
    if silence is not None:
        stretches[-1].causes[str(silence)] += 1
