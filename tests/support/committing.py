"""A committer with what it writes to, for tests of what it writes in which order."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from archive.warc.location import RecordLocation
from crawler.catalogue.articles import articles
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.frontier.leases import Leases
from crawler.frontier.url_rows import enter
from crawler.items import Article, Link
from crawler.outcome import Outcome
from crawler.run.committer import Committer, Ended
from crawler.run.corpus import Corpus
from tests.support.outcomes import FEED, Shelved, article, ended, filed


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


@dataclass
class Gate(Shelved):
    """A capture whose record is not on disk before the gate is opened: the committer waits."""

    opened: threading.Event = field(default_factory=threading.Event)

    def durable(self) -> RecordLocation:
        assert self.opened.wait(60)
        return super().durable()


@dataclass
class Committing:
    """A committer with what it writes to and what it says."""

    catalogue: Catalogue
    corpus: NotingCorpus
    run: int
    leased: bool = False
    failures: list[Exception] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    """Outcomes of each transaction."""
    may_commit: threading.Event = field(default_factory=threading.Event)
    """Rows are written once it is set."""
    committing: threading.Event = field(default_factory=threading.Event)
    """Set when the first rows are to be written."""

    def __post_init__(self) -> None:
        self.may_commit.set()
        self.committer = Committer(self._commit_rows, self.corpus, self.failures.append)

    def _commit_rows(self, batch: Sequence[Ended]) -> list[Outcome]:
        self.committing.set()
        assert self.may_commit.wait(60)
        self.sizes.append(len(batch))
        lost = commit_outcomes(self.catalogue, self.run, batch, self.leased)
        self.log += [f"row {outcome.url}" for outcome, _ in batch]
        return lost

    @property
    def log(self) -> list[str]:
        return self.corpus.log

    @log.setter
    def log(self, log: list[str]) -> None:
        self.corpus.log = log

    def commit(self, *outcomes: Outcome) -> None:
        """Commit all in one batch."""
        gate = Gate(0)
        self.committer.put(replace(ended(FEED), capture=gate))
        for outcome in outcomes:
            self.committer.put(outcome)
        gate.opened.set()
        self.committer.close()

    def urls(self) -> list[str]:
        return [row.url for row in articles(self.catalogue, everything=True)]

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.corpus.folder)) for path in self.corpus.folder.rglob("*.txt"))


def start(data_dir: Path, folder: Path, store_url: str = "") -> Iterator[Committing]:
    catalogue = Catalogue.open(store_url, data_dir)
    run = begin_run(catalogue, "news", {}, "frontwire/0.1")
    committing = Committing(catalogue, NotingCorpus(folder, []), run)
    yield committing
    committing.committer.close()
    catalogue.close()


def captured(name: str, number: int, text: str = "Le port de Marisol rouvre.") -> Article:
    return filed(article(name, text, capture=Shelved(number)), number)


def name_of(made: Article) -> str:
    assert made.file is not None
    return made.file


def begin(catalogue: Catalogue, again: Iterable[Link] = ()) -> int:
    """Begin a run that has leased all that waits."""
    run = begin_run(catalogue, "news", {}, "")
    enter(catalogue, run, list(again), again=True)
    leases = Leases(catalogue, run, {"marisol"})
    leases.keep()
    leases.lease_urls([host.id for host in leases.lease_hosts(9)], 99)
    return run
