"""A catalogue that is lost or broken, made again from the archive, with what people decided.

It is made in a folder of its own, and takes its place when it is whole: killed before, nothing was changed, and the
same again does it. The corpus is kept and compared; what it lacks comes back, and what nothing in the archive gives
goes to `.revisions`.
"""

import sqlite3
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.collection.collection import Collection
from archive.collection.notices import read_notices
from archive.evidence.statements import Statement
from archive.layout import moment_of
from archive.warc.durable import rename
from crawler import own_process
from crawler.audit.rebuilding_order import kept_before
from crawler.audit.rebuilding_sources import Source, dump_sources
from crawler.audit.rederivation import RederivationFailed
from crawler.catalogue.corpus_files import all_files
from crawler.catalogue.manifest_heads import note_manifest_head
from crawler.catalogue.past_runs import count_past_runs
from crawler.catalogue.places import enter_place, place_of
from crawler.catalogue.redactions import note_redaction
from crawler.catalogue.runs import REBUILDING, begin_run, end_run, last_reason
from crawler.catalogue.stated_decisions import StatedRedaction, decision_of
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.database.engine import open_engine
from crawler.database.transfer import copy_rows
from crawler.exit_codes import FAILED, OK
from crawler.http.url_identity import url_key
from crawler.run.corpus import Corpus
from crawler.run.strays import find_strays, put_away

Part = tuple[DataDir, Collection]
"""A data directory, and the collection in it."""

ORDERING = ("FRONTIER_FOCUS", "ARCHIVE_REQUISITES")
"""Settings on which the pending URLs depend, besides those of rederivation.STEERING."""

_ATTEMPTS = 4
"""How often archives are read to find the order that the corpora show; the second time is the first that knows it."""

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
    parts: Sequence[Part], work_dir: Path, settings: Mapping[str, object], store_url: str = ""
) -> Rebuilt:
    """Make the catalogue of data directories again, which the caller holds; `settings` as STEERING and ORDERING name.

    Without a `store_url` it is the one in the data directory, of which there is one then. `RederivationFailed` if the
    archive cannot be read; OperatorError if one directory is the copy of another; NotEmpty if the other database has
    rows; OSError if the disk refuses.
    """
    made, damage = _make(parts, work_dir, settings, store_url)
    with closing(_open(made.path, store_url)) as catalogue:
        runs = count_past_runs(catalogue)
        came_back, differ = list[str](), list[str]()
        for data_dir, _ in parts:
            known = all_files(catalogue, place_of(catalogue, data_dir))
            missing, others = _complete(Corpus(data_dir.corpus), Corpus(made.corpus), known)
            came_back += missing
            differ += others
        if store_url:
            _fill(catalogue, store_url, parts[0][0])
    moved_to = None if store_url else _take_place(made.catalogue, parts[0][0].catalogue)
    with closing(Catalogue.open(store_url, parts[0][0].path)) as catalogue:
        retired = [name for data_dir, _ in parts for name in _put_strays_away(catalogue, data_dir)]
    return Rebuilt(runs, len(_current(made)), came_back, differ, retired, moved_to, damage)


def _make(
    parts: Sequence[Part], work_dir: Path, settings: Mapping[str, object], store_url: str
) -> tuple[DataDir, list[str]]:
    """Make corpus and catalogue, until their order is the one that the corpora show; and what there is to say."""
    behind: dict[str, str] = {}
    for attempt in range(_ATTEMPTS):
        made, damage = DataDir.at(work_dir / f"data-{attempt}"), list[str]()
        with closing(_open(made.path, store_url)) as catalogue:
            sources = [_enter(catalogue, part) for part in parts]
            for redaction in _redactions(sources, parts, damage):
                note_redaction(catalogue, redaction.url, redaction.date, redaction.reason, redaction.stated)
        made.keep_place(sources[0].place)
        listed = made.path / "sources.json"
        listed.write_text(dump_sources(sources, behind), encoding="utf-8")
        damage += _replay(sources[0], made.path, listed, settings)
        with closing(_open(made.path, store_url)) as catalogue:
            _require_end(catalogue)
            found = kept_before(catalogue, [data_dir for data_dir, _ in parts]) if len(parts) > 1 else {}
        if found.keys() <= behind.keys():
            break
        behind |= found
    return made, damage


def _open(folder: Path, store_url: str) -> Catalogue:
    """The catalogue that is being made, which knows its places if it is for a database that several may share."""
    return Catalogue(open_engine("", folder), is_shared=bool(store_url))


