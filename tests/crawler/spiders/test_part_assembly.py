"""Whatever the order in which the pages of an article come, it is judged whole, once, and waits for no page in vain."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import cast

import pytest

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Article, Discovery, Evidence, Origin
from crawler.run.recorder import Recorder
from crawler.spiders.part_assembly import PartAssembly
from tests.support.outcomes import Shelved, article, filed, outcome_of

SITE = "https://bote.example/паром"
TITLE = "Паромщики Ульвики снова перевозят людей"
LINES = tuple(
    f"На {day}-й день пути паромщики Ульвики насчитали {day} новых досок у причала." for day in (1, 2, 3)
)
URLS = (SITE, f"{SITE}/2", f"{SITE}/3")
OTHER = f"{SITE}/other"


def page(number: int, *, last: int = 3, **changes: object) -> Article:
    """A page that names its neighbours, with its record."""
    at = number - 1
    made = article(
        "x",
        title=TITLE,
        previous_part=URLS[at - 1] if at else None,
        next_part=URLS[at + 1] if number < last else None,
        capture=Shelved(number),
        images=(f"{URLS[at]}.jpg",),
        evidence=Evidence(source="bote", how=Discovery.FEED),
    )
    return replace(made, **{"url": URLS[at], "paragraphs": (LINES[at],)} | changes)  # type: ignore[arg-type]


class Desk:
    """Recorder and pipelines in one, on a catalogue; keeps what was judged."""

    def __init__(self, catalogue: Catalogue, most: int = 20) -> None:
        self.catalogue = catalogue
        self.judged: list[Article] = []
        self.parts: list[tuple[Article, str]] = []
        self._most = most
        self._run = begin_run(catalogue, "news", {}, "")
        self.restart()

    def restart(self) -> None:
        """As a next run does: nothing but the catalogue is known."""
        self._assembly = PartAssembly(cast(Recorder, self), self._most, lambda _: "", follows=True)

    async def settled(self) -> None:
        """All is committed at once."""

    def record_article(self, given: Article, fate: Fate, reason: str = "") -> None:
        self.parts.append((given, reason))
        self._commit(given, fate, reason)

    def come(self, *pages: Article, restarts: bool = False) -> None:
        for each in pages:
            asyncio.run(self._come(each))
            if restarts:
                self.restart()

    async def _come(self, arrived: Article) -> None:
        async for judged in self._assembly.judge(arrived):
            self.judged.append(judged)
            if judged.missing or judged.verdict:
                self._commit(judged, judged.verdict or Fate.INCOMPLETE, judged.missing)
            else:
                self._commit(filed(judged, len(self.judged)), Fate.SAVED, "")

    def _commit(self, made: Article, fate: Fate, reason: str) -> None:
        capture = made.capture
        assert capture is not None
        outcome = replace(outcome_of(made, fate), reason=reason)
        commit_outcomes(self.catalogue, self._run, [(outcome, capture.durable())])

    @property
    def whole(self) -> list[tuple[str, tuple[str, ...]]]:
        """URL and paragraphs of what was judged and lacks nothing."""
        return [(each.url, each.paragraphs) for each in self.judged if not each.missing]


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        yield catalogue


@pytest.fixture
def desk(catalogue: Catalogue) -> Desk:
    return Desk(catalogue)


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_in_any_order_three_pages_are_one_article(desk: Desk, order: tuple[int, ...], restarts: bool) -> None:
    desk.come(*map(page, order), restarts=restarts)
    assert desk.whole == [(URLS[0], LINES)]
    assert {each.url for each, _ in desk.parts} == {*URLS[1:]}
    [made] = [each for each in desk.judged if not each.missing]
    assert (made.previous_part, made.verdict, [each.url for each in made.parts]) == (None, None, [*URLS[1:]])
    assert made.capture is not None and made.capture.durable().offset == 1000
    by = made.completed_by
    assert (by is None) is (order[-1] == 1)
    assert by is None or by.durable().offset == 1000 * order[-1]


@pytest.mark.parametrize(("restarts", "images"), [(False, (f"{SITE}.jpg",)), (True, ())])
def test_the_pictures_of_a_first_page_wait_as_long_as_the_run(
    desk: Desk, restarts: bool, images: tuple[str, ...]
) -> None:
    desk.come(page(1), page(2, last=2), restarts=restarts)
    assert [each.images for each in desk.judged if not each.missing] == [images]


def test_a_page_that_comes_again_says_nothing_new_and_one_that_changed_does(desk: Desk) -> None:
    desk.come(page(1), page(2), page(3), page(3), page(2))
    assert desk.whole == [(URLS[0], LINES)]
    desk.come(page(2, paragraphs=("Паром больше не ходит, сообщила во вторник мэрия Ульвики.",)))
    assert [len(lines) for _, lines in desk.whole] == [3, 3]
    assert "мэрия" in desk.whole[1][1][1]


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize(
    "changes",
    [{"title": "Пекари Тармила бастуют третью неделю"}, {"previous_part": None}, {"previous_part": OTHER}],
)
def test_a_page_that_is_of_another_article_lets_the_one_that_waited_go(
    desk: Desk, changes: dict[str, str | None], restarts: bool
) -> None:
    desk.come(page(1), restarts=restarts)
    assert desk.whole == []
    desk.come(page(2, last=2, **changes), restarts=restarts)
    released = [lines for url, lines in desk.whole if url == URLS[0]]
    assert released == [LINES[:1]]


def test_a_page_whose_neighbour_is_of_another_article_names_none(desk: Desk) -> None:
    desk.come(page(2, last=2, title="Пекари Тармила бастуют третью неделю"), page(1))
    [alone] = [each for each in desk.judged if each.url == URLS[0]]
    assert (alone.previous_part, alone.next_part, alone.missing) == (None, None, "")


def test_a_page_alone_is_judged_as_it_is(desk: Desk) -> None:
    alone = page(1, last=1)
    desk.come(alone)
    assert desk.judged == [alone]


@pytest.mark.parametrize("verdict", [Fate.PAYWALL_STUB, Fate.QUARANTINED])
def test_a_page_of_which_nobody_knows_whether_it_is_a_part_waits_for_none(desk: Desk, verdict: Fate) -> None:
    refused = page(1, verdict=verdict)
    desk.come(refused)
    assert desk.judged == [refused]


@pytest.mark.parametrize(
    ("verdict", "waits_as"), [(Fate.TOO_SHORT, None), (Fate.LIVE_BLOG, Fate.LIVE_BLOG), (None, None)]
)
def test_a_first_page_may_be_short_until_the_others_have_come(
    desk: Desk, verdict: Fate | None, waits_as: Fate | None
) -> None:
    desk.come(page(1, verdict=verdict))
    [waiting] = desk.judged
    assert (waiting.verdict, bool(waiting.missing), waiting.next_part) == (waits_as, True, URLS[1])


@pytest.mark.parametrize("origin", Origin)
@pytest.mark.parametrize(("number", "wanted"), [(1, [URLS[1]]), (2, [URLS[0], URLS[2]]), (3, [URLS[1]])])
def test_a_crawl_asks_for_the_pages_that_are_missing_first_of_all(
    desk: Desk, number: int, wanted: list[str], origin: Origin
) -> None:
    desk.come(page(number, origin=origin))
    (told,) = desk.judged or [each for each, _ in desk.parts]
    assert [link.url for link in told.requisites] == (wanted if origin is Origin.LIVE else [])
    for link in told.requisites:
        assert (link.score, link.evidence.how, link.evidence.via) == (1.0, Discovery.PART, told.url)
        assert link.evidence.source == "bote"


@pytest.mark.parametrize(("most", "is_whole"), [(3, True), (2, False)])
def test_an_article_of_more_pages_than_the_most_is_not_whole(
    catalogue: Catalogue, most: int, is_whole: bool
) -> None:
    desk = Desk(catalogue, most)
    desk.come(page(1), page(2), page(3))
    assert bool(desk.whole) is is_whole
    if not is_whole:
        desk.come(page(1))
        assert desk.judged[-1].missing == f"the article has more than {most} pages"
        assert desk.judged[-1].requisites == ()


def test_no_page_beyond_the_most_is_asked_for(catalogue: Catalogue) -> None:
    desk = Desk(catalogue, most=2)
    desk.come(page(2), page(1))
    assert desk.judged[-1].missing == "the article has more than 2 pages"
    assert desk.judged[-1].requisites == ()
