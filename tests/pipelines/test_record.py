"""An article that enters the corpus is recorded once, with the fate that it has there."""

from collections.abc import Iterable
from dataclasses import replace
from typing import cast

import pytest

from crawler.fates import IN_CORPUS, Fate
from crawler.http.requisites import image_links
from crawler.items import Article, Link
from crawler.run.recorder import Recorder
from pipelines.record import RecordPipeline, fate_of
from tests.support.outcomes import article, filed


class Notebook:
    """Stands in for the recorder."""

    def __init__(self) -> None:
        self.notes: list[tuple[Article, Fate]] = []
        self.reasons: list[str] = []

    def record_article(self, made: Article, fate: Fate, reason: str = "") -> None:
        self.notes.append((made, fate))
        self.reasons.append(reason)

    def new_links(self, links: Iterable[Link]) -> tuple[Link, ...]:
        return tuple(links)


@pytest.mark.parametrize(
    ("verdict", "revises", "fate"),
    [
        (None, None, Fate.SAVED),
        (None, "2021-01/000_0b0c93c09f0a0d7d.txt", Fate.UPDATED),
        ("live_blog", None, Fate.LIVE_BLOG),
        ("live_blog", "2021-01/000_0b0c93c09f0a0d7d.txt", Fate.LIVE_BLOG),
    ],
)
def test_the_fate_tells_new_articles_updates_and_live_blogs(
    verdict: str | None, revises: str | None, fate: Fate
) -> None:
    assert fate_of(article("one", verdict=verdict, revises=revises)) is fate
    assert fate in IN_CORPUS


def test_an_article_is_recorded_and_passes_as_it_is() -> None:
    notebook, made = Notebook(), filed(article("one"))
    assert RecordPipeline(cast(Recorder, notebook)).process_item(made) is made
    assert notebook.notes == [(made, Fate.SAVED)]


def test_pictures_that_are_wanted_become_durable_with_their_article() -> None:
    notebook, made = Notebook(), filed(article("one", images=("https://marisol.example/a.jpg",)))
    passed = RecordPipeline(cast(Recorder, notebook), wants_images=True).process_item(made)
    assert passed == replace(made, requisites=tuple(image_links(made)))
    assert notebook.notes == [(passed, Fate.SAVED)]


def test_an_article_from_an_archive_asks_for_nothing() -> None:
    notebook = Notebook()
    made = filed(article("one", images=("https://marisol.example/a.jpg",), origin="replay"))
    assert RecordPipeline(cast(Recorder, notebook), wants_images=True).process_item(made) is made


def test_a_live_blog_is_recorded_with_what_says_that_it_is_one() -> None:
    notebook = Notebook()
    RecordPipeline(notebook).process_item(article("one", verdict="live_blog", verdict_reason="it says so"))  # type: ignore[arg-type]
    assert notebook.reasons == ["it says so"]
