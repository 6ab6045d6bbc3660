"""Order of truth: a record is on disk before its seed file, a seed file before its row; kills do not change it."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import select

from archive.warc.durable import write_file
from archive.warc.location import RecordLocation
from crawler.catalogue import store as store_module
from crawler.catalogue.store import Store
from crawler.data_dir import REVISIONS
from crawler.database import schema
from crawler.fates import Fate
from crawler.frontier.leases import Leases
from crawler.frontier.states import DONE
from crawler.items import Article, Link
from crawler.outcome import Outcome
from crawler.run import committer as committer_module
from crawler.run.committer import HIGH_WATER, Committer
from crawler.run.corpus import Corpus
from crawler.texts.seed_format import parse_seed
from tests.support.checkout import ROOT
from tests.support.outcomes import FEED, Shelved, article, ended, filed, link, outcome_of

FULL = OSError(28, "No space left on device")


class NotingCorpus(Corpus):
    """Notes what it does."""

    def __init__(self, folder: Path, log: list[str]) -> None:
        super().__init__(folder)
        self.log = log

    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
        named = list(files)
        super().write(named)
        self.log += [f"file {name}" for name, _ in named]

    def retire(self, name: str) -> None:
        super().retire(name)
        self.log.append(f"retired {name}")


class NotingStore(Store):
    """Notes what it does, to a list that its user sets."""

    log: list[str]

    def commit(
        self, run_id: int, ended: Sequence[tuple[Outcome, RecordLocation | None]], leased: bool = False
    ) -> list[Outcome]:
        lost = super().commit(run_id, ended, leased)
        self.log += [f"row {outcome.url}" for outcome, _ in ended]
        return lost


@dataclass
class Gate(Shelved):
    """A capture whose record is not on disk before the gate is opened: the committer waits."""

    opened: threading.Event = field(default_factory=threading.Event)

    def durable(self) -> RecordLocation:
        assert self.opened.wait(10)
        return super().durable()


@dataclass
class Committing:
    """A committer with what it writes to and what it says."""

    store: NotingStore
    corpus: NotingCorpus
    committer: Committer
    failures: list[Exception]
    run: int

    @property
    def log(self) -> list[str]:
        return self.store.log

    def commit(self, *outcomes: Outcome) -> None:
        """Commit all in one batch."""
        gate = Gate(0)
        self.committer.put(replace(ended(FEED), capture=gate))
        for outcome in outcomes:
            self.committer.put(outcome)
        gate.opened.set()
        self.committer.close()

    def urls(self) -> list[str]:
        return [str(row["url"]) for row in self.store.articles(everything=True)]

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.corpus.folder)) for path in self.corpus.folder.rglob("*.txt"))


@pytest.fixture
def committing(store_url: str, tmp_path: Path) -> Iterator[Committing]:
    yield from start(tmp_path, tmp_path / "corpus", store_url)


def start(data_dir: Path, folder: Path, store_url: str = "") -> Iterator[Committing]:
    store = NotingStore(Store.open(store_url, data_dir).engine)
    store.log = []
    corpus = NotingCorpus(folder, store.log)
    failures: list[Exception] = []
    run = store.begin_run("news", {}, "frontwire/0.1")
    committer = Committer(store, corpus, run, failures.append)
    yield Committing(store, corpus, committer, failures, run)
    committer.close()
    store.close()


def captured(name: str, number: int, text: str = "Le port de Marisol rouvre.") -> Article:
    return filed(article(name, text, capture=Shelved(number)), number)


def name_of(made: Article) -> str:
    assert made.file is not None
    return made.file


# --- order ----------------------------------------------------------------------------------


def test_records_are_durable_before_files_and_files_before_rows(committing: Committing) -> None:
    old = captured("one", 1)
    new = replace(captured("one", 2, "Le port de Marisol ferme."), revises=old.file)
    for made in (old, new):
        assert isinstance(made.capture, Shelved)
        made.capture.log = committing.log
    committing.commit(outcome_of(old), outcome_of(new, Fate.UPDATED))
    batch = [step for step in committing.log if step != f"row {FEED.url}"]
    assert batch == [
        "record 1",
        "record 2",
        f"file {old.file}",
        f"file {new.file}",
        f"row {old.url}",
        f"row {new.url}",
        f"retired {old.file}",
    ]
    assert committing.files() == sorted([f"{REVISIONS}/{old.file}", name_of(new)])
    assert committing.failures == []


def test_outcomes_are_committed_in_the_order_in_which_they_came(committing: Committing) -> None:
    many = [outcome_of(captured(str(number), number)) for number in range(150)]  # more than two batches
    committing.commit(*many)
    assert committing.urls() == [outcome.url for outcome in many]
    assert committing.store.tally(committing.run).reconciles


def test_one_fsync_of_files_and_one_transaction_serve_many(
    committing: Committing, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    commit = NotingStore.commit

    def note(
        store: NotingStore, run_id: int, batch: Sequence[tuple[Outcome, RecordLocation | None]], leased: bool
    ) -> list[Outcome]:
        sizes.append(len(batch))
        return commit(store, run_id, batch, leased)

    monkeypatch.setattr(NotingStore, "commit", note)
    committing.commit(*(outcome_of(captured(str(number), number)) for number in range(200)))
    assert sum(sizes) == 201
    assert len(sizes) <= 5
    assert max(sizes) == committer_module.BATCH


def test_refused_pages_have_a_row_and_no_file(committing: Committing) -> None:
    refused = article("one", capture=Shelved(1))
    committing.commit(outcome_of(refused, Fate.OFF_TOPIC), ended(link("two"), Fate.BLOCKED_ADDRESS))
    assert committing.urls() == [refused.url]
    assert committing.files() == []
    assert committing.store.fates() == {"off_topic": 1, "blocked_address": 1, "discovery": 1}


def test_producers_see_when_there_is_more_than_enough_to_do(committing: Committing) -> None:
    gate = Gate(0)
    committing.committer.put(replace(ended(FEED), capture=gate))
    assert not committing.committer.is_full
    for number in range(HIGH_WATER + committer_module.BATCH + 1):
        committing.committer.put(ended(link(str(number)), Fate.GONE))
    assert committing.committer.is_full
    gate.opened.set()
    committing.committer.close()
    assert not committing.committer.is_full


def test_nothing_is_idle_before_the_last_commit_is_over(
    committing: Committing, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Event(), threading.Event()
    commit = NotingStore.commit

    def wait(store: NotingStore, *arguments: Any) -> list[Outcome]:
        begun.set()
        assert may_end.wait(10)
        return commit(store, *arguments)

    monkeypatch.setattr(NotingStore, "commit", wait)
    committing.committer.put(outcome_of(captured("one", 1)))
    assert begun.wait(10)
    assert not committing.committer.is_idle
    may_end.set()
    committing.committer.close()
    assert committing.committer.is_idle


def test_a_committer_that_failed_is_idle_at_last(committing: Committing) -> None:
    lost = replace(captured("one", 1), capture=Shelved(1, failure=FULL))
    committing.commit(outcome_of(lost), outcome_of(captured("two", 2)))
    assert committing.failures == [FULL]
    assert committing.committer.is_idle


# --- failures -------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [FULL, ValueError("a defect of ours")], ids=["disk", "defect"])
def test_an_article_without_its_record_leaves_no_trace(committing: Committing, failure: Exception) -> None:
    lost = captured("two", 1, "La digue cède.")
    committing.commit(
        outcome_of(captured("one", 0)),
        outcome_of(replace(lost, capture=Shelved(1, failure=failure))),
        outcome_of(captured("three", 2, "Le phare brille.")),
    )
    assert committing.failures == [failure]
    assert committing.committer.failure is failure
    assert not {lost.url, link("three").url} & set(committing.urls())
    assert not {lost.file, captured("three", 2, "Le phare brille.").file} & set(committing.files())


def test_nothing_is_committed_after_a_failure(committing: Committing) -> None:
    broken = Gate(0, failure=FULL)
    committing.committer.put(replace(ended(FEED), capture=broken))
    for number in range(150):
        made = captured(str(number), number)
        assert isinstance(made.capture, Shelved)
        committing.committer.put(outcome_of(made))
    broken.opened.set()
    committing.committer.close()
    assert committing.failures == [FULL]
    assert committing.urls() == []
    assert committing.files() == []
    assert committing.store.fates() == {}


def test_an_article_without_its_file_has_no_row(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for committing in start(tmp_path, tmp_path / "file"):
        committing.commit(outcome_of(captured("one", 0)))
        [failure] = committing.failures
        assert isinstance(failure, OSError)
        assert failure.filename == str(tmp_path / "file")
        assert committing.urls() == []


def test_a_store_that_fails_stops_the_committing(
    committing: Committing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise FULL

    monkeypatch.setattr(store_module, "_commit_one", fail)
    old, new = captured("one", 0), captured("one", 1, "Le port ferme.")
    committing.commit(outcome_of(old), outcome_of(replace(new, revises=old.file), Fate.UPDATED))
    assert committing.failures == [FULL]
    assert committing.urls() == []
    assert f"{REVISIONS}/{old.file}" not in committing.files()


@pytest.mark.parametrize("revises", [False, True], ids=["a first text", "a revision"])
def test_what_another_run_has_taken_over_leaves_no_trace(
    committing: Committing, tmp_path: Path, revises: bool
) -> None:
    store, corpus = committing.store, committing.corpus
    old, new = captured("one", 0), captured("one", 1, "Le port ferme.")
    committing.commit(outcome_of(old))
    silent = begin(store, [link("one")])
    begin(store)  # which finds that the other does not go on
    late = Committer(store, corpus, silent, committing.failures.append, leased=True)
    late.put(outcome_of(replace(new, revises=old.file if revises else None), Fate.UPDATED))
    late.close()
    assert committing.failures == []
    assert [row["file"] for row in store.articles()] == [old.file]
    assert committing.files() == sorted([name_of(old), f"{REVISIONS}/{new.file}"])


# --- kills ----------------------------------------------------------------------------------

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
        Committer._commit,
        Corpus.write,
        Corpus._write_one,
        write_file,
        Corpus.retire,
        Store.commit,
    )
}


def commit_all(data_dir: Path, chosen: Iterable[Outcome], run: int | None = None) -> None:
    """Commit outcomes as one run does it."""
    store = Store.open("", data_dir)
    failures: list[Exception] = []
    leased = run is not None
    run = run if run is not None else store.begin_run("news", {}, "")
    committer = Committer(store, Corpus(data_dir / "corpus"), run, failures.append, leased)
    for outcome in chosen:
        committer.put(outcome)
    committer.close()
    store.close()
    assert not failures


def begin(store: Store, again: Iterable[Link] = ()) -> int:
    """Begin a run that has leased all that waits."""
    run = store.begin_run("news", {}, "")
    store.enter(run, list(again), again=True)
    leases = Leases(store, run, {"marisol"})
    leases.keep()
    leases.lease_urls([host.id for host in leases.lease_hosts(9)], 99)
    return run


def pending(store: Store) -> set[str]:
    """The URLs that have not ended."""
    url = schema.url.c
    with store.engine.connect() as connection:
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
    store = Store.open("", begun)
    run = begin(store, [FEED, link("one"), link("two")])
    store.close()
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
    store = Store.open("", data_dir)
    rows = {str(row["file"]): str(row["sha256"]) for row in store.articles()}
    store.close()
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
        store = Store.open("", data_dir)
        fates = store.fates()
        # What the feed names comes with its fate.
        assert sum(fates.values()) + len(pending(store)) == (4 if "discovery" in fates else 3)
        store.close()


def test_a_run_after_a_kill_brings_the_corpus_to_its_end(killed: list[Path]) -> None:
    whole = killed[-1]
    for data_dir in killed[::4]:  # a sample: each is a run of its own
        repeated = shutil.copytree(data_dir, data_dir.with_name(f"again-{data_dir.name}"))
        store = Store.open("", repeated)
        Corpus(repeated / "corpus").retire_strays(store.files_of)
        assert corpus_of(repeated).keys() == rows_of(repeated).keys()
        waiting = pending(store)
        run = begin(store)
        store.close()
        commit_all(repeated, [each for each in OUTCOMES if each.url in waiting], run)
        assert rows_of(repeated) == rows_of(whole)
        assert corpus_of(repeated) == corpus_of(whole)
