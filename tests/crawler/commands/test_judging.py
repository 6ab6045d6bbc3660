"""A person goes back and forth between pages, and is asked about those that are left to them."""

import io
from collections.abc import Callable
from typing import cast

import pytest

from crawler.audit.pages_to_judge import PagesToJudge, PageToJudge
from crawler.audit.stored_pages import CannotDerive
from crawler.catalogue.samples import Answer, Cell, Judgement, Sample, SampledPage
from crawler.cli.audit import pages_left
from crawler.cli.judging import Judging

WHEN = "2026-05-03T10:00:00.000000Z"
CELL = Cell("saved", "", "tarn", "uk")
PAGES = tuple(SampledPage(f"<urn:uuid:{at}>", f"https://тарн.example/{at}", CELL) for at in range(4))
SAMPLE = Sample(WHEN, 7, "Åsa", PAGES, {CELL: 9}, {})


class Shelf:
    """Pages that can be read, and the order in which they were; what was answered about which."""

    def __init__(self, lost: int | None = None) -> None:
        self.read_in_order: list[int] = []
        self.kept: list[tuple[int, Answer]] = []
        self._lost = lost

    def read(self, page: SampledPage) -> PageToJudge:
        at = PAGES.index(page)
        self.read_in_order.append(at)
        if at == self._lost:
            raise CannotDerive(f"{page.url} cannot be judged.")
        return PageToJudge(page, f"Міст {at}", "2021-01-28", ("Міст упав.",), False, False, None)

    def keep(self, judgement: Judgement) -> None:
        (at,) = (at for at, page in enumerate(PAGES) if page.record_id == judgement.record_id)
        self.kept.append((at, judgement.answer))


Asking = Callable[..., Shelf]


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Asking:
    """Asks about the pages, and answers with these keys."""

    def ask(keys: str, shelf: Shelf | None = None) -> Shelf:
        shelf = shelf or Shelf()
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{key}\n" for key in keys)))
        Judging(cast(PagesToJudge, shelf), shelf.keep, "Ada", "both").ask(PAGES, len(PAGES))
        return shelf

    return ask


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("bq", [0, 0]),
        ("bbq", [0, 0, 0]),
        ("ybq", [0, 1, 0]),
        ("ybbq", [0, 1, 0, 0]),
        ("yybq", [0, 1, 2, 1]),
        ("yybbq", [0, 1, 2, 1, 0]),
        ("yyybyn", [0, 1, 2, 3, 2, 3]),
    ],
)
def test_back_is_the_page_before_and_at_the_first_one_that_again(
    asking: Asking, keys: str, shown: list[int]
) -> None:
    assert asking(keys).read_in_order == shown


def test_what_is_answered_again_is_kept_as_it_was_given_and_counts_once(
    asking: Asking, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = asking("ynbsq")
    assert shelf.kept == [(0, Answer.YES), (1, Answer.NO), (1, Answer.SKIPPED)]
    assert capsys.readouterr().out.endswith("2 answers of Ada are kept. 2 are left: scrapy audit goes on.\n")


@pytest.mark.parametrize("lost", range(4))
def test_a_page_that_cannot_be_read_is_passed_over(asking: Asking, lost: int) -> None:
    shelf = asking("yyy", Shelf(lost))
    assert shelf.read_in_order == [0, 1, 2, 3]
    assert [at for at, _ in shelf.kept] == [at for at in range(4) if at != lost]


def said(at: int, answer: Answer, who: str) -> Judgement:
    return Judgement(PAGES[at].record_id, PAGES[at].url, answer, who, WHEN)


GIVEN = [said(0, Answer.YES, "Ada"), said(1, Answer.SKIPPED, "Ada"), said(2, Answer.LOST, "Ben")]


@pytest.mark.parametrize(
    ("who", "is_second", "left"),
    [
        ("Ada", False, [3]),
        ("Ben", False, [1, 3]),
        ("Odo", False, [1, 3]),
        ("Ada", True, [2]),
        ("Ben", True, [0]),
        ("Odo", True, [0, 2]),
    ],
)
def test_nobody_is_asked_twice_and_a_second_person_only_about_what_was_told(
    who: str, is_second: bool, left: list[int]
) -> None:
    assert pages_left(SAMPLE, GIVEN, who, is_second) == [PAGES[at] for at in left]
    assert pages_left(SAMPLE, [], who, is_second) == ([] if is_second else list(PAGES))
