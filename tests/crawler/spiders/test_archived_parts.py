"""Articles on several pages in the archives of other tools: in any order, in any script, with none of our notes."""

from collections.abc import Callable, Iterable, Sequence
from itertools import permutations
from pathlib import Path

import pytest

from crawler.exit_codes import OK
from crawler.run.recorder import recorder_of
from tests.support.catalogues import articles
from tests.support.crawls import run_crawl
from tests.support.hostile_site import corpus
from tests.support.long_stories import Story, long_page, pager
from tests.support.origin import Answer
from tests.support.pages import STORIES, story, text
from tests.support.verifying import verify
from tests.support.warcs import Archive

pytestmark = pytest.mark.usefixtures("replays_here")

SITE = "https://longread.example"
Pages = Sequence[tuple[str, Answer]]


def archive(path: Path, pages: Iterable[tuple[str, Answer]]) -> Path:
    made = Archive()
    for url, page in pages:
        made.exchange(f"{SITE}{url}", page.data)
    return made.save(path)


def replay(path: Path, data: Path) -> dict[str, str]:
    """URL -> fate, as the newest rows say."""
    given = {"DATA_DIR": str(data), "RELEVANCE_MODE": "off", "EXTRACTION_WORKERS": 1}
    result = recorder_of(run_crawl("replay", given, path=str(path))).result
    assert result is not None
    assert result.tally.reconciles
    return {row.url.removeprefix(SITE): row.fate for row in articles(data, everything=True)}


def pages_of(made: Story) -> Pages:
    pages = made.pages()
    return [(path, page) for path in made.paths if isinstance(page := pages[path], Answer)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_pages_may_come_in_any_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    pages = pages_of(Story())
    fates = replay(archive(tmp_path / "a.warc.gz", (pages[at] for at in order)), tmp_path / "data")
    assert corpus(tmp_path / "data") == [Story().seed]
    assert sorted(fates.values()) == ["part", "part", "saved"]
    assert verify(tmp_path / "data", RELEVANCE_MODE="off") == OK


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ((0,), ["incomplete"]),
        ((0, 1), ["incomplete", "part"]),
        ((0, 2), ["incomplete", "part"]),
        ((1,), ["part"]),
        ((1, 2), ["part", "part"]),
        ((2,), ["part"]),
    ],
)
def test_an_archive_with_some_pages_has_no_article(
    tmp_path: Path, there: tuple[int, ...], expected: list[str]
) -> None:
    pages = pages_of(Story())
    fates = replay(archive(tmp_path / "a.warc.gz", (pages[at] for at in there)), tmp_path / "data")
    assert sorted(fates.values()) == expected
    assert corpus(tmp_path / "data") == []
    assert verify(tmp_path / "data", RELEVANCE_MODE="off") == OK


def test_pages_of_several_archives_come_together(tmp_path: Path) -> None:
    for at, page in enumerate(pages_of(Story())):
        replay(archive(tmp_path / f"{at}.warc.gz", [page]), tmp_path / "data")
    assert corpus(tmp_path / "data") == [Story().seed]
    assert verify(tmp_path / "data", RELEVANCE_MODE="off") == OK


def test_an_archive_that_is_replayed_again_changes_nothing(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.warc.gz", pages_of(Story()))
    replay(path, tmp_path / "data")
    fates = replay(path, tmp_path / "data")
    assert corpus(tmp_path / "data") == [Story().seed]
    assert sorted(fates.values()) == ["part", "part", "unchanged"]


def test_a_page_that_is_no_part_lets_the_article_go(tmp_path: Path) -> None:
    (first, page), *_ = pages_of(Story(count=2))
    other = long_page("The bakers of Tarmil", story("en"))
    fates = replay(archive(tmp_path / "a.warc.gz", [(first, page), (f"{first}2/", other)]), tmp_path / "data")
    assert fates == {first: "saved", f"{first}2/": "saved"}
    assert len(corpus(tmp_path / "data")) == 2


ADDRESSES: dict[str, Callable[[int], str]] = {
    "en": lambda page: f"/world/bridge{'' if page == 1 else f'/{page}'}",
    "fr": lambda page: f"/monde/le-pont-de-varosk{'' if page == 1 else f'-{page}'}.html",
    "es": lambda page: f"/mundo/puente-de-varosk{'' if page == 1 else f'?pagina={page}'}",
    "ru": lambda page: f"/news/2021/01/most-{'' if page == 1 else f'page-{page}'}".rstrip("-"),
    "ar": lambda page: f"/akhbar/88121{'' if page == 1 else f'?page={page - 1}'}",
    "zh": lambda page: f"/n1/2021/0111/c1002-40240001{'' if page == 1 else f'_{page}'}.html",
}


@pytest.mark.parametrize("language", sorted(STORIES))
def test_stories_in_many_scripts_and_with_many_forms_of_addresses(tmp_path: Path, language: str) -> None:
    paragraphs, address = story(language), ADDRESSES[language]
    paths = [address(page) for page in (1, 2)]
    halves = (paragraphs[:2], paragraphs[2:])
    pages = [
        (path, long_page(text(language, "title"), half, pager(paths, page), language=language))
        for page, (path, half) in enumerate(zip(paths, halves, strict=True), 1)
    ]
    fates = replay(archive(tmp_path / "a.warc.gz", pages), tmp_path / "data")
    assert fates == {paths[0]: "saved", paths[1]: "part"}
    assert corpus(tmp_path / "data") == [" date 2021-01 " + "\n\n".join(paragraphs)]
