"""Which pages are drawn: by chance within strata whose sizes are known."""

from collections import Counter
from collections.abc import Iterator

import pytest

from crawler.audit import corpus_quality
from crawler.audit.corpus_quality import report_on
from crawler.audit.estimates import Counted
from crawler.audit.sampling import COPY, CORPUS, Stratum, allocate, band_of, draw, stratum_of
from crawler.catalogue.samples import Answer, Cell, Judgement, Sample, Unit
from crawler.errors import OperatorError

FATES = {"saved": 60, "off_topic": 900, "review": 20, "undated": 12, "syndicated": 30, "no_text": 6}


def pages(**fates: int) -> Iterator[Unit]:
    """Some pages of each fate, whose scores differ; every fourth is in Arabic."""
    for fate, count in (fates or FATES).items():
        for number in range(count):
            score = None if fate == "no_text" else number % 10 / 20 + (0.5 if fate != "off_topic" else 0)
            url = f"https://vella.example/{fate}/{number}"
            language = "ar" if number % 4 == 0 else "de"
            yield Unit(0, fate, score, score, "vella", language, f"<{url}>", url, is_taken_down=False)


def sample(size: int = 80, seed: int = 1) -> Sample:
    return draw(pages(), size, seed, "Ada", min)


def judged(drawn: Sample, belongs: Answer = Answer.YES) -> Iterator[Judgement]:
    """Every page is said to belong that is in the corpus, and every tenth outside."""
    for number, page in enumerate(drawn.pages):
        is_in = stratum_of(page.cell).is_corpus or number % 10 == 0
        yield Judgement(page.record_id, page.url, belongs if is_in else Answer.NO, "Ada", "2026-05-03")


def test_each_stratum_is_drawn_from_and_each_page_at_most_once() -> None:
    drawn = sample()
    strata = Counter(stratum_of(page.cell) for page in drawn.pages)
    sizes = Counter[Stratum]()
    for cell, count in drawn.cells.items():
        sizes[stratum_of(cell)] += count
    assert strata.keys() == sizes.keys()
    assert sizes.total() == sum(FATES.values())
    assert all(strata[each] >= min(2, sizes[each]) for each in sizes)
    assert len({page.record_id for page in drawn.pages}) == len(drawn.pages) == 80
    assert sum(count for each, count in strata.items() if each.kind == CORPUS) == 24


def test_a_seed_draws_the_same_pages_and_another_one_others() -> None:
    assert sample().pages == sample().pages
    assert sample().pages != sample(seed=2).pages


def test_every_page_of_a_stratum_is_as_likely_to_be_drawn_wherever_it_comes() -> None:
    often = Counter(
        int(page.url.rpartition("/")[2]) // 10
        for seed in range(300)
        for page in draw(pages(saved=60), 12, seed, "Ada", lambda *_: 0.6).pages
    )
    # 3,600 pages in six tenfolds: 600 each, with a standard deviation of 22.
    assert all(520 < often[tenfold] < 680 for tenfold in range(6))


def test_pages_that_cannot_be_read_are_counted_and_not_drawn() -> None:
    some = list(pages(saved=5))
    gone = [some[0]._replace(record_id=""), some[1]._replace(is_taken_down=True)]
    drawn = draw([*gone, *some[2:]], 80, 1, "Ada", min)
    assert dict(drawn.left_out) == {"no record is known": 1, "taken down": 1}
    assert {page.url for page in drawn.pages} == {page.url for page in some[2:]}


@pytest.mark.parametrize(
    ("fate", "kind"),
    [("updated", CORPUS), ("duplicate", COPY), ("off_topic", "off_topic"), ("soft_404", "no article found")],
)
def test_a_stratum_is_named_after_how_its_pages_ended(fate: str, kind: str) -> None:
    assert stratum_of(Cell(fate, "0.5", "vella", "de")) == Stratum(kind, "0.5")


def test_bands_begin_at_their_lowest_score() -> None:
    assert [band_of(score) for score in (None, 0.0, 0.0999, 0.1, 0.49, 0.5, 1.0)] == [
        *("", "0", "0", "0.1", "0.3", "0.5", "0.75")
    ]


def test_small_populations_are_drawn_whole() -> None:
    sizes = {Stratum(CORPUS, "0.5"): 3, Stratum("off_topic", "0"): 4}
    assert allocate(sizes, 80) == sizes
    assert sum(allocate(sizes, 5).values()) == 5