def _enter(catalogue: Catalogue, part: Part) -> Source:
    """Enter a data directory with a run of its own, which notes where its manifest ends."""
    data_dir, collection = part
    place, manifest = enter_place(catalogue, data_dir), collection.manifest
    run_id = begin_run(catalogue, REBUILDING, {}, "", place)
    end_run(catalogue, run_id, "finished", OK)
    if manifest is not None:
        note_manifest_head(catalogue, run_id, manifest.head.lines, manifest.head.sha256)
    keys = tuple(sorted(manifest.public_keys)) if manifest else ()
    return Source(place, str(data_dir.collection), str(data_dir.corpus), keys, run_id)


def _fill(catalogue: Catalogue, store_url: str, data_dir: DataDir) -> None:
    """Put the catalogue that was made into the database that STORE_URL names."""
    with closing(Catalogue.open(store_url, data_dir.path)) as target:
        copy_rows(catalogue.engine, target.engine)


def _put_strays_away(catalogue: Catalogue, data_dir: DataDir) -> list[str]:
    """Put away what a corpus has and the archive does not give; the names of what is unknown."""
    corpus = Corpus(data_dir.corpus)
    strays = find_strays(corpus, catalogue, place_of(catalogue, data_dir))
    put_away(corpus, strays)
    return strays.unknown


def is_sound(file: Path) -> bool:
    """Whether an SQLite database can be read from its first page to its last, and is a catalogue."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("pragma quick_check(1)").fetchone()
            database.execute("select version from schema_version").fetchone()
            return bool(found == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _redactions(
    sources: Sequence[Source], parts: Sequence[Part], damage: list[str]
) -> Iterable[StatedRedaction]:
    """Every takedown, of the manifests and as it was stated; the last one of a page."""
    found: dict[bytes, StatedRedaction] = {}
    for _, collection in parts:
        for line in collection.manifest.lines() if collection.manifest else ():
            if (redaction := getattr(line.entry, "redaction", None)) is not None:
                found[url_key(redaction.url)] = StatedRedaction(
                    redaction.url, redaction.date, redaction.reason
                )
    paths = [(moment_of(path.name), path, source.keys) for source in sources for path in source.paths]
    for _, path, keys in sorted(paths):
        for notice in read_notices([path], keys, damage.append):
            if isinstance(notice.says, Statement) and isinstance(
                said := decision_of(notice.says), StatedRedaction
            ):
                found[url_key(said.url)] = said
    return found.values()


def _replay(own: Source, folder: Path, listed: Path, settings: Mapping[str, object]) -> list[str]:
    """Run the spider in a process of its own, which reads what is listed; what it complained about."""
    given = {
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "%(message)s",
        **settings,
        "DATA_DIR": folder,
        "STORE_URL": "",
    }
    given |= {
        "ARCHIVE_DIR": own.collection,
        "ARCHIVE_SIGNING_KEY": "",
        "REPLAY_FROM": "",
        "MIN_FREE_DISK": 0,
    }
    given |= own_process.QUIET
    given |= {"SPIDER_MODULES": "crawler.audit.rebuilding_spider", "LOG_FILE": "", "LOG_ENABLED": 1}
    options = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    arguments = {"path": own.archive, "sources": listed}
    options += [part for name, value in arguments.items() for part in ("-a", f"{name}={value}")]
    finished = own_process.run_scrapy("crawl", REBUILDING, *options)
    said = finished.stderr.strip().splitlines()
    if finished.returncode not in (OK, FAILED):
        last = said[-1].removeprefix("frontwire: ") if said else "the process was killed"
        raise RederivationFailed(f"The archive cannot be replayed: {last}", FAILED)
    return said


def _require_end(catalogue: Catalogue) -> None:
    reason = last_reason(catalogue, REBUILDING)
    if reason != "finished":
        raise RederivationFailed(f"The archive was not replayed to its end: {reason or 'killed'}.", FAILED)


def _complete(corpus: Corpus, made: Corpus, known: Container[str]) -> tuple[list[str], list[str]]:
    """Give a corpus the files that it lacks of those that it is known to have had; these, and what it has otherwise."""
    missing, differ = list[str](), list[str]()
    for file in sorted(made.paths()):
        name, present = str(file.relative_to(made.folder)), f"{file.parent.name}/{file.name}"
        if present not in known:
            continue
        # A text that was replaced may not have been moved yet.
        there = next((path for each in (name, present) if (path := corpus.folder / each).exists()), None)
        if there is None:
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
