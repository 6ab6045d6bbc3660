"""Workers with a data directory each that share a catalogue on PostgreSQL, and what each of them has of some pages."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import create_engine, text

from archive.checks.findings import Checked, Finding, Severity
from crawler.audit.catalogue_check import check_catalogue
from crawler.audit.verification import check_archive
from crawler.catalogue.places import required_place
from crawler.cli.crawl import note_manifest_head
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.hostile_site import article
from tests.support.postgres import database_named, new_database, store_template
from tests.support.session import once
from tests.support.takedowns import REASON, all_bytes, captured
from tests.support.warcs import news

A, B, C = "worker-a", "worker-b", "worker-c"

ONLY_A, ONLY_B, ONLY_C = "https://tarn.example/a", "https://orla.example/b", "https://isel.example/c"
REVISED = "https://tarn.example/revised"
"""A has its first text, B a later one."""
SAME = "https://tarn.example/same"
"""A and B have the same of it, each in a record of its own."""
FIRST, COPY = "https://tarn.example/wire", "https://orla.example/wire"
"""A has a text, B another site's copy of it."""
TEXTS = {ONLY_A: "Quillwick", ONLY_B: "Oldcombe", ONLY_C: "Ferrowick", SAME: "Brambleford", FIRST: "Sallowby"}
EARLIER, LATER = "Thistlemere", "Fernhollow"

_PAGES = {
    A: {ONLY_A: "Quillwick", REVISED: EARLIER, SAME: "Brambleford", FIRST: "Sallowby"},
    B: {ONLY_B: "Oldcombe", REVISED: LATER, SAME: "Brambleford", COPY: "Sallowby"},
    C: {ONLY_C: "Ferrowick"},
}


class Workers(NamedTuple):
    """The data directories in a folder, and the catalogue that they share."""

    folder: Path
    store_url: str

    def data(self, name: str) -> Path:
        return self.folder / name

    def settings(self, name: str) -> dict[str, Any]:
        return {"DATA_DIR": str(self.data(name)), "STORE_URL": self.store_url, "RELEVANCE_MODE": "off"}

    def call(self, name: str, command: str, *arguments: str, **settings: str) -> int:
        """The exit code of a command, given in a worker's folder."""
        return call(command, *arguments, **(self.settings(name) | settings))

    def redact(self, name: str, url: str, *arguments: str) -> int:
        return self.call(name, "redact", url, "--reason", REASON, "--yes", *arguments)

    def replay(self, name: str, pages: dict[str, str]) -> None:
        """Bring pages with these texts into a worker's archive, as a run of it does."""
        archive = news(0)
        for url, text_of in pages.items():
            archive.exchange(url, article(text_of).data)
        path = archive.save(self.folder / f"for-{name}-{len(list(self.folder.iterdir()))}.warc.gz")
        settings = self.settings(name)
        arguments: dict[str, Any] = {"path": str(path), "import": "1"}
        DataDir.at(self.data(name)).make()
        note_manifest_head(run_crawl("replay", settings, **arguments))
        path.unlink()

    def holds(self, name: str, word: str) -> bool:
        """Whether a word lies anywhere in a worker's folder."""
        return word.encode() in all_bytes(self.data(name))

    def captures(self, name: str, url: str) -> int:
        return captured(self.data(name))[url]

    def corpus(self, name: str) -> list[str]:
        """The texts in a worker's corpus, earlier ones left out."""
        return [path.read_text("utf-8") for path in self.data(name).glob("corpus/[0-9]*/*.txt")]

    def texts(self, name: str) -> list[str]:
        """All texts in a worker's corpus."""
        return [path.read_text("utf-8") for path in self.data(name).rglob("corpus/**/*.txt")]

    def files(self, url: str) -> list[str]:
        """The files of a page in any corpus."""
        its = f"select id from url where url = '{url}'"
        return [
            file
            for (file,) in self.ask(f"select file from article where file is not null and url_id in ({its})")
        ]

    def ask(self, query: str) -> list[Any]:
        engine = create_engine(self.store_url)
        with engine.begin() as connection:
            result = connection.execute(text(query))
            rows = [tuple(row) for row in result] if result.returns_rows else []
        engine.dispose()
        return rows

    def work_with(self, work: Callable[[Catalogue], Any]) -> Any:
        with closing(Catalogue.open(self.store_url, self.folder)) as catalogue:
            return work(catalogue)

    def faults(self, name: str) -> list[str]:
        """What `scrapy verify` finds wrong in a worker's folder before it derives the corpus again."""
        found: list[Finding] = []
        data_dir = DataDir.at(self.data(name))

        def check(catalogue: Catalogue) -> None:
            place = required_place(catalogue, data_dir)
            check_archive(catalogue, data_dir, Checked(), found.append, place=place)
            check_catalogue(catalogue, data_dir, found.append, place)

        self.work_with(check)
        return [finding.sentence for finding in found if finding.severity is Severity.FAULT]

    def id_of(self, name: str) -> str:
        return DataDir.at(self.data(name)).place


@contextmanager
def workers(server: str, folder: Path) -> Iterator[Workers]:
    """Three workers after their first runs; each test has its own copy."""
    made = once("workers", lambda made_in: _work(server, made_in))
    for name in (A, B, C):
        shutil.copytree(made / name, folder / name)
    with new_database(server, "workers") as url:
        copied = Workers(folder, url)
        for name in (A, B, C):  # they were moved, as the next run in each of them would say
            here = copied.data(name)
            collection = here / "collections" / "news"
            copied.ask(
                f"update place set path = '{here}', collection = '{collection}' where id = '{copied.id_of(name)}'"
            )
        yield copied


def _work(server: str, folder: Path) -> Path:
    with database_named(server, "workers", store_template(server)) as url:
        made = Workers(folder, url)
        for name, pages in _PAGES.items():
            made.replay(name, pages)
    return folder