def test_each_stratum_gives_two_pages_where_there_are_so_many() -> None:
    large, small = Stratum("off_topic", "0.3"), Stratum("off_topic", "0")
    sizes = {large: 10_000, small: 10}
    assert allocate(sizes, 3) == {large: 2, small: 1}
    assert allocate(sizes, 4) == {large: 2, small: 2}
    assert allocate(sizes, 9) == {large: 7, small: 2}


def test_too_few_pages_for_the_strata_are_refused() -> None:
    with pytest.raises(OperatorError, match=r"^3 pages are too few for the .* give -n \d+ or more\.$"):
        sample(size=3)


def test_a_page_stands_for_those_of_its_stratum() -> None:
    drawn = sample(size=200)
    found = report_on(drawn, judged(drawn))
    assert found.quality.precision is not None
    assert found.quality.missed is not None
    assert found.quality.precision.value == 1.0
    # A tenth of what is outside, but for copies: 30 of 968 pages.
    assert found.quality.missed.value == pytest.approx(94, abs=45)
    assert [kind.name for kind in found.kinds] == [
        *(CORPUS, COPY, "no article found", "off_topic", "review", "undated")
    ]
    assert {page.cell.fate for page in found.lacking} <= {"off_topic", "review", "undated", "no_text"}


def test_a_copy_is_missed_only_if_it_says_something_else() -> None:
    drawn = draw(pages(saved=4, syndicated=4), 80, 1, "Ada", min)
    [same, other] = [
        report_on(drawn, [Judgement(each.record_id, each.url, answer, "Ada", "") for each in drawn.pages])
        for answer in (Answer.YES, Answer.LOST)
    ]
    assert same.quality.recall is not None
    assert other.quality.recall is not None
    assert (same.quality.recall.value, other.quality.recall.value) == (1.0, 0.5)
    assert [kind.belong for kind in same.kinds] == [4, 4]


def test_languages_and_sources_with_enough_judged_pages_have_figures() -> None:
    drawn = sample()
    found = report_on(drawn, judged(drawn))
    by_language = {part.name: part for part in found.languages}
    assert by_language["de"].quality.recall is not None
    assert [part.name for part in found.sources] == ["vella"]
    assert found.sources[0].quality == found.quality
    few = report_on(drawn, list(judged(drawn))[:9])
    assert {part.quality.recall for part in (*few.languages, *few.sources)} == {None}


def test_where_none_of_a_part_was_judged_its_stratum_stands_in() -> None:
    drawn = draw(pages(saved=8), 8, 1, "Ada", lambda *_: 0.6)  # two of them in Arabic
    german = [page for page in drawn.pages if page.cell.language == "de"]
    answers = {page.record_id: Answer.YES if number else Answer.NO for number, page in enumerate(german)}
    [whole], [arabic], [other] = (
        corpus_quality.count(drawn, answers, of).values()
        for of in (lambda _: True, lambda cell: cell.language == "ar", lambda cell: cell.language == "de")
    )
    assert (whole, arabic, other) == (Counted(8, 6, 5), Counted(2, 6, 5), Counted(6, 6, 5))


def test_the_last_answer_counts_and_who_agrees_is_said() -> None:
    drawn = draw(pages(saved=3), 80, 1, "Ada", min)
    one, two, three = drawn.pages
    given = [
        Judgement(one.record_id, one.url, Answer.YES, "Ada", ""),
        Judgement(one.record_id, one.url, Answer.NO, "Ben", ""),
        Judgement(one.record_id, one.url, Answer.SKIPPED, "Cid", ""),
        Judgement(two.record_id, two.url, Answer.NO, "Ada", ""),
        Judgement(two.record_id, two.url, Answer.YES, "Ada", ""),
        Judgement(two.record_id, two.url, Answer.YES, "Ben", ""),
        Judgement(three.record_id, three.url, Answer.SKIPPED, "Ada", ""),
        Judgement("<of an earlier sample>", one.url, Answer.YES, "Dan", ""),
    ]
    found = report_on(drawn, given)
    assert (found.judged, found.skipped, found.by) == (2, 1, ("Ada", "Ben", "Cid"))
    assert (found.twice, found.alike) == (2, 1)
    assert (found.wrong, found.lacking) == ((one,), ())


def test_what_nobody_judged_is_named() -> None:
    drawn = draw(pages(saved=3, off_topic=3), 80, 1, "Ada", min)
    page = next(each for each in drawn.pages if stratum_of(each.cell).is_corpus)
    found = report_on(drawn, [Judgement(page.record_id, page.url, Answer.YES, "Ada", "")])
    assert found.quality.recall is None
    assert "off_topic" in {stratum.kind for stratum, _ in found.unknown}
