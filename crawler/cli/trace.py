"""From a corpus file to its WARC record, and the proof that they belong together."""

import argparse
import hashlib
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.text import Text
from scrapy.settings import BaseSettings

from archive.errors import ArchiveUnreadable
from archive.objects.whereabouts import is_there, size_of, text_of
from archive.replay.stored_records import read_payload
from archive.warc.files import locate
from crawler.audit.known_records import has_known_digest, is_known_record
from crawler.audit.rights_history import RightsLook, rights_over_time, told_changes
from crawler.catalogue.article_row import ArticleRow, StoredRecord
from crawler.catalogue.articles import article_of_digest, article_of_file, pages_of
from crawler.catalogue.foreign_files import foreign_file
from crawler.catalogue.history import copies, history
from crawler.catalogue.places import EVERYWHERE, is_of, place_of, places
from crawler.catalogue.stored_parts import record_of_part
from crawler.catalogue.stories import story_of
from crawler.cli.all_places import name_of, why_unreachable
from crawler.cli.base import no_arguments_left
from crawler.cli.console import open_console, print_copies, print_history, print_story, printable
from crawler.cli.opening import open_catalogue
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from crawler.items import Part

Lines = list[tuple[str, str]]
Checks = list[tuple[str, str, bool]]
"""What was looked at, what was found, and whether it is as it should be."""

