"""An article gets its bytes, and a name that no article of its month ever had."""

import hashlib

import pytest

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.items import Article
from crawler.texts.seed_format import Seed, SeedError, parse_seed
from pipelines.duplicates import DuplicatesPipeline
from pipelines.seed_files import SeedFilePipeline
from tests.support.outcomes import article, outcome_of


def hashed(index: PendingArticles, made: Article) -> Article:
    return DuplicatesPipeline(index).process_item(made)


def take(index: PendingArticles, made: Article) -> Article:
    return SeedFilePipeline(index).process_item(hashed(index, made))


def test_the_bytes_are_the_article_in_the_seed_format(catalogue: Catalogue) -> None:
    made = article("one", "قُصف الميناء — «لا ضحايا» 🚒")
    taken = take(PendingArticles(catalogue), made)
    assert taken.content is not None
    assert parse_seed(taken.content) == Seed("2021-01", made.paragraphs)


def test_the_name_tells_month_index_and_hash(catalogue: Catalogue) -> None:
    taken = take(PendingArticles(catalogue), article("one"))
    assert taken.content is not None
    assert taken.number == 0
    assert taken.file == f"2021-01/000_{hashlib.sha256(taken.content).hexdigest()[:16]}.txt"


def test_articles_are_numbered_within_their_month_in_the_order_of_their_coming(catalogue: Catalogue) -> None:
    index = PendingArticles(catalogue)
    months = ["2021-01", "2021-02", "2021-01", "2020-12", "2021-02", "2021-01"]
    taken = [
        take(index, article(str(number), f"Nouvelle {number}.", month=month))
        for number, month in enumerate(months)
    ]
    assert [each.number for each in taken] == [0, 0, 1, 0, 1, 2]
    assert [str(each.file)[:12] for each in taken][-1] == "2021-01/002_"


def test_an_index_is_never_given_again(catalogue: Catalogue) -> None:
    run = begin_run(catalogue, "news", {}, "")
    index = PendingArticles(catalogue)
    old = take(index, article("one", "Le port rouvre."))
    new = take(index, article("one", "Le port ferme."))
    commit_outcomes(catalogue, run, [(outcome_of(old), None), (outcome_of(new), None)])
    assert (old.number, new.number) == (0, 1)
    assert take(PendingArticles(catalogue), article("two", "La digue cède.")).number == 2


def test_the_thousandth_article_of_a_month_has_four_digits(catalogue: Catalogue) -> None:
    index = PendingArticles(catalogue)
    for _ in range(1000):
        index.next_file_number("2021-01")
    assert str(take(index, article("one")).file).startswith("2021-01/1000_")


def test_a_text_that_the_format_refuses_uses_no_index(catalogue: Catalogue) -> None:
    index = PendingArticles(catalogue)
    with pytest.raises(SeedError, match="Paragraph 1"):
        take(index, article("one", "Le port\nrouvre."))
    assert take(index, article("two", "La digue cède.")).number == 0


def test_what_is_on_its_way_to_the_disk_is_known_to_the_index(catalogue: Catalogue) -> None:
    index = PendingArticles(catalogue)
    taken = take(index, article("one"))
    assert taken.body_hash is not None
    kept = index.same_text(taken.body_hash)
    assert kept is not None
    assert (kept.url, kept.file) == (taken.url, taken.file)
