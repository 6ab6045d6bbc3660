"""What newsrooms make of each other's texts is recognised, and what only looks alike is kept: in six languages."""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from crawler.catalogue.pending_articles import PendingArticles
from crawler.database.catalogue import Catalogue
from crawler.items import Article, Evidence
from crawler.refusal import Refused
from crawler.texts.similarity import ComparedText, bands_of
from pipelines.duplicates import DuplicatesPipeline
from pipelines.seed_files import SeedFilePipeline
from tests.support.outcomes import article
from tests.support.wire.texts import (
    STORIES,
    Text,
    bulletins,
    cut,
    edited,
    forms,
    one_event,
    tokens,
    updated,
)

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
BOILERPLATE = {
    "ar": "جميع الحقوق محفوظة. اشترك في نشرتنا البريدية وتابعنا على جميع المنصات لتصلك الأخبار أولا بأول.",
    "en": "All rights reserved. Subscribe to our newsletter and follow us on every channel for the news of the day.",
    "es": "Todos los derechos reservados. Suscríbase a nuestro boletín y síganos en todos los canales cada día.",
    "fr": "Tous droits réservés. Abonnez-vous à notre lettre et suivez-nous sur tous les réseaux, jour après jour.",
    "ru": "Все права защищены. Подпишитесь на нашу рассылку и читайте нас во всех социальных сетях каждый день.",
    "zh": "版权所有，未经许可不得转载。欢迎订阅本报新闻信，并在各社交平台关注我们，每天了解最新消息。",
}


class Wire:
    """Articles as they reach the corpus, each from a site of its own unless a test says of which."""

    def __init__(self, catalogue: Catalogue) -> None:
        index = PendingArticles(catalogue)
        self._pipelines = DuplicatesPipeline(index), SeedFilePipeline(index)
        self._count = 0

    def takes(self, text: Text, title: str = "", site: str = "") -> bool:
        """Whether a text enters the corpus."""
        self._count += 1
        item: Article = replace(
            article("one", title=title),
            url=f"https://site{self._count}.example/",
            evidence=Evidence(source=site or f"site{self._count}"),
            paragraphs=text,
            bands=bands_of("\n\n".join(text)),
        )
        try:
            for pipeline in self._pipelines:
                item = pipeline.process_item(item)
        except Refused:
            return False
        return True


Change = Callable[[Text, Text, str, random.Random], tuple[Text, Text]]
"""A story, another one, their language: what came first, and what came then."""


def words(language: str) -> list[str]:
    return [token for text in STORIES[language] for paragraph in text for token in tokens(paragraph)]


CHANGES: dict[str, Change] = {
    "cut to 60 %": lambda text, other, language, rng: (text, cut(text)),
    "a seventh more at the end": lambda text, other, language, rng: (cut(text, 0.86), text),
    "a seventh more at the beginning": lambda text, other, language, rng: (text, updated(text, other, 1 / 7)),
    "another headline": lambda text, other, language, rng: (text, (f"{other[0][:40]}", *text)),
    "boilerplate": lambda text, other, language, rng: (text, (*text, BOILERPLATE[language])),
    "shuffled": lambda text, other, language, rng: (text, tuple(rng.sample(text, len(text)))),
    "8 % of words edited": lambda text, other, language, rng: (text, edited(text, words(language), rng)),
}


RECALL = 0.98
COPIES = 2 * sum(len(STORIES[language]) for language in LANGUAGES)
"""Of each change."""

Recognised = Callable[[str], tuple[int, int]]
"""By the name of a change: how many of the changed copies were recognised, and how many there were."""


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_recognised(
    change: str, recognised: Recognised, capsys: pytest.CaptureFixture[str]
) -> None:
    found, total = recognised(change)
    with capsys.disabled():
        print(f" {change}: recall {found / total:.3f} of {total} ", end="")
    assert total == COPIES
    assert found / total >= RECALL


DEVELOPMENTS: dict[str, Callable[[Text, Text], tuple[Text, Text]]] = {
    "a new lead": lambda text, other: (text, updated(text, other, 0.5)),
    "more at the end": lambda text, other: (cut(text, 0.55), text),
    "a new lead, and cut": lambda text, other: (text, cut(updated(text, other, 0.5), 0.9)),
}


