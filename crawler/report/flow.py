"""From discovered to saved: how the URLs of runs ended, by stage, fate, source and cause; the sums reconcile."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.catalogue.run_ends import RunEnd
from crawler.fates import IN_CORPUS, Fate
from crawler.run.result import UNREACHED

EXAMPLES = 10
"""URLs that are named of each fate and cause."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One reason why a URL left the way to the corpus, which is the last one."""

    id: str
    name: str
    fates: frozenset[Fate]


_WAYS = frozenset({Fate.DISCOVERY, Fate.PARTLY_READ, Fate.REDIRECTED})

STAGES = (
    Stage("ways", "feeds, lists, redirects", _WAYS),
    Stage("failed", "not obtained", UNREACHED - _WAYS),
    Stage(
        "no-article",
        "no article on it",
        frozenset(
            {
                *(Fate.TOO_SHORT, Fate.NO_TEXT, Fate.PAYWALL_STUB, Fate.JS_SHELL),
                *(Fate.INDEX_PAGE, Fate.NOT_HTML),
            }
        ),
    ),
    Stage("left-out", "left out", frozenset({Fate.OFF_TOPIC, Fate.OUT_OF_RANGE, Fate.RIGHTS_DROPPED})),
    Stage("unchanged", "unchanged since", frozenset({Fate.UNCHANGED})),
    Stage("known", "known text", frozenset({Fate.DUPLICATE, Fate.SYNDICATED, Fate.PART})),
    Stage("people", "waits for a person", frozenset({Fate.REVIEW, Fate.UNDATED})),
    Stage("kept", "in the corpus", IN_CORPUS),
)
"""Each fate is in one of them."""

_STAGE_OF = {str(fate): stage.id for stage in STAGES for fate in stage.fates}
_URL = re.compile(r"\S*https?://\S+")
_LONGEST_CAUSE = 80


@dataclass(frozen=True, slots=True)
class Cause:
    """A fate, with what a server or the network said, where that tells causes apart."""

    fate: str
    words: str


_OF_FATE = {str(fate): Cause(str(fate), "") for fate in Fate}


@dataclass(slots=True)
class Flow:
    """The ends of runs."""

    discovered: int
    """By the rows of the runs, which counted it on their own."""
    fates: Counter[str] = field(default_factory=Counter)
    by_source: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By source the counts of the stages."""
    causes: defaultdict[str, Counter[Cause]] = field(default_factory=lambda: defaultdict(Counter))
    """By source."""
    examples: defaultdict[str, list[RunEnd]] = field(default_factory=lambda: defaultdict(list))
    """By fate the newest."""

    @property
    def stages(self) -> Mapping[str, int]:
        """How many left the way at each stage."""
        counts = Counter[str]()
        for fate, count in self.fates.items():
            counts[_stage(fate)] += count
        return counts

    @property
    def looked_at(self) -> int:
        return self.fates.total()

    @property
    def waiting(self) -> int:
        """URLs that no request was made for yet; below 0 if something is wrong."""
        return self.discovered - self.looked_at

    def sources(self) -> Sequence[str]:
        """Those with most URLs first."""
        return sorted(self.by_source, key=lambda source: (-self.by_source[source].total(), source))


def flow_of(discovered: int, ends: Iterable[RunEnd]) -> Flow:
    """The sums over the ends of runs that had to account for so many URLs."""
    flow = Flow(discovered)
    for end in ends:
        stage = _stage(end.fate)
        flow.fates[end.fate] += 1
        flow.by_source[end.source][stage] += 1
        # Of a million URLs few failed; of the others the fate says all.
        flow.causes[end.source][cause_of_end(end) if stage == "failed" else _OF_FATE[end.fate]] += 1
        if len(flow.examples[end.fate]) < EXAMPLES:
            flow.examples[end.fate].append(end)
    return flow


def cause_of_end(end: RunEnd) -> Cause:
    """Why a URL was not obtained; of others the fate says all."""
    if _stage(end.fate) != "failed":
        return _OF_FATE[end.fate]
    return Cause(end.fate, " ".join(_URL.sub("…", end.reason).split())[:_LONGEST_CAUSE])


def _stage(fate: str) -> str:
    return _STAGE_OF[fate]
