"""Which pages the catalogue knows to belong to one article."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.catalogue.stored_parts import all_pages
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Part
from tests.support.outcomes import article, link, outcome_of

NAMES = ("первая", "الثانية", "drittens")
URLS = [link(name).url for name in NAMES]


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        yield catalogue


def commit(catalogue: Catalogue, fates: tuple[Fate, ...], before: bool, after: bool) -> None:
    """Three pages that name those before them, those after them, or both."""
    run = begin_run(catalogue, "news", {}, "")
    for at, fate in enumerate(fates):
        page = article(
            NAMES[at],
            text=f"{NAMES[at]}: le ferry repart.",
            previous_part=URLS[at - 1] if before and at else None,
            next_part=URLS[at + 1] if after and at < 2 else None,
        )
        commit_outcomes(catalogue, run, [(outcome_of(page, fate), None)])


@pytest.mark.parametrize(
    ("before", "after", "reached"),
    [(True, True, [3, 3, 3]), (False, True, [3, 2, 1]), (True, False, [1, 2, 3])],
)
def test_waiting_pages_lead_to_those_that_they_name_on_either_side(
    catalogue: Catalogue, before: bool, after: bool, reached: list[int]
) -> None:
    commit(catalogue, (Fate.INCOMPLETE, Fate.PART, Fate.PART), before, after)
    found = [all_pages(catalogue, url) for url in URLS]
    assert [len(pages) for pages in found] == reached
    assert all(url in pages for url, pages in zip(URLS, found, strict=True))
    assert all(pages[-1] == URLS[0] for pages in found if URLS[0] in pages)


def test_an_article_that_is_whole_takes_no_page_along_that_it_names(catalogue: Catalogue) -> None:
    commit(catalogue, (Fate.SAVED, Fate.SAVED, Fate.SAVED), before=True, after=True)
    assert [all_pages(catalogue, url) for url in URLS] == [[url] for url in URLS]


def test_the_first_page_and_those_that_it_was_put_together_from_lead_to_each_other(
    catalogue: Catalogue,
) -> None:
    commit(catalogue, (Fate.SAVED, Fate.PART, Fate.PART), before=False, after=False)
    parts = tuple(Part(url, f"<urn:uuid:{at}>", 1) for at, url in enumerate(URLS[1:]))
    whole = outcome_of(article(NAMES[0], parts=parts), Fate.SAVED)
    commit_outcomes(catalogue, begin_run(catalogue, "news", {}, ""), [(whole, None)])
    for url in URLS:
        pages = all_pages(catalogue, url)
        assert (set(pages), pages[-1]) == (set(URLS), URLS[0])
