"""How good a corpus is, from a sample of pages and what people said of them.

An article is counted once: a page that repeats what the corpus has is no further article, unless a person says that it
tells something else. Found is what the corpus has and belongs; missed is what belongs and was left out, for whatever
reason.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from crawler.audit.estimates import Counted, Quality, quality
from crawler.audit.sampling import COPY, Stratum, stratum_of
from crawler.catalogue.samples import Answer, Cell, Judgement, Sample, SampledPage

ENOUGH = 10
"""Judged pages of a language or source from which on it has figures of its own."""


class Part(NamedTuple):
    """A language or a source."""

    name: str
    judged: int
    quality: Quality


class Kind(NamedTuple):
    """Pages that ended alike."""

    name: str
    pages: int
    judged: int
    belong: int
    """Of those judged."""
    missed: float | None
    """Estimate of how many articles of it the corpus lacks; None for the corpus itself, or if none was judged."""


class QualityReport(NamedTuple):
    """All that a sample says."""

    quality: Quality
    judged: int
    skipped: int
    by: tuple[str, ...]
    kinds: tuple[Kind, ...]
    unknown: tuple[tuple[Stratum, int], ...]
    """Strata of which no page was judged, with their sizes: no figure covers them."""
    languages: tuple[Part, ...]
    sources: tuple[Part, ...]
    """The most judged first; of parts with fewer than ENOUGH judged pages only the numbers, in `quality` None."""
    twice: int
    """Pages that two people judged."""
    alike: int
    """Those of which they said the same."""
    lacking: tuple[SampledPage, ...]
    """Pages that belong and were left out."""
    wrong: tuple[SampledPage, ...]
    """Pages in the corpus that do not belong."""


Answers = Mapping[str, Answer]
"""What holds of each page, by its record; pages that nobody could tell are not in it."""


def report_on(sample: Sample, given: Iterable[Judgement]) -> QualityReport:
    """What a sample says, by all judgements on its pages; on later changes of the corpus it says nothing."""
    of_sample = {each.record_id for each in sample.pages}
    given = [each for each in given if each.record_id in of_sample]
    answers = answers_that_hold(given)
    twice = _answers_of_two(given)
    strata = count(sample, answers)
    lacking = [
        each for each in sample.pages if _is_hit(each, answers) and not stratum_of(each.cell).is_corpus
    ]
    return QualityReport(
        _quality(strata),
        len(answers),
        len({each.record_id for each in given} - answers.keys()),
        tuple(dict.fromkeys(each.who for each in given)),
        tuple(_kinds(sample, strata, answers)),
        tuple((each, counted.size) for each, counted in strata.items() if not counted.judged),
        _parts(sample, answers, lambda cell: cell.language),
        _parts(sample, answers, lambda cell: cell.source),
        len(twice),
        sum(len(each) == 1 for each in twice),
        tuple(lacking),
        tuple(each for each in sample.pages if _is_wrong(each, answers)),
    )


def answers_that_hold(given: Iterable[Judgement]) -> dict[str, Answer]:
    """The last answer on each page, by its record."""
    return {each.record_id: each.answer for each in given if each.answer is not Answer.SKIPPED}


def count(
    sample: Sample, answers: Answers, of: Callable[[Cell], bool] = lambda _: True
) -> dict[Stratum, Counted]:
    """The strata of a sample, or of a part of its pages.

    Where no page of the part was judged in a stratum, the share of the whole stratum stands in for it.
    """
    sizes = Counter[Stratum]()
    for cell, pages in sample.cells.items():
        if of(cell):
            sizes[stratum_of(cell)] += pages
    found, whole = defaultdict[Stratum, list[bool]](list), defaultdict[Stratum, list[bool]](list)
    for page in sample.pages:
        if page.record_id in answers:
            stratum, is_hit = stratum_of(page.cell), _is_hit(page, answers)
            whole[stratum].append(is_hit)
            if of(page.cell):
                found[stratum].append(is_hit)
    judged = {each: found[each] or whole[each] for each in sorted(sizes)}
    return {each: Counted(sizes[each], len(some), sum(some)) for each, some in judged.items()}


def _is_hit(page: SampledPage, answers: Answers) -> bool:
    """Whether a page is an article that belongs, besides those that the corpus has in other pages."""
    answer = answers.get(page.record_id)
    is_copy = stratum_of(page.cell).kind == COPY
    return answer is Answer.LOST or (answer is Answer.YES and not is_copy)


def _is_wrong(page: SampledPage, answers: Answers) -> bool:
    return stratum_of(page.cell).is_corpus and answers.get(page.record_id) is Answer.NO


def _quality(strata: Mapping[Stratum, Counted]) -> Quality:
    corpus = [counted for each, counted in strata.items() if each.is_corpus]
    return quality(corpus, [counted for each, counted in strata.items() if not each.is_corpus])


def _kinds(sample: Sample, strata: Mapping[Stratum, Counted], answers: Answers) -> Iterable[Kind]:
    belong = Counter(
        stratum_of(page.cell).kind
        for page in sample.pages
        if answers.get(page.record_id) in (Answer.YES, Answer.LOST)
    )
    for name in sorted(
        {each.kind for each in strata}, key=lambda name: (not Stratum(name, "").is_corpus, name)
    ):
        its = [counted for each, counted in strata.items() if each.kind == name]
        judged = [each for each in its if each.judged]
        missed = None if Stratum(name, "").is_corpus or not judged else sum(each.estimate for each in judged)
        yield Kind(name, sum(e.size for e in its), sum(e.judged for e in its), belong[name], missed)


def _parts(sample: Sample, answers: Answers, name_of: Callable[[Cell], str]) -> tuple[Part, ...]:
    judged = Counter(name_of(page.cell) for page in sample.pages if page.record_id in answers)
    return tuple(_part(sample, answers, name_of, name, number) for name, number in judged.most_common())


def _part(sample: Sample, answers: Answers, name_of: Callable[[Cell], str], name: str, judged: int) -> Part:
    if judged < ENOUGH:
        return Part(name, judged, Quality(None, None, None, None))
    return Part(name, judged, _quality(count(sample, answers, lambda cell: name_of(cell) == name)))


def _answers_of_two(given: Iterable[Judgement]) -> list[set[Answer]]:
    """What was said of each page that several people judged, the last answer of each."""
    by_page = defaultdict[str, dict[str, Answer]](dict)
    for each in given:
        if each.answer is not Answer.SKIPPED:
            by_page[each.record_id][each.who] = each.answer
    return [set(each.values()) for each in by_page.values() if len(each) > 1]