@pytest.mark.parametrize("change", DEVELOPMENTS)
@pytest.mark.parametrize("site", ["", "tarn"], ids=["of another newsroom", "of the same newsroom"])
def test_a_later_report_of_a_story_is_kept(change: str, site: str, new_wire: Callable[[], Wire]) -> None:
    for language in LANGUAGES:
        texts = STORIES[language]
        for number, text in enumerate(texts):
            # What is new must be a paragraph of its own: of another newsroom's text that takes 80 words.
            if site or ComparedText(" ".join(text)).length >= 200:
                wire = new_wire()
                before, after = DEVELOPMENTS[change](text, texts[number - 4])
                assert wire.takes(before, site=site)
                assert wire.takes(after, site=site), f"{language} {number}"


@pytest.mark.parametrize("change", ["cut to 60 %", "another headline", "boilerplate"])
def test_a_newsroom_that_adds_nothing_repeats_itself(change: str, new_wire: Callable[[], Wire]) -> None:
    for language in LANGUAGES:
        wire = new_wire()
        for number, text in enumerate(STORIES[language][:6]):
            other = STORIES[language][number - 1]
            before, after = CHANGES[change](text, other, language, random.Random(number))
            assert wire.takes(before, site="tarn")
            assert not wire.takes(after, site="tarn"), f"{language} {number}"


def test_what_only_looks_alike_is_kept(
    new_wire: Callable[[], Wire], capsys: pytest.CaptureFixture[str]
) -> None:
    refused = {name: [not taken for taken in takes] for name, takes in _look_alikes(new_wire)}
    right = RECALL * COPIES * len(CHANGES)  # as many as the copies above that must be recognised
    wrong, total = sum(map(sum, refused.values())), sum(map(len, refused.values()))
    precision = right / (right + wrong)
    with capsys.disabled():
        counts = ", ".join(f"{name} {sum(each)} of {len(each)}" for name, each in refused.items())
        print(f" refused wrongly: {counts}; precision {precision:.4f} ", end="")
    assert precision >= 0.99
    assert wrong / total <= 0.005


def _look_alikes(new_wire: Callable[[], Wire]) -> Iterator[tuple[str, list[bool]]]:
    yield "stories", _takes(new_wire(), (text for language in LANGUAGES for text in STORIES[language]))
    yield "on one event", _takes(new_wire(), (text for pair in one_event() for text in pair))
    yield "with the same background", _takes(new_wire(), _with_background())
    for number, kind in enumerate(("weather", "bulletins", "markets", "matches")):
        # In one corpus: many share their phrases.
        yield kind, _takes(new_wire(), (text for made in bulletins(11, 30)[number::4] for text in made))


def test_issues_of_a_form_in_which_only_names_change_are_kept(new_wire: Callable[[], Wire]) -> None:
    for number, issues in enumerate(forms(6)):
        for site in ("tarn", ""):  # of one newsroom, and of another one each
            wire = new_wire()
            assert [issue for issue in issues if not wire.takes(issue, site=site)] == [], number


def _takes(wire: Wire, texts: Iterable[Text]) -> list[bool]:
    return [wire.takes(text) for text in texts]


def _with_background() -> Iterator[Text]:
    """Two thirds of a report are its own, the rest is what an earlier one said."""
    for language in LANGUAGES:
        texts = STORIES[language]
        for number, text in enumerate(texts):
            if number % 2 == 0:
                yield text
            else:
                yield (*cut(text, 0.8), *cut(texts[number - 1], 0.4))


@pytest.fixture(scope="module")
def new_wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Wire]]:
    """Makes wires that know nothing yet; nothing is committed."""
    with closing(Catalogue.open("", tmp_path_factory.mktemp("wire"))) as catalogue:
        yield lambda: Wire(catalogue)


@pytest.fixture(scope="module")
def recognised(new_wire: Callable[[], Wire]) -> Recognised:
    """Counts the recognised copies of all stories, each twice."""

    def count(change: str) -> tuple[int, int]:
        rng, taken = random.Random(5), []
        for language in LANGUAGES:
            texts = STORIES[language]
            for _ in range(2):
                wire = new_wire()
                pairs = [
                    CHANGES[change](text, texts[number - 1], language, rng)
                    for number, text in enumerate(texts)
                ]
                assert all(wire.takes(before) for before, _ in pairs)
                taken += [wire.takes(after) for _, after in pairs]
        return taken.count(False), len(taken)

    return count
