"""Whether catalogue, records and seed files belong together: each row is compared with what it names."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from archive.checks.findings import Finding, fault, note
from archive.errors import ArchiveUnreadable
from archive.objects.whereabouts import files_in, is_there, text_of
from archive.replay.revisits import Originals
from archive.replay.stored_records import read_payload
from archive.warc.files import locate
from archive.warc.gzip_file import OPEN_SUFFIX
from crawler.audit.known_records import has_known_digest, is_known_record
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import articles
from crawler.catalogue.corpus_files import files_of_month
from crawler.catalogue.foreign_files import ForeignFile, foreign_files
from crawler.catalogue.places import EVERYWHERE
from crawler.catalogue.redactions import unfinished_takedowns
from crawler.data_dir import REVISIONS, DataDir
from crawler.database.catalogue import Catalogue
from crawler.run.corpus import Corpus
from crawler.run.strays import Strays, find_strays
from crawler.texts.seed_format import Seed, SeedError, digest, render_seed, seed_name

GONE, CHANGED = "is gone", "was changed"
"""What may be wrong with a file that can be read."""


class DamagedFile(NamedTuple):
    """A seed file that is not what the catalogue says of it."""

    name: str
    """Below the corpus."""
    state: str
    """GONE or CHANGED."""
    url: str
    content: bytes | None
    """What it should be, by its digest; None if the row does not give that."""


@dataclass(frozen=True, slots=True)
class CatalogueReport:
    """What a check found out about archives of others."""

    foreign: tuple[ForeignFile, ...]
    """Those that are as they were."""
    broken: frozenset[str]
    """Paths of those that are gone or were changed."""

    def is_out_of_reach(self, row: ArticleRow) -> bool:
        """Whether a record lies in an archive that is gone or was changed."""
        return text_of(locate(Path(row.warc or "")).path) in self.broken


def check_catalogue(
    catalogue: Catalogue, data_dir: DataDir, tell: Callable[[Finding], None], place: str = EVERYWHERE
) -> CatalogueReport:
    """Compare the rows of a place with records and seed files, and seed files with rows; each row is read once."""
    report = _check_foreign_files(catalogue, tell, place)
    strays = find_strays(Corpus(data_dir.corpus), catalogue, place)
    archives = [*files_in(data_dir.archive), *(Path(file.path) for file in report.foreign)]
    with closing(Originals(archives)) as originals:
        for row in articles(catalogue, everything=True, place=place):
            for finding in _check_row(row, data_dir, report, strays, originals):
                tell(finding)
    for finding in (
        *_check_strays(catalogue, data_dir.corpus, strays, place),
        *_check_takedowns(catalogue, place),
    ):
        tell(finding)
    return report


def _check_foreign_files(
    catalogue: Catalogue, tell: Callable[[Finding], None], place: str
) -> CatalogueReport:
    sound: list[ForeignFile] = []
    broken: set[str] = set()
    for file in foreign_files(catalogue, place):
        finding = check_foreign_file(file)
        if finding is None:
            sound.append(file)
        else:
            broken.add(file.path)
            tell(finding)
    return CatalogueReport(tuple(sound), frozenset(broken))


def check_foreign_file(known: ForeignFile) -> Finding | None:
    """What is wrong with an archive of others from which articles were derived; None if it is as it was."""
    path = Path(known.path)
    if not is_there(path):
        return fault(
            known.path,
            f"{known.path} ({known.bytes} bytes, SHA-256 {known.sha256}), from which articles were derived, is gone: "
            "put it back. `scrapy crawl replay -a import=1` copies such records into the archive.",
        )
    if locate(path).sha256() != known.sha256:
        return fault(
            known.path, f"{known.path}, from which articles were derived, was changed: put the old one back."
        )
    return None


def _check_row(
    row: ArticleRow, data_dir: DataDir, report: CatalogueReport, strays: Strays, originals: Originals
) -> Iterator[Finding]:
    if not report.is_out_of_reach(row):  # what is out of reach was reported once
        yield from _check_record(row, data_dir.archive, originals)
    if row.file is not None or row.is_retired:
        yield from _check_seed_file(row, data_dir.corpus, strays)


def _check_record(row: ArticleRow, archive: Path, originals: Originals) -> Iterator[Finding]:
    name = f"the page {row.url}"
    known = row.record
    if known is None:
        yield fault("catalogue", f"The catalogue knows no record for {name}.")
        return
    place = f"byte {known.offset} of {known.warc}"
    try:
        record = read_payload(_present(archive / known.warc), known.offset, originals)
    except ArchiveUnreadable as error:
        yield fault(known.warc, f"The record of {name} is not at {place}: {error}")
        return
    if not is_known_record(record, known):
        yield fault(known.warc, f"At {place} lies another record than that of {name}.")
    elif not has_known_digest(record, known):
        yield fault(
            known.warc, f"The record of {name} at {place} does not have the catalogue's payload digest."
        )


def _present(path: Path) -> Path:
    """A file under the name that it has now: after a kill it is still open."""
    still_open = path.with_name(path.name + OPEN_SUFFIX)
    return still_open if still_open.is_file() else path


def _check_seed_file(row: ArticleRow, corpus: Path, strays: Strays) -> Iterator[Finding]:
    """Check whether a file, or an earlier text in `.revisions`, is what its row says."""
    named = _name_of(row)
    is_sound = row.file is None or (named == row.file and _content_of(row) is not None)
    if named is None or not is_sound:
        what = row.file or "an earlier text"
        yield fault(
            "catalogue", f"The row of {what} of {row.url} was changed: its parts do not fit together."
        )
    if (name := place_in_corpus(row, strays)) and (state := _state_of(corpus / name, row.sha256)):
        remedy = ": `scrapy restore` brings it back" if is_sound and state in (GONE, CHANGED) else ""
        yield fault(name, f"The seed file {name} of {row.url} {state}{remedy}.")


def damaged_files(catalogue: Catalogue, data_dir: DataDir, place: str = EVERYWHERE) -> Iterator[DamagedFile]:
    """The seed files of a place that are gone or were changed, earlier texts included."""
    strays = find_strays(Corpus(data_dir.corpus), catalogue, place)
    for row in articles(catalogue, everything=True, place=place):
        name = place_in_corpus(row, strays) if row.file is not None or row.is_retired else None
        if name is not None and (state := _state_of(data_dir.corpus / name, row.sha256)) in (GONE, CHANGED):
            yield DamagedFile(name, state, row.url, _content_of(row))


def place_in_corpus(row: ArticleRow, strays: Strays) -> str | None:
    """Where the file of a row lies below the corpus; None if its parts do not fit: it might lead anywhere."""
    named = _name_of(row)
    if named is None:
        return None
    is_in_place = row.file is not None or named in strays.replaced
    return named if is_in_place else f"{REVISIONS}/{named}"


def _content_of(row: ArticleRow) -> bytes | None:
    """The bytes of the seed file that a row describes; None unless they have its digest."""
    try:
        content = render_seed(Seed(str(row.month), tuple(str(row.text).split("\n\n"))))
    except SeedError:
        return None
    return content if digest(content) == row.sha256 else None


def _name_of(row: ArticleRow) -> str | None:
    """The file that month, number and digest of a row name; None if they name none."""
    # SQLite keeps values of any type in any column.
    if not isinstance(row.number, int) or not re.fullmatch(
        r"\d{4}-\d\d [0-9a-f]{64}", f"{row.month} {row.sha256}", re.ASCII
    ):
        return None
    return seed_name(str(row.month), row.number, str(row.sha256))


def _state_of(file: Path, sha256: str | None) -> str:
    """What is wrong with a file; empty if nothing."""
    try:
        is_same = digest(file.read_bytes()) == sha256
    except FileNotFoundError:
        return GONE
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if is_same else CHANGED


def _check_strays(catalogue: Catalogue, corpus: Path, strays: Strays, place: str) -> Iterator[Finding]:
    for folder in sorted(path for path in corpus.glob("[!.]*") if path.is_dir()):
        names = {f"{folder.name}/{file.name}" for file in folder.glob("[!.]*")}
        known = files_of_month(catalogue, folder.name, place).union(strays.replaced, strays.taken_down)
        for name in sorted(names - known):
            yield fault(
                name,
                f"The file {name} is in the corpus, but the catalogue does not know it: "
                f"the next run moves it to {REVISIONS}.",
            )
    for name in strays.replaced:
        yield note(name, f"A newer text replaced {name}: the next run here moves it to {REVISIONS}.")
    for name in strays.taken_down:
        yield fault(
            name, f"The page of {name} was taken down in another data directory: give the command here too."
        )


def _check_takedowns(catalogue: Catalogue, place: str) -> Iterator[Finding]:
    for url in unfinished_takedowns(catalogue, place):
        yield fault(
            url, f"{url} was taken down, but not here: give `scrapy redact` for it in this data directory."
        )
