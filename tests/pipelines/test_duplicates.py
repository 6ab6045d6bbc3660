"""One text is in the corpus once: from its URL, its site, or whichever site came first."""

from dataclasses import replace

import pytest

from crawler.catalogue.known_texts import is_same_publisher
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.runs import begin_run
from crawler.catalogue.stated_decisions import LeftOut
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.http.url_identity import url_key
from crawler.items import Article, Evidence, Relation
from crawler.refusal import Refused
from crawler.relevance.encoder import DIMENSIONS
from crawler.relevance.translations import Meaning
from crawler.texts.corpus_text import CorpusText
from crawler.texts.similarity import bands_of
from pipelines.duplicates import (
    Duplicate,
    DuplicatesPipeline,
    Syndicated,
    Unchanged,
    hash_body,
)
from pipelines.seed_files import SeedFilePipeline
from tests.support.outcomes import article, outcome_of
from tests.support.wire.texts import STORIES, Text, cut, updated

STORY, OTHER = STORIES["fr"][:2]
PORT, DYKE, LIGHT = "Le port de Marisol rouvre.", "La digue de Marisol cède.", "Le phare brille."


class Corpus:
    """The pipelines from `duplicates` on, and a store to which articles are committed when a test says so."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.passed: list[Article] = []
        self.begin_run()

    def begin_run(self) -> None:
        self.index = index = PendingArticles(self.catalogue)
        self._duplicates, self._seed_files = DuplicatesPipeline(index), SeedFilePipeline(index)

    def take(self, made: Article) -> Article:
        """The article as it enters the corpus; Refused if it does not."""
        article = self._seed_files.process_item(self._duplicates.process_item(made))
        self.passed.append(article)
        return article

    def refuse(self, made: Article) -> Refused:
        with pytest.raises(Refused) as refusal:
            self.take(made)
        return refusal.value

    def commit(self) -> None:
        run = begin_run(self.catalogue, "news", {}, "")
        commit_outcomes(self.catalogue, run, [(outcome_of(made), None) for made in self.passed])
        self.passed.clear()


@pytest.fixture(params=["in one run", "committed in between", "in later runs"])
def corpus(catalogue: Catalogue, request: pytest.FixtureRequest) -> Corpus:
    """What the pipelines decide must not depend on how far the committer has come."""

    class Committed(Corpus):
        def take(self, made: Article) -> Article:
            article = super().take(made)
            if request.param != "in one run":
                self.commit()
            if request.param == "in later runs":
                self.begin_run()
            return article

    return Committed(catalogue)


def of_tarn(text: str) -> Article:
    return replace(article("one", text), url="https://tarn.example/one", evidence=Evidence(source="tarn"))


def test_a_new_text_passes_with_its_hash(corpus: Corpus) -> None:
    taken = corpus.take(article("one", PORT))
    assert taken.body_hash == hash_body(taken.paragraphs)
    assert taken.revises is None


def test_the_same_text_of_the_same_url_is_unchanged(corpus: Corpus) -> None:
    corpus.take(article("one", PORT))
    refusal = corpus.refuse(article("one", PORT, title="Un autre titre"))
    assert isinstance(refusal, Unchanged)
    assert refusal.fate is Fate.UNCHANGED
    assert refusal.article.duplicate_of is None


def test_a_page_that_was_left_out_stays_out_until_it_has_a_text_of_its_own(corpus: Corpus) -> None:
    url = article("two", DYKE).url
    left = LeftOut(url, "duplicate", "same text as one", article("one").url, 1.0, 1.0)
    corpus.index.left_out = {url_key(url): left}
    assert corpus.refuse(article("two", DYKE)).fate is Fate.DUPLICATE
    corpus.index.left_out = {}
    first = corpus.take(article("two", DYKE))
    corpus.index.left_out = {url_key(url): left}
    assert corpus.take(article("two", LIGHT)).revises == first.file


def test_the_same_text_of_the_same_site_is_a_duplicate(corpus: Corpus) -> None:
    first = corpus.take(article("one", PORT))
    refusal = corpus.refuse(article("one?section=ports", PORT))
    assert isinstance(refusal, Duplicate)
    assert refusal.fate is Fate.DUPLICATE
    assert refusal.article.duplicate_of == first.url
    assert first.url in refusal.reason


def test_the_same_text_of_another_site_is_syndicated(corpus: Corpus) -> None:
    first = corpus.take(article("one", PORT))
    refusal = corpus.refuse(of_tarn(PORT))
    assert isinstance(refusal, Syndicated)
    assert refusal.fate is Fate.SYNDICATED
    assert refusal.article.duplicate_of == first.url


def test_the_first_that_came_stays_the_representative(corpus: Corpus) -> None:
    first = corpus.take(of_tarn(PORT))
    for name in ("one", "two"):
        assert corpus.refuse(article(name, PORT)).article.duplicate_of == first.url


def test_a_changed_text_replaces_the_earlier_one(corpus: Corpus) -> None:
    old = corpus.take(article("one", PORT))
    new = corpus.take(article("one", DYKE))
    assert new.revises == old.file
    assert corpus.take(article("one", LIGHT)).revises == new.file


def test_a_text_that_comes_back_is_a_change_too(corpus: Corpus) -> None:
    corpus.take(article("one", PORT))
    new = corpus.take(article("one", DYKE))
    assert corpus.take(article("one", PORT)).revises == new.file


def test_a_text_that_was_replaced_is_free_for_others(corpus: Corpus) -> None:
    corpus.take(article("one", PORT))
    corpus.take(article("one", DYKE))
    taken = corpus.take(of_tarn(PORT))
    assert taken.revises is None
    assert corpus.refuse(article("two", PORT)).article.duplicate_of == taken.url


def test_a_change_to_what_another_page_says_already_is_a_duplicate(corpus: Corpus) -> None:
    corpus.take(article("one", PORT))
    other = corpus.take(article("two", DYKE))
    assert corpus.refuse(article("one", DYKE)).article.duplicate_of == other.url
    assert isinstance(corpus.refuse(article("one", PORT)), Unchanged)


def test_a_refused_text_keeps_its_hash(corpus: Corpus) -> None:
    first = corpus.take(article("one", PORT))
    assert corpus.refuse(of_tarn(PORT)).article.body_hash == first.body_hash


# --- what is nearly the same ----------------------------------------------------------------
def told(site: str, name: str, text: Text) -> Article:
    """A story as a site tells it."""
    return replace(
        article(name),
        url=f"https://{site}.example/{name}",
        evidence=Evidence(source=site),
        paragraphs=text,
        bands=bands_of("\n\n".join(text)),
    )


def test_most_of_a_text_is_syndicated_or_on_the_same_site_a_duplicate(corpus: Corpus) -> None:
    first = corpus.take(told("marisol", "one", STORY))
    corpus.take(told("tarn", "other", OTHER))
    refusal = corpus.refuse(told("tarn", "one", cut(STORY)))
    assert refusal.fate is Fate.SYNDICATED
    assert refusal.article.duplicate_of == first.url
    assert refusal.article.known == 1
    assert refusal.article.covered == pytest.approx(0.6, abs=0.05)
    assert refusal.reason == f"the text is in {first.url}, 100% of it"
    assert corpus.refuse(told("marisol", "two", cut(STORY))).fate is Fate.DUPLICATE


def test_what_tells_another_text_on_is_kept_and_linked(corpus: Corpus) -> None:
    first = corpus.take(told("marisol", "one", STORY))
    later = corpus.take(told("tarn", "one", updated(STORY, OTHER)))
    assert (later.kinship, later.kin, later.duplicate_of) == (Relation.DEVELOPS, first.url, None)
    own = corpus.take(told("marisol", "two", updated(STORY, STORIES["fr"][2])))
    assert (own.kinship, own.kin) == (Relation.DEVELOPS, first.url)
    lone = corpus.take(told("tarn", "two", STORIES["fr"][3]))
    assert (lone.kinship, lone.kin) == (None, None)


@pytest.mark.parametrize(
    ("published", "kinship"),
    [("2021-01-30T08:00:00+01:00", Relation.REPORT), ("2021-02-20", None), (None, None)],
)
def test_reports_that_share_a_source_are_of_one_story_within_days(
    corpus: Corpus, published: str | None, kinship: Relation | None
) -> None:
    first = corpus.take(replace(told("marisol", "one", (*STORY, *OTHER)), published="2021-01-28"))
    half = (*cut(STORIES["fr"][2], 0.9), *cut(STORY, 0.7))
    report = corpus.take(replace(told("tarn", "one", half), published=published))
    assert (report.kinship, report.kin) == (kinship, first.url if kinship else None)


def meaning(*numbers: float) -> bytes:
    return Meaning.of("fr", (*numbers, *[0.1] * (DIMENSIONS - len(numbers)))).numbers


def test_what_tells_the_same_in_another_language_is_kept_and_linked(corpus: Corpus) -> None:
    same, another = (
        meaning(1.0, -2.0),
        Meaning.of("fr", tuple((-1.0) ** n for n in range(DIMENSIONS))).numbers,
    )
    french = replace(told("marisol", "one", STORY), language="fr", published="2021-01-28", meaning=same)
    replaced = corpus.take(replace(french, paragraphs=OTHER))
    first = corpus.take(french)
    assert first.revises == replaced.file
    english = replace(
        told("tarn", "one", STORIES["en"][0]), language="en", published="2021-01-30", meaning=same
    )
    other = corpus.take(replace(english, url="https://tarn.example/two", meaning=another))
    late = replace(
        english, url="https://tarn.example/three", published="2021-02-05", paragraphs=STORIES["en"][1]
    )
    assert (other.kin, corpus.take(late).kin) == (None, None)
    translation = corpus.take(replace(english, paragraphs=STORIES["en"][2]))
    assert (translation.kinship, translation.kin) == (Relation.TRANSLATION, first.url)


def test_a_text_that_is_about_to_be_replaced_is_translated_by_nothing(catalogue: Catalogue) -> None:
    corpus, same = Corpus(catalogue), meaning(1.0, -2.0)
    french = replace(told("marisol", "one", STORY), language="fr", published="2021-01-28", meaning=same)
    corpus.take(french)
    corpus.commit()
    other = Meaning.of("fr", tuple((-1.0) ** n for n in range(DIMENSIONS))).numbers
    corpus.take(replace(french, paragraphs=OTHER, meaning=other))
    english = replace(
        told("tarn", "one", STORIES["en"][0]), language="en", published="2021-01-28", meaning=same
    )
    assert corpus.take(english).kin is None


def test_a_revision_is_no_kin_of_what_it_replaces(corpus: Corpus) -> None:
    old = corpus.take(told("marisol", "one", STORY))
    new = corpus.take(told("marisol", "one", updated(STORY, OTHER)))
    assert (new.revises, new.kinship) == (old.file, None)


def test_a_part_that_came_first_stays_the_representative(corpus: Corpus) -> None:
    first = corpus.take(told("tarn", "one", cut(STORY, 0.86)))
    refusal = corpus.refuse(told("marisol", "one", STORY))
    assert refusal.article.duplicate_of == first.url
    assert refusal.article.paragraphs == STORY


def test_the_whole_of_a_story_stays_beside_a_part_that_came_first(corpus: Corpus) -> None:
    corpus.take(told("tarn", "one", cut(STORY)))
    assert corpus.take(told("marisol", "one", STORY)).revises is None


def test_a_changed_text_under_a_renamed_address_is_a_revision(corpus: Corpus) -> None:
    old = corpus.take(told("marisol", "ferry-hit-4711023", STORY))
    new = corpus.take(told("marisol", "ferry-sinks-4711023", (*STORY, "Le capitaine a été retrouvé lundi.")))
    assert (new.revises, new.silent_edit) == (old.file, True)
    last = corpus.take(told("marisol", "captain-found-4711023", (OTHER[0], *STORY)))
    assert last.revises == new.file


def test_the_same_text_under_a_renamed_address_is_a_duplicate(corpus: Corpus) -> None:
    corpus.take(told("marisol", "ferry-hit-4711023", STORY))
    assert corpus.refuse(told("marisol", "ferry-sinks-4711023", STORY)).fate is Fate.DUPLICATE


def test_another_text_with_the_same_number_in_its_address_is_an_article(corpus: Corpus) -> None:
    corpus.take(told("marisol", "ferry-hit-4711023", STORY))
    assert corpus.take(told("marisol", "dyke-4711023", OTHER)).revises is None


def test_a_new_text_of_the_same_url_is_a_revision_however_near(corpus: Corpus) -> None:
    old = corpus.take(told("marisol", "one", STORY))
    new = corpus.take(told("marisol", "one", (*STORY, "Correction : le pont s’appelle Tarn.")))
    assert (new.revises, new.silent_edit) == (old.file, False)
    again = corpus.take(told("marisol", "one", STORY[:-1]))
    assert (again.revises, again.silent_edit) == (new.file, True)


def test_a_revision_that_comes_nearer_to_another_page_than_to_itself_is_none(corpus: Corpus) -> None:
    corpus.take(told("marisol", "one", OTHER))
    first = corpus.take(told("tarn", "one", STORY))
    assert corpus.refuse(told("marisol", "one", cut(STORY))).article.duplicate_of == first.url


def test_a_near_text_that_was_replaced_is_free_for_others(corpus: Corpus) -> None:
    corpus.take(told("marisol", "one", STORY))
    corpus.take(told("marisol", "one", OTHER))
    assert corpus.take(told("tarn", "one", cut(STORY))).revises is None


# --- what is the same -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Le port rouvre.", "La digue tient."), ("Le port rouvre. La digue tient.",)),
        (("«Le port» rouvre !",), ('"Le PORT" rouvre',)),
        (("L'été à Tarn",), ("L\u2019e\u0301te\u0301 a\u0300 Tarn",)),
        (("95\u00a0frappes",), ("95 frappes",)),
        (("ﬁn de la trêve",), ("fin de la trêve",)),
    ],
)
def test_case_signs_and_breaks_do_not_count(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert hash_body(one) == hash_body(other)
    assert len(hash_body(one)) == 16


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("95 frappes",), ("96 frappes",)),
        (("9 5 frappes",), ("95 frappes",)),
        (("Le port",), ("Le port rouvre",)),
        (("port le",), ("le port",)),
        (("ville",), ("villé",)),
        (("दिन बीत गया",), ("दीन बीत गया",)),  # "the day has passed", "the poor man has gone"
        (("ปลา",), ("ปลี",)),
    ],
)
def test_every_word_counts(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert hash_body(one) != hash_body(other)


@pytest.mark.parametrize(
    ("url", "source", "other_url", "other_source", "same"),
    [
        ("https://marisol.example/a", "marisol", "https://tarn.example/a", "marisol", True),
        ("https://marisol.example/a", "marisol", "https://marisol.example/b", "tarn", False),
        ("https://marisol.example/a", "", "https://marisol.example/b", "marisol", True),
        ("https://www.marisol.example/a", "", "http://marisol.example/b", "", True),
        ("https://m.marisol.example/a", "", "https://amp.marisol.example/a", "", True),
        ("https://marisol.example/a", "", "https://tarn.example/a", "", False),
        ("http://127.0.0.1:8001/a", "", "http://127.0.0.1:8002/a", "", False),
    ],
)
def test_a_site_is_what_the_registry_says_or_else_a_host(
    url: str, source: str, other_url: str, other_source: str, same: bool
) -> None:
    made = article("one", url=url, evidence=Evidence(source=source))
    assert is_same_publisher(made, CorpusText(other_url, other_source, b"", "")) is same
