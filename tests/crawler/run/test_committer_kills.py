"""A kill at any line of what commits leaves no file in pieces, no row without its file, and loses nothing."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import select

from crawler.catalogue import outcomes as outcomes_module
from crawler.catalogue.articles import articles
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.catalogue.tallies import fates_of_all
from crawler.data_dir import REVISIONS
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.states import DONE
from crawler.outcome import Outcome
from crawler.run.committer import Committer
from crawler.run.corpus import Corpus
from crawler.run.strays import find_strays, put_away
from crawler.texts.seed_format import parse_seed
from tests.support.checkout import ROOT
from tests.support.committing import begin, captured, name_of
from tests.support.outcomes import FEED, Shelved, article, ended, filed, link, outcome_of

OLD = captured("one", 0)
NEW = replace(captured("one", 1, "Le port de Marisol ferme."), revises=OLD.file)
OTHER = filed(article("two", "La digue de Tarn cède.", month="2021-02", capture=Shelved(2)), 0)
OUTCOMES = [
    ended(FEED, links=(link("two"), link("three"))),
    outcome_of(NEW, Fate.UPDATED),
    outcome_of(OTHER),
]
WRITING = {
    function.__code__
    for function in (
        *(Committer._commit, Corpus.write, Corpus._write_one, Corpus.retire),
        *(commit_outcomes, outcomes_module._commit_one, Catalogue.write, Catalogue._transact_once),
    )
}


def commit_all(data_dir: Path, chosen: Iterable[Outcome], run: int | None = None) -> None:
    """Commit outcomes as one run does it."""
    catalogue = Catalogue.open("", data_dir)
    failures: list[Exception] = []
    leased = run is not None
    run = run if run is not None else begin_run(catalogue, "news", {}, "")
    commit = partial(commit_outcomes, catalogue, run, leased=leased)
    committer = Committer(commit, Corpus(data_dir / "corpus"), failures.append)
    for outcome in chosen:
        committer.put(outcome)
    committer.close()
    catalogue.close()
    assert not failures


def pending(catalogue: Catalogue) -> set[str]:
    """The URLs that have not ended."""
    url = schema.url.c
    with catalogue.read() as connection:
        return set(connection.execute(select(url.url).where(url.state != DONE)).scalars())


def die_at(step: int) -> Any:
    """A trace function that kills the process before the given line of what writes is run."""
    lines = iter(range(1, step + 1))

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        if frame.f_code not in WRITING:
            return None
        if event == "line" and next(lines, step) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def kill_at_every_line(folder: Path) -> None:
    """Commit the same outcomes in one process after the other, each killed one line later than the last."""
    begun = folder / "begun"
    commit_all(begun, [outcome_of(OLD)])
    catalogue = Catalogue.open("", begun)
    run = begin(catalogue, [FEED, link("one"), link("two")])
    catalogue.close()
    step, status = 0, -1
    while status != 0:
        step += 1
        data_dir = shutil.copytree(begun, folder / f"killed-{step:03}")
        child = os.fork()
        if child == 0:
            threading.settrace(die_at(step))
            commit_all(data_dir, OUTCOMES, run)
            os._exit(0)
        status = os.waitpid(child, 0)[1]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What processes left that were killed while they committed, one for each line; the last was not killed."""
    folder = tmp_path_factory.mktemp("kills")
    program = f"import pathlib, {__name__} as m; m.kill_at_every_line(pathlib.Path({str(folder)!r}))"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=120)
    return sorted(folder.glob("killed-*"))


def corpus_of(data_dir: Path) -> dict[str, bytes]:
    """What a reader of the corpus sees."""
    folder = data_dir / "corpus"
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in folder.glob("[!.]*/[!.]*")}


def rows_of(data_dir: Path) -> dict[str, str]:
    catalogue = Catalogue.open("", data_dir)
    rows = {str(row.file): str(row.sha256) for row in articles(catalogue)}
    catalogue.close()
    return rows


def test_no_kill_leaves_a_file_in_pieces(killed: list[Path]) -> None:
    assert len(killed) > 40
    for data_dir in killed:
        for name, content in corpus_of(data_dir).items():
            parse_seed(content)
            assert hashlib.sha256(content).hexdigest()[:16] in name


def test_no_kill_leaves_a_row_without_its_file(killed: list[Path]) -> None:
    for data_dir in killed:
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in corpus_of(data_dir).items()}
        assert rows_of(data_dir).items() <= digests.items()


def test_no_kill_loses_a_text(killed: list[Path]) -> None:
    for data_dir in killed:
        retired = data_dir / "corpus" / REVISIONS / name_of(OLD)
        assert retired.exists() or corpus_of(data_dir)[name_of(OLD)] == OLD.content


def test_no_kill_loses_a_url(killed: list[Path]) -> None:
    for data_dir in killed:
        catalogue = Catalogue.open("", data_dir)
        fates = fates_of_all(catalogue)
        # What the feed names comes with its fate.
        assert sum(fates.values()) + len(pending(catalogue)) == (4 if "discovery" in fates else 3)
        catalogue.close()


def test_a_run_after_a_kill_brings_the_corpus_to_its_end(killed: list[Path]) -> None:
    whole = killed[-1]
    for data_dir in killed[::4]:  # a sample: each is a run of its own
        repeated = shutil.copytree(data_dir, data_dir.with_name(f"again-{data_dir.name}"))
        catalogue = Catalogue.open("", repeated)
        put_away(corpus := Corpus(repeated / "corpus"), find_strays(corpus, catalogue))
        assert corpus_of(repeated).keys() == rows_of(repeated).keys()
        waiting = pending(catalogue)
        run = begin(catalogue)
        catalogue.close()
        commit_all(repeated, [each for each in OUTCOMES if each.url in waiting], run)
        assert rows_of(repeated) == rows_of(whole)
        assert corpus_of(repeated) == corpus_of(whole)
