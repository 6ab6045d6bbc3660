"""Which pages a person judges: a random sample of each stratum, whose sizes say what each page stands for.

A stratum is a kind of page (in the corpus, a copy, off topic, …) within a band of scores. Three tenths of the sample
are of the corpus, for precision; the rest is for recall. Each stratum gives two pages at least; the others go where
they narrow the interval most, which is in proportion to size and to how uncertain an answer is (Neyman 1934; in whole
numbers Wright, The American Statistician 66, 2012).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from math import sqrt
from random import Random
from typing import NamedTuple

from crawler.catalogue.samples import Cell, Sample, SampledPage, Unit
from crawler.database.clock import utc_text
from crawler.errors import OperatorError
from crawler.fates import IN_CORPUS, Fate

CORPUS, COPY, UNREAD = "in the corpus", "copy", "no article found"
"""Kinds of pages; others are named like their fate."""

_COPIES = frozenset({Fate.DUPLICATE, Fate.SYNDICATED, Fate.PART, Fate.UNCHANGED})
_OWN_KIND = frozenset({Fate.OFF_TOPIC, Fate.REVIEW, Fate.UNDATED, Fate.RIGHTS_DROPPED})

_BANDS = (0.75, 0.5, 0.3, 0.1, 0.0)
"""Lowest scores; from .5 on an article is accepted."""

_GUESSES = {"0.75": 0.7, "0.5": 0.5, "0.3": 0.35, "0.1": 0.1, "0": 0.02, "": 0.05}
"""Shares of pages outside the corpus that may belong: they steer the sample, no figure depends on them."""

_CORPUS_SHARE = 0.3


class Stratum(NamedTuple):
    """Pages among which chance alone decides."""

    kind: str
    band: str

    @property
    def is_corpus(self) -> bool:
        return self.kind == CORPUS

    @property
    def spread(self) -> float:
        """How uncertain an answer is, by a guess: the standard deviation of a page."""
        guess = 0.9 if self.is_corpus else 0.05 if self.kind == COPY else _GUESSES[self.band]
        return sqrt(guess * (1 - guess))


def stratum_of(cell: Cell) -> Stratum:
    """The stratum of a page."""
    if cell.fate in IN_CORPUS:
        return Stratum(CORPUS, cell.band)
    if cell.fate in _COPIES:
        return Stratum(COPY, cell.band)
    return Stratum(cell.fate if cell.fate in _OWN_KIND else UNREAD, cell.band)


def band_of(score: float | None) -> str:
    """The band of a score that is 0.5 at the threshold, by its lowest score; empty without one."""
    return "" if score is None else next(f"{lowest:g}" for lowest in _BANDS if score >= lowest)


def draw(
    pages: Iterable[Unit], size: int, seed: int, who: str, score: Callable[[float, float], float]
) -> Sample:
    """A sample of about `size` pages; `score` makes one of the scores `conflict` and `related`.

    The same seed draws the same pages from the same catalogue. OperatorError if it is too small to reach every stratum.
    """
    chance, left_out, cells = Random(seed), Counter[str](), Counter[Cell]()
    pools = defaultdict[Stratum, _Pool](lambda: _Pool(size, chance))
    for page in pages:
        if page.is_taken_down or not page.record_id:
            left_out["taken down" if page.is_taken_down else "no record is known"] += 1
            continue
        is_scored = page.conflict is not None and page.related is not None
        band = band_of(score(page.conflict or 0.0, page.related or 0.0) if is_scored else None)
        cell = Cell(page.fate, band, page.source, page.language)
        cells[cell] += 1
        pools[stratum_of(cell)].add(SampledPage(page.record_id, page.url, cell))
    counts = allocate({each: pool.seen for each, pool in pools.items()}, size)
    drawn = [page for each, pool in pools.items() for page in chance.sample(pool.pages, counts[each])]
    chance.shuffle(drawn)  # whoever stops early has judged a random part
    return Sample(utc_text(datetime.now(UTC)), seed, who, tuple(drawn), cells, left_out)


class _Pool:
    """A random choice among the pages of a stratum, each with the same chance to stay (algorithm R)."""

    def __init__(self, most: int, chance: Random) -> None:
        self._most, self._chance = most, chance
        self.pages: list[SampledPage] = []
        self.seen = 0

    def add(self, page: SampledPage) -> None:
        self.seen += 1
        if len(self.pages) < self._most:
            self.pages.append(page)
        elif (place := self._chance.randrange(self.seen)) < self._most:
            self.pages[place] = page


def allocate(sizes: Mapping[Stratum, int], total: int) -> dict[Stratum, int]:
    """How many pages to draw of each stratum; OperatorError if there are more strata than pages to draw."""
    if total < len(sizes):
        raise OperatorError(
            f"{total} pages are too few for the {len(sizes)} kinds of pages that there are: "
            f"give -n {len(sizes)} or more."
        )
    corpus = {each: size for each, size in sizes.items() if each.is_corpus}
    others = {each: size for each, size in sizes.items() if not each.is_corpus}
    wanted = max(round(total * _CORPUS_SHARE), len(corpus), total - sum(others.values()))
    of_corpus = min(wanted, sum(corpus.values()), total - len(others))
    return _share_out(corpus, of_corpus) | _share_out(others, total - of_corpus)


def _share_out(sizes: Mapping[Stratum, int], total: int) -> dict[Stratum, int]:
    """Whole numbers that make up the total, or every page if there are fewer."""
    least = 2 if 2 * len(sizes) <= total else 1
    given = {each: min(least, size) for each, size in sizes.items()}
    for _ in range(min(total, sum(sizes.values())) - sum(given.values())):
        open_ones = [each for each in sizes if given[each] < sizes[each]]
        # Half of the gain in variance that one page more brings.
        best = max(
            open_ones, key=lambda each: sizes[each] * each.spread / sqrt(given[each] * (given[each] + 1))
        )
        given[best] += 1
    return given
