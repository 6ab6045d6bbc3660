"""A catalogue that is lost or broken, made again from the archive, with what people decided.

It is made in a folder of its own, and takes its place when it is whole: killed before, nothing was changed, and the
same again does it. The corpus is kept and compared; what it lacks comes back, and what nothing in the archive gives
goes to `.revisions`.
"""

import json
import sqlite3
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.collection.collection import Collection
from archive.collection.notices import read_notices
from archive.evidence.statements import Statement
from archive.layout import moment_of
from archive.replay.input_paths import expand_paths
from archive.warc.durable import rename
from crawler.audit.rederivation import RederivationFailed
from crawler.catalogue.manifest_heads import note_manifest_head
from crawler.catalogue.past_runs import count_past_runs
from crawler.catalogue.places import enter_place
from crawler.catalogue.redactions import note_redaction
from crawler.catalogue.runs import REBUILDING, last_reason, last_run
from crawler.catalogue.stated_decisions import StatedRedaction, decision_of
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.exit_codes import FAILED, OK
from crawler.http.url_identity import url_key
from crawler.own_process import scrapy_command
from crawler.run.corpus import Corpus
from crawler.run.strays import find_strays, put_away

ORDERING = ("FRONTIER_FOCUS", "ARCHIVE_REQUISITES")
"""Settings on which the pending URLs depend, besides those of rederivation.STEERING."""

_SIDES = ("", "-wal", "-shm", "-journal")
"""Ends of the names of an SQLite database's files."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it."""

    runs: int
    articles: int
    came_back: list[str]
    """Files that the corpus had lost."""
    differ: list[str]
    """Files that are not what the archive gives; they were left as they are."""
    retired: list[str]
    """Files that nothing in the archive gives."""
    moved_to: Path | None
    """Where the broken catalogue is now."""
    damage: list[str]
    """A sentence for each part of the archive that cannot be read, and for what cannot be done again."""


def rebuild(
    collection: Collection, data_dir: DataDir, work_dir: Path, settings: Mapping[str, object]
) -> Rebuilt:
    """Make the catalogue of a data directory again, which the caller holds; `settings` as STEERING and ORDERING name.

    `RederivationFailed` if the archive cannot be read; OSError if the disk refuses.
    """
    folder, damage, corpus = work_dir / "data", list[str](), Corpus(data_dir.corpus)
    made = DataDir.at(folder)
    keys = sorted(collection.manifest.public_keys) if collection.manifest else []
    with closing(Catalogue.open("", folder)) as catalogue:
        for redaction in _redactions(collection, keys, damage):
            note_redaction(catalogue, redaction.url, redaction.date, redaction.reason, redaction.stated)
        # The runs that are entered again were in this place.
        made.keep_place(enter_place(catalogue, data_dir))
    damage += _replay(data_dir, folder, keys, settings)
    with closing(Catalogue.open("", folder)) as catalogue:
        _require_end(catalogue)
        runs = count_past_runs(catalogue)
        if collection.manifest is not None:
            head = collection.manifest.head
            note_manifest_head(catalogue, last_run(catalogue, REBUILDING), head.lines, head.sha256)
        came_back, differ = _complete(corpus, Corpus(made.corpus))
    moved_to = _take_place(made.catalogue, data_dir.catalogue)
    with closing(Catalogue.open("", data_dir.path)) as catalogue:
        strays = find_strays(corpus, catalogue)
        put_away(corpus, strays)
    return Rebuilt(runs, len(_current(made)), came_back, differ, strays.unknown, moved_to, damage)


def is_sound(file: Path) -> bool:
    """Whether an SQLite database can be read from its first page to its last, and is a catalogue."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("pragma quick_check(1)").fetchone()
            database.execute("select version from schema_version").fetchone()
            return bool(found == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _redactions(collection: Collection, keys: list[str], damage: list[str]) -> Iterable[StatedRedaction]:
    """Every takedown, of the manifest and as it was stated; the last one of a page."""
    found: dict[bytes, StatedRedaction] = {}
    for line in collection.manifest.lines() if collection.manifest else ():
        if (redaction := getattr(line.entry, "redaction", None)) is not None:
            found[url_key(redaction.url)] = StatedRedaction(redaction.url, redaction.date, redaction.reason)
    paths = sorted(expand_paths(str(collection.archive)), key=lambda path: moment_of(path.name))
    for notice in read_notices(paths, keys, damage.append):
        if isinstance(notice.says, Statement) and isinstance(
            said := decision_of(notice.says), StatedRedaction
        ):
            found[url_key(said.url)] = said
    return found.values()


def _replay(data_dir: DataDir, folder: Path, keys: list[str], settings: Mapping[str, object]) -> list[str]:
    """Run the spider in a process of its own; what it complained about."""
    trusted = folder / "keys.json"
    trusted.write_text(json.dumps(keys), encoding="utf-8")
    given = {
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "%(message)s",
        **settings,
        "DATA_DIR": folder,
        "STORE_URL": "",
    }
    given |= {
        "ARCHIVE_DIR": data_dir.collection,
        "ARCHIVE_SIGNING_KEY": "",
        "REPLAY_FROM": "",
        "MIN_FREE_DISK": 0,
    }
    given |= {"SPIDER_MODULES": "crawler.audit.rebuilding_spider", "LOG_FILE": "", "LOG_ENABLED": 1}
    options = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    arguments = {"path": data_dir.archive, "keys": trusted, "corpus": data_dir.corpus}
    options += [part for name, value in arguments.items() for part in ("-a", f"{name}={value}")]
    finished = subprocess.run(
        scrapy_command("crawl", REBUILDING, *options),
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
    )
    said = finished.stderr.strip().splitlines()
    if finished.returncode not in (OK, FAILED):
        last = said[-1].removeprefix("frontwire: ") if said else "the process was killed"
        raise RederivationFailed(f"The archive cannot be replayed: {last}", FAILED)
    return said


def _require_end(catalogue: Catalogue) -> None:
    reason = last_reason(catalogue, REBUILDING)
    if reason != "finished":
        raise RederivationFailed(f"The archive was not replayed to its end: {reason or 'killed'}.", FAILED)


def _complete(corpus: Corpus, made: Corpus) -> tuple[list[str], list[str]]:
    """Give a corpus the files that it lacks; these, and those that it has otherwise."""
    missing, differ = list[str](), list[str]()
    for file in sorted(made.paths()):
        name = str(file.relative_to(made.folder))
        there = corpus.folder / name
        if not there.exists():
            missing.append(name)
        elif there.read_bytes() != file.read_bytes():
            differ.append(name)
    corpus.write((name, (made.folder / name).read_bytes()) for name in missing)
    return missing, differ


def _take_place(made: Path, target: Path) -> Path | None:
    """Put a database where another one is, which is kept under another name; that name, if there was one."""
    aside = target.with_name(f"{target.name}.broken-{datetime.now(UTC):%Y%m%d%H%M%S}")
    was_there = target.exists()
    for end in _SIDES:  # what is left of the old one must not be taken for the log of the new one
        old = target.with_name(target.name + end)
        if old.exists():
            rename(old, aside.with_name(aside.name + end))
    rename(made, target)
    return aside if was_there else None


def _current(data_dir: DataDir) -> list[Path]:
    return list(data_dir.corpus.glob("[0-9]*/[0-9]*.txt"))
