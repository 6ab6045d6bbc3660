"""Runs of `scrapy crawl news` in processes of their own, and what they leave on the disk."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select, update

from archive.replay.stored_records import read_payload
from crawler.data_dir import DataDir
from crawler.database import schema
from crawler.database.engine import open_engine
from crawler.texts.seed_format import parse_seed
from tests.support.checkout import ROOT
from tests.support.commands import scrapy
from tests.support.hostile_site import SETTINGS
from tests.support.press import Press
from tests.support.warc_records import check_records

MERGE = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from archive.evidence.manifest import Manifest
from archive.collection.merging import Merger
from archive.collection.rewriting import Rewriter
from crawler.database.catalogue import Catalogue
from crawler.database.engine import open_engine
from crawler.catalogue.archive_locations import StoredPlaces

data, key = map(Path, sys.argv[1:3])
folder = data / "collections" / "news"
rewriter = Rewriter(folder, [StoredPlaces(Catalogue.open("", data))], Manifest(folder, key))
merger = Merger(rewriter, sys.argv[3], 10**9)
print("ready", flush=True)
merger.run(datetime.now(UTC).date() + timedelta(days=1))
"""
"""Merges the small files of a data directory: arguments are its folder, the key and the prefix of the files' names."""


class Desk:
    """A data directory and a store, and the runs that work on them."""

    def __init__(self, folder: Path, store_url: str, name: str = "data", **settings: object) -> None:
        self.data = folder / name
        self.store_url = store_url
        self._sources = folder / "sources.txt"
        self._log = folder / f"{Path(name).name}.log"
        self._settings = {**SETTINGS, "DATA_DIR": self.data, "STORE_URL": store_url, **settings}
        self._checked: set[Path] = set()

    def start(self, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Begin a run."""
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "scrapy", *self._run],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env={**os.environ, **(environment or {})},
            )

    def run(self) -> int:
        """The exit code of a run that nothing disturbs."""
        done = scrapy(*self._run)
        with self._log.open("a", encoding="utf-8") as log:
            log.write(done.stdout + done.stderr)
        return done.returncode

    @property
    def _run(self) -> list[str]:
        options = [part for name, value in self._settings.items() for part in ("-s", f"{name}={value}")]
        return ["crawl", "news", "-a", f"sources={self._sources}", *options]

    @property
    def log(self) -> str:
        """The log of all runs."""
        return self._log.read_text(encoding="utf-8")

    @property
    def archive(self) -> Path:
        return self.data / "collections" / "news" / "archive"

    def states(self) -> dict[str, str]:
        """Each URL of the store with its fate, or with its state while it has not ended."""
        url = schema.url.c
        engine = open_engine(self.store_url, self.data)
        with engine.connect() as connection:
            rows = connection.execute(select(url.url, url.state, url.fate)).all()
        engine.dispose()
        return {row.url: row.fate if row.state == "done" else row.state for row in rows}

    def forget_run(self) -> None:
        """Let the time pass after which a shared store takes the silent run of this folder for dead."""
        engine = open_engine(self.store_url, self.data)
        with engine.begin() as connection:
            ours = schema.run.c.place == DataDir.at(self.data).place
            connection.execute(update(schema.run).where(ours).values(alive_until=0))
        engine.dispose()

    def seed_files(self) -> list[Path]:
        """The files of the corpus."""
        return sorted((self.data / "corpus").glob("[0-9]*/[0-9]*.txt"))

    def check_whole(self) -> None:
        """See that nothing half-written is visible, whatever happened."""
        for file in self._unchecked(self.seed_files()):
            content = file.read_bytes()
            parse_seed(content)
            assert file.stem.endswith(hashlib.sha256(content).hexdigest()[:16])
        check_records(self._unchecked(sorted(self.archive.glob("*.warc.gz"))))

    def _unchecked(self, files: list[Path]) -> list[Path]:
        fresh = [file for file in files if file not in self._checked]
        self._checked.update(fresh)
        return fresh


def check_complete(press: Press, *desks: Desk) -> None:
    """See that each article is in the corpus once and in the archive as it was sent."""
    files = [file for desk in desks for file in desk.seed_files()]
    assert sorted(file.read_bytes() for file in files) == sorted(press.seeds)
    places = _places(desks[0])
    assert sorted(url for url, _, _ in places) == sorted(press.pages)
    for url, warc, offset in places:
        path = next(desk.archive / warc for desk in desks if (desk.archive / warc).exists())
        record = read_payload(path, offset)
        head, _, body = press.pages[url].partition(b"\r\n\r\n")
        assert (record.head.rstrip(), record.body) == (head, body)
    assert not [file for desk in desks for file in desk.data.rglob("*.open")]
    assert not [file for desk in desks for file in desk.data.rglob("*.tmp")]


def _places(desk: Desk) -> list[tuple[str, str, int]]:
    """URL, file and offset of every article in the corpus."""
    url, capture, article = schema.url, schema.capture, schema.article
    query = (
        select(url.c.url, capture.c.warc, capture.c.offset)
        .join_from(article, url, article.c.url_id == url.c.id)
        .join(capture, article.c.capture_id == capture.c.id)
        .where(article.c.file.is_not(None))
    )
    engine = open_engine(desk.store_url, desk.data)
    with engine.connect() as connection:
        rows = [(row.url, row.warc, row.offset) for row in connection.execute(query)]
    engine.dispose()
    return rows