_SHOWN = (
    "url",
    "source",
    "origin",
    "via",
    "title",
    "month",
    "date_source",
    "captured",
    "warc",
    "offset",
    "length",
)


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Show where an article comes from and check the chain of digests."""
    no_arguments_left(args, 1)
    if not args:
        raise OperatorError("Name a file of the corpus or a URL: scrapy trace data/corpus/2021-01/000_….txt.")
    with closing(open_catalogue(settings)) as catalogue:
        data_dir = DataDir.of(settings)
        return trace(_file_of(args[0], catalogue, data_dir), catalogue, data_dir)


def _file_of(named: str, catalogue: Catalogue, data_dir: DataDir) -> Path:
    """The file of the corpus that a path, a URL or a copy of the file names; OperatorError for a URL that has none."""
    if "://" not in named:
        return _original_of(Path(named), catalogue, data_dir)
    files = [row.file for row in pages_of(catalogue, named) if row.file]
    if not files:
        raise OperatorError(f"{named} is not in the corpus: scrapy explain {named} says why.")
    return data_dir.corpus / files[-1]


def _original_of(path: Path, catalogue: Catalogue, data_dir: DataDir) -> Path:
    """The file itself if the catalogue knows its name, or else the one of which it is a copy."""
    if not path.is_file() or article_of_file(catalogue, f"{path.parent.name}/{path.name}"):
        return path
    try:
        copied = article_of_digest(catalogue, hashlib.sha256(path.read_bytes()).hexdigest())
    except OSError as error:
        raise OperatorError(f"Cannot read {path}: {error.strerror}.") from None
    return data_dir.corpus / copied.file if copied and copied.file else path


def trace(path: Path, catalogue: Catalogue, data_dir: DataDir) -> int:
    """Print where the article comes from, and each check; exit code 1 if a digest disagrees."""
    row = article_of_file(catalogue, f"{path.parent.name}/{path.name}")
    if row is None:
        raise OperatorError(f"The catalogue of {data_dir} does not know {path}: is it the right DATA_DIR?")
    where = ""
    if (own := place_of(catalogue, data_dir)) != EVERYWHERE:
        where = name_of(catalogue, row.place or "")
        data_dir = data_dir if is_of(row, own) else data_dir_of(catalogue, row, path)
    checks = checks_of(row, path, catalogue, data_dir)
    parts = [_check_part(part, catalogue, data_dir.archive) for part in row.parts]
    _print(row, where, checks)
    _print_rights(rights_over_time(catalogue, row.url, data_dir.archive))
    for number, (lines, its_checks) in enumerate(parts, 2):
        _print_part(number, lines, its_checks)
        checks += its_checks
    print_copies(copies(catalogue, row.url))
    print_story(story_of(catalogue, row.cluster), row.url)
    print_history(history(catalogue, row.url))
    return OK if all(good for _, _, good in checks) else FAILED


def checks_of(row: ArticleRow, path: Path, catalogue: Catalogue, data_dir: DataDir) -> Checks:
    """File and record of an article, read again; OperatorError if one of them is not there."""
    return [
        _check_file(path, row.sha256, data_dir),
        *_check_foreign(row, catalogue),
        *_check_record(row, data_dir.archive),
    ]


def data_dir_of(catalogue: Catalogue, row: ArticleRow, path: Path) -> DataDir:
    """The other data directory that has an article; OperatorError if this machine cannot reach it."""
    for place in places(catalogue):
        if place.id == row.place and place.is_reachable:
            return place.data_dir
        if place.id == row.place:
            raise OperatorError(f"{path} lies in another data directory. {why_unreachable(place)}", FAILED)
    raise OperatorError(
        f"{path} lies in {name_of(catalogue, row.place or '')}: give the command there.", FAILED
    )


def _check_file(path: Path, sha256: str | None, data_dir: DataDir) -> tuple[str, str, bool]:
    file = path if path.is_file() else data_dir.corpus / path.parent.name / path.name
    try:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise OperatorError(f"Cannot read {file}: {error.strerror}. Is it the right DATA_DIR?") from None
    return "file SHA-256", found, found == sha256


def _check_foreign(row: ArticleRow, catalogue: Catalogue) -> Checks:
    """Whether a foreign archive that holds the record is unchanged; empty if the record lies in our own."""
    path = locate(Path(row.warc or "")).path
    known = foreign_file(catalogue, row.run_id, text_of(path))
    if known is None:
        return []
    if not is_there(path):
        raise OperatorError(
            f"The record lies in {known.path} ({known.bytes} bytes, SHA-256 {known.sha256}), which is gone: put it "
            "back. `scrapy crawl replay -a import=1` copies such records into the archive.",
            FAILED,
        )
    size, found = size_of(path), locate(path).sha256()
    return [("foreign archive", f"{size} bytes, SHA-256 {found}", found == known.sha256)]


def _check_record(row: ArticleRow, archive: Path) -> Checks:
    if row.record is None:
        raise OperatorError(f"The catalogue knows no record for {row.file}.", FAILED)
    return _check_stored(row.record, archive)


def _check_part(part: Part, catalogue: Catalogue, archive: Path) -> tuple[Lines, Checks]:
    """Where a further page of the article comes from, and whether it is there."""
    lines = [("url", part.url), ("paragraphs", str(part.paragraphs))]
    known = record_of_part(catalogue, part)
    if known is None:
        return lines, [("record id", part.record_id, False)]
    lines += [(name, str(getattr(known, name))) for name in ("captured", "warc", "offset", "length")]
    try:
        return lines, _check_stored(known, archive)
    except (ArchiveUnreadable, OSError) as error:
        return lines, [("record id", f"{part.record_id} cannot be read: {error}", False)]


def _check_stored(known: StoredRecord, archive: Path) -> Checks:
    warc = archive / known.warc
    record = read_payload(warc if is_there(warc) else Path(known.warc), known.offset)
    record_id = dict(record.headers).get("warc-record-id", "none")
    return [
        ("record id", record_id, is_known_record(record, known)),
        ("payload digest", record.payload_digest, has_known_digest(record, known)),
    ]


def _print(row: ArticleRow, where: str, checks: Checks) -> None:
    console = open_console()
    if where:
        console.print(Text(printable(f"{'lies in':17} {where}")))
    for name in _SHOWN:
        value = getattr(row, name)
        value = "not known" if value is None else printable(str(value))
        console.print(Text(f"{name:17} {value}"))
    _print_checks(console, checks)


def _print_rights(looks: Sequence[RightsLook]) -> None:
    """What the publisher declared when the page was captured first, and what changed since."""
    label = "declared"
    for line in told_changes(looks):
        open_console().print(Text(printable(f"{label:17} {line}")))
        label = ""


def _print_part(number: int, lines: Lines, checks: Checks) -> None:
    console = open_console()
    console.print(Text(f"{'page':17} {number}"))
    for name, value in lines:
        console.print(Text(f"  {name:15} {printable(value)}"))
    _print_checks(console, [(f"  {name}", value, good) for name, value, good in checks])


def _print_checks(console: Console, checks: Checks) -> None:
    for name, value, good in checks:
        line = Text(f"{name:17} {value} ").append(
            "agrees" if good else "DISAGREES", style="green" if good else "bold red"
        )
        console.print(line)
