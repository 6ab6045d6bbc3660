"""The corpus is known as it will be, whether or not the committer has come that far."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.runs import begin_run, has_runs
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Article
from crawler.texts.corpus_text import CorpusText
from crawler.texts.seed_format import name_end
from pipelines.duplicates import hash_body
from tests.support.outcomes import article, filed, outcome_of

Pass = Callable[[PendingArticles, Catalogue, Article], PendingArticles]
PORT, DYKE = "Le port de Marisol rouvre.", "La digue de Marisol cède."


def kept(made: Article) -> CorpusText:
    assert made.body_hash is not None
    assert made.file is not None
    text = "\n\n".join(made.paragraphs)
    return CorpusText(made.url, made.evidence.source, made.body_hash, made.file, text, made.modified)


def body(text: str) -> bytes:
    return hash_body(article("any", text).paragraphs)


def on_its_way(index: PendingArticles, _catalogue: Catalogue, made: Article) -> PendingArticles:
    """The committer has written nothing yet."""
    index.add(made)
    return index


def committed(index: PendingArticles, catalogue: Catalogue, made: Article) -> PendingArticles:
    """The committer has written it."""
    index.add(made)
    commit_outcomes(catalogue, begin_run(catalogue, "news", {}, ""), [(outcome_of(made), None)])
    return index


def of_an_earlier_run(_index: PendingArticles, catalogue: Catalogue, made: Article) -> PendingArticles:
    """An earlier run has committed it: only the store knows."""
    run = (
        1 if has_runs(catalogue) else begin_run(catalogue, "news", {}, "")
    )  # two runs would not commit one text twice
    commit_outcomes(catalogue, run, [(outcome_of(made), None)])
    return PendingArticles(catalogue)


WAYS = pytest.mark.parametrize("pass_on", [on_its_way, committed, of_an_earlier_run])


@WAYS
def test_an_article_is_known_by_url_and_by_text(catalogue: Catalogue, pass_on: Pass) -> None:
    made = filed(article("one", PORT))
    index = pass_on(PendingArticles(catalogue), catalogue, made)
    assert index.same_text(body(PORT)) == kept(made)
    assert index.text_of_url(made.url + "#comments") == kept(made)
    assert index.same_text(body(DYKE)) is None
    assert index.text_of_url("https://marisol.example/two") is None


@WAYS
def test_the_first_article_with_a_text_stays_its_representative(catalogue: Catalogue, pass_on: Pass) -> None:
    first, second = filed(article("one", PORT), 0), filed(article("two", PORT), 1)
    index = pass_on(PendingArticles(catalogue), catalogue, first)
    index = pass_on(index, catalogue, second)
    assert index.same_text(body(PORT)) == kept(first)
    assert index.text_of_url(second.url) == kept(second)


@WAYS
@pytest.mark.parametrize("pass_on_revision", [on_its_way, committed])
def test_a_text_that_was_replaced_is_no_text_of_the_corpus(
    catalogue: Catalogue, pass_on: Pass, pass_on_revision: Pass
) -> None:
    old = filed(article("one", PORT), 0)
    new = replace(filed(article("one", DYKE), 1), revises=old.file)
    index = pass_on(PendingArticles(catalogue), catalogue, old)
    index = pass_on_revision(index, catalogue, new)
    assert index.same_text(body(PORT)) is None
    assert index.text_of_url(old.url) == kept(new)


@WAYS
def test_a_text_that_comes_back_is_known_again(catalogue: Catalogue, pass_on: Pass) -> None:
    old = filed(article("one", PORT), 0)
    new = replace(filed(article("one", DYKE), 1), revises=old.file)
    again = replace(filed(article("one", PORT), 2), revises=new.file)
    index = PendingArticles(catalogue)
    for made in (old, new, again):
        index = pass_on(index, catalogue, made)
    assert index.same_text(body(PORT)) == kept(again)
    assert index.same_text(body(DYKE)) is None


def test_numbers_of_a_month_count_up_from_zero(catalogue: Catalogue) -> None:
    index = PendingArticles(catalogue)
    assert [index.next_file_number("2021-01") for _ in range(3)] == [0, 1, 2]
    assert index.next_file_number("2021-02") == 0


def test_numbers_are_not_used_again_by_later_runs_nor_after_revisions(catalogue: Catalogue) -> None:
    run = begin_run(catalogue, "news", {}, "")
    old = filed(article("one", PORT), 4)
    new = replace(filed(article("one", DYKE, month="2021-02"), 0), revises=old.file)
    commit_outcomes(catalogue, run, [(outcome_of(old), None), (outcome_of(new, Fate.UPDATED), None)])
    index = PendingArticles(catalogue)
    assert index.next_file_number("2021-01") == 5
    assert index.next_file_number("2021-02") == 1


def test_what_is_committed_is_forgotten_and_what_replaced_it_meanwhile_is_not(catalogue: Catalogue) -> None:
    """Three texts of one page, and the first one's words on another page, while the committer is behind."""
    index = PendingArticles(catalogue)
    first = filed(article("one", PORT))
    second = replace(filed(article("one", DYKE), 1), revises=first.file)
    third = replace(filed(article("one", PORT), 2), revises=second.file)
    for made in (first, second, third):
        index.add(made)
    index.settle([first])
    index.add(filed(article("two", "Le phare brille."), 3))
    assert index.text_of_url(third.url) == kept(third)
    assert index.same_text(body(PORT)) == kept(third)
    assert index.same_text(body(DYKE)) is None


KEPT, NEW = {name_end("a" * 64): 0, name_end("b" * 64): 2}, ("c" * 64, "d" * 64, "e" * 64)


def test_a_kept_number_is_given_to_its_file_only_and_none_is_given_twice(catalogue: Catalogue) -> None:
    files = ("a" * 64, "b" * 64, *NEW)
    for asked in permutations(files):
        index = PendingArticles(catalogue)
        index.keep_numbers(("2021-01", number, end) for end, number in KEPT.items())
        given = {file: index.file_number("2021-01", file) for file in asked}
        assert [given[file] for file in files[:2]] == [*KEPT.values()], asked
        assert len({*given.values()}) == len(files), asked
        assert index.file_number("2021-01", files[0]) == max(given.values()) + 1, (
            "its number was given already"
        )
        assert index.file_number("2021-02", files[0]) == 0, "another month has numbers of its own"


def test_of_several_kept_numbers_of_one_text_the_lowest_goes_first(catalogue: Catalogue) -> None:
    index = PendingArticles(catalogue)
    index.keep_numbers(("2021-01", number, name_end("a" * 64)) for number in (5, 1, 3))
    assert [index.file_number("2021-01", "a" * 64) for _ in range(4)] == [1, 3, 5, 6]
