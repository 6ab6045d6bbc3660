"""Which pages tell one story: each row has its cluster from the row that it repeats, tells on or replaces."""

from dataclasses import replace

from sqlalchemy import Connection, update

from crawler.catalogue.articles import articles, pages_of
from crawler.catalogue.clusters import group_all
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.redactions import erase, find_page
from crawler.catalogue.runs import begin_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.http.url_identity import url_key
from crawler.items import Article, Relation
from tests.support.outcomes import article, filed, outcome_of

PORT, DYKE, LIGHT, FERRY = "Le port rouvre.", "La digue cède.", "Le phare brille.", "Le ferry repart."


def commit(catalogue: Catalogue, *made: Article) -> None:
    run = begin_run(catalogue, "news", {}, "")
    commit_outcomes(catalogue, run, [(outcome_of(each, fate_of(each)), None) for each in made])


def fate_of(made: Article) -> Fate:
    if made.file is None:
        return Fate.SYNDICATED
    return Fate.UPDATED if made.revises else Fate.SAVED


def developing(made: Article, other: Article) -> Article:
    return replace(made, kinship=Relation.DEVELOPS, kin=other.url)


def told(catalogue: Catalogue) -> dict[str, tuple[str | None, str | None, str | None]]:
    """Cluster, relation and what that is to of each page, by the last part of its URL."""
    rows = articles(catalogue, everything=True)
    return {row.url.rsplit("/", 1)[1]: (row.cluster, row.relation, row.relates_to) for row in rows}


def test_what_repeats_or_tells_on_is_in_the_cluster_of_the_first(catalogue: Catalogue) -> None:
    first, lone = filed(article("one", PORT)), filed(article("four", LIGHT), 1)
    second = developing(filed(article("two", DYKE), 2), first)
    copy = article("three", DYKE, duplicate_of=second.url)
    third = developing(filed(article("five", FERRY), 3), second)
    commit(catalogue, first, lone)
    commit(catalogue, second, copy, third)
    story = url_key(first.url).hex()
    assert told(catalogue) == {
        "one": (story, None, None),
        "four": (url_key(lone.url).hex(), None, None),
        "two": (story, "develops", first.url),
        "three": (story, "copy", second.url),
        "five": (story, "develops", second.url),
    }


def test_a_page_that_never_was_in_the_corpus_has_no_cluster(catalogue: Catalogue) -> None:
    run = begin_run(catalogue, "news", {}, "")
    commit_outcomes(catalogue, run, [(outcome_of(article("one"), Fate.OFF_TOPIC), None)])
    assert told(catalogue) == {"one": (None, None, None)}


def test_a_text_that_replaces_another_one_is_what_that_one_was(catalogue: Catalogue) -> None:
    first = filed(article("one", PORT))
    second = developing(filed(article("two-471102", DYKE), 1), first)
    renamed = replace(filed(article("deux-471102", LIGHT), 2), revises=second.file)
    again = replace(filed(article("deux-471102", FERRY), 3), revises=renamed.file)
    commit(catalogue, first, second, renamed, again)
    for name in ("two-471102", "deux-471102"):
        assert told(catalogue)[name] == (url_key(first.url).hex(), "develops", first.url)


def test_clusters_that_are_made_anew_are_those_that_rows_were_given(catalogue: Catalogue) -> None:
    first, lone = filed(article("one", PORT)), filed(article("four-471103", LIGHT), 1)
    second = developing(filed(article("two-471102", DYKE), 2), first)
    renamed = replace(filed(article("deux-471102", FERRY), 3), revises=second.file)
    moved = replace(filed(article("quatre-471103", PORT), 4), revises=lone.file)
    copy = article("three", FERRY, duplicate_of=renamed.url)
    commit(catalogue, first, lone, second, renamed, moved, copy, article("five", DYKE))
    given = told(catalogue)

    def group(connection: Connection) -> None:
        connection.execute(update(schema.article).values(cluster=None))
        group_all(connection)

    catalogue.write(group)
    assert told(catalogue) == given
    assert given["quatre-471103"][0] == url_key(lone.url).hex()


def test_an_article_that_was_taken_down_leaves_no_kin(catalogue: Catalogue) -> None:
    first = filed(article("one", PORT))
    second = developing(filed(article("two", DYKE), 1), first)
    copy = article("three", DYKE, duplicate_of=second.url)
    third = developing(filed(article("four", LIGHT), 2), second)
    commit(catalogue, first, second, copy, third)
    for _ in range(2):
        erase(catalogue, find_page(catalogue, first.url), "asked for")
        story = url_key(second.url).hex()
        assert told(catalogue) == {
            "one": (None, None, None),
            "two": (story, None, None),
            "three": (story, "copy", second.url),
            "four": (story, "develops", second.url),
        }


def test_the_cluster_of_a_copy_is_that_of_the_newest_row_of_the_other(catalogue: Catalogue) -> None:
    first = filed(article("one", PORT))
    second = developing(filed(article("two", DYKE), 1), first)
    commit(catalogue, first, second)
    commit(catalogue, article("three", DYKE, duplicate_of=second.url))
    [copy] = pages_of(catalogue, "https://marisol.example/three")
    assert (copy.representative, copy.cluster) == (second.url, url_key(first.url).hex())


def test_a_page_that_later_repeated_another_one_takes_its_next_copies_along(catalogue: Catalogue) -> None:
    first, lone = filed(article("one", PORT)), filed(article("two", DYKE), 1)
    commit(catalogue, first, lone)
    commit(catalogue, article("two", PORT, duplicate_of=first.url))
    commit(catalogue, article("three", LIGHT, duplicate_of=lone.url))
    assert told(catalogue)["three"][0] == url_key(first.url).hex()
