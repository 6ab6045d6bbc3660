"""A file that no article names any more is removed if its text was taken down, else kept in `.revisions`."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from crawler.catalogue.article_row import erased_values
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.data_dir import REVISIONS
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Article
from crawler.run.corpus import Corpus
from crawler.run.strays import Strays, find_strays, put_away
from tests.support.outcomes import Shelved, article, filed, outcome_of


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus(tmp_path / "corpus")


def commit(catalogue: Catalogue, corpus: Corpus, made: Article, fate: Fate = Fate.SAVED) -> str:
    """Commit an article and write its file; gives the file's name."""
    capture = Shelved(1)
    run = begin_run(catalogue, "news", {}, "frontwire/0.1")
    commit_outcomes(catalogue, run, [(outcome_of(replace(made, capture=capture), fate), capture.durable())])
    assert made.file is not None
    assert made.content is not None
    corpus.write([(made.file, made.content)])
    return made.file


def test_a_file_that_an_article_names_is_no_stray(catalogue: Catalogue, corpus: Corpus) -> None:
    commit(catalogue, corpus, filed(article("one")))
    assert not any(find_strays(corpus, catalogue))


def test_a_file_whose_number_was_taken_down_is_removed(catalogue: Catalogue, corpus: Corpus) -> None:
    name = commit(catalogue, corpus, filed(article("one")))
    catalogue.write(lambda connection: connection.execute(update(schema.article).values(erased_values())))
    found = find_strays(corpus, catalogue)
    assert found == Strays([], [name], [])
    put_away(corpus, found)
    assert not corpus.paths()


def test_an_earlier_text_is_kept_among_the_revisions(catalogue: Catalogue, corpus: Corpus) -> None:
    earlier = commit(catalogue, corpus, filed(article("one")))
    later = replace(filed(article("one", "Le port de Marisol ferme."), 1), revises=earlier)
    commit(catalogue, corpus, later, Fate.UPDATED)
    found = find_strays(corpus, catalogue)
    assert found == Strays([earlier], [], [])
    put_away(corpus, found)
    assert (corpus.folder / REVISIONS / earlier).is_file()
    assert corpus.names() == {earlier, later.file}


def test_what_nobody_knows_is_kept_too(catalogue: Catalogue, corpus: Corpus) -> None:
    name = "2021-01/007_0123456789abcdef.txt"
    corpus.write([(name, b" date 2021-01 Le port.")])
    found = find_strays(corpus, catalogue)
    assert found == Strays([], [], [name])
    put_away(corpus, found)
    assert (corpus.folder / REVISIONS / name).is_file()
