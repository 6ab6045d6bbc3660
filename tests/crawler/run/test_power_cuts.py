"""A power cut at any moment: the catalogue names no record and no seed file that is not on the disk."""

import hashlib
import time
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from archive.collection.collection import Collection
from archive.collection.writer import WarcWriter
from archive.replay.stored_records import read_record
from archive.warc.durable import sync_folder
from crawler.catalogue.articles import articles
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.data_dir import REVISIONS, DataDir
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.run.committer import Committer
from crawler.run.corpus import Corpus
from tests.support.catalogues import known
from tests.support.logs import make_log
from tests.support.outcomes import article, filed, outcome_of
from tests.support.power_cuts import watched

TEXT = b" date 2021-01 Le port de Marisol rouvre."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def collection(data: Path) -> Collection:
    return Collection(data / "collections" / "news", "news", {}, 3_000)


def unexpected(error: Exception) -> None:
    raise error


def names(corpus: Path) -> dict[str, bytes]:
    """What a reader of the corpus sees, earlier texts too."""
    return {
        str(path.relative_to(corpus)): path.read_bytes()
        for path in corpus.rglob("*.txt")
        if not path.name.startswith(".")
    }


def test_seed_files_that_are_written_or_removed_are_not_left_to_sync(data: Path) -> None:
    corpus = Corpus(data / "corpus")
    with watched(data) as disk:
        corpus.write([(f"2021-0{month}/00{month}_aa.txt", TEXT) for month in (1, 2, 3)])
        assert disk.unsynced() == set()
        corpus.discard("2021-01/001_aa.txt")
        assert disk.unsynced() == set()
        corpus.remove([("2021-02", 2)], [])
        assert disk.unsynced() == set()
        assert [*names(corpus.folder)] == ["2021-03/003_aa.txt"]


def test_files_that_were_written_survive_and_none_is_seen_in_pieces(data: Path, tmp_path: Path) -> None:
    ruin = tmp_path / "ruin"
    corpus = Corpus(data / "corpus")
    with watched(data) as disk:
        for number in range(3):
            name = f"2021-{1 + number % 2:02}/00{number}_aa.txt"
            corpus.write([(name, TEXT), (name.replace("_aa", "_bb"), TEXT)])
            disk.promise(name)
        corpus.retire("2021-01/000_aa.txt")
        disk.promise(f"{REVISIONS}/2021-01/000_aa.txt")

    for promised in disk.outcomes(ruin):
        seen = names(ruin / "corpus")
        assert set(seen.values()) <= {TEXT}
        retired = {"2021-01/000_aa.txt", f"{REVISIONS}/2021-01/000_aa.txt"}
        assert set(promised) - retired <= set(seen)
        assert not promised or retired & set(seen)
        assert {name for name in promised if name.startswith(REVISIONS)} <= set(seen)


def crawl(data: Path) -> None:
    """Fetch three pages, the last one being another text of the first, and commit each when it is archived."""
    DataDir.at(data).make()
    with closing(Catalogue.open("", data)) as catalogue:
        sync_folder(data)  # SQLite does it for its own files, and so for all names there
        writer = WarcWriter(collection(data), unexpected)
        writer.start()
        run = begin_run(catalogue, "news", {}, "frontwire/0.1")
        commit = partial(commit_outcomes, catalogue, run)
        committer = Committer(commit, Corpus(data / "corpus"), unexpected)
        earlier = ""
        for number, name in enumerate(("one", "two", "one")):
            capture = writer.submit(make_log(f"https://marisol.example/{name}"), {})
            made = filed(article(name, f"Le port {number} rouvre.", capture=capture), number)
            made = replace(made, revises=earlier or None) if number == 2 else made
            committer.put(outcome_of(made, Fate.UPDATED if number == 2 else Fate.SAVED))
            earlier = earlier or str(made.file)
            while not committer.is_idle:  # one thread at work at a time
                time.sleep(0.001)
        committer.close()
        writer.close()


def test_no_row_is_without_its_record_and_its_file(data: Path, tmp_path: Path) -> None:
    ruin = tmp_path / "ruin"
    with watched(data) as disk:
        crawl(data)

    most = 0
    for _ in disk.outcomes(ruin):
        collection(ruin).recover()
        with closing(Catalogue.open("", ruin)) as catalogue:
            rows = list(articles(catalogue, everything=True))
        for row in rows:
            record = read_record(
                ruin / "collections" / "news" / "archive" / known(row.warc), known(row.offset)
            )
            assert ("warc-record-id", row.record_id) in record.headers
        kept = {row.file: row.sha256 for row in rows if row.file is not None}
        seen = {name: hashlib.sha256(text).hexdigest() for name, text in names(ruin / "corpus").items()}
        assert kept.items() <= seen.items()
        most = max(most, len(rows))
    assert most == 3
