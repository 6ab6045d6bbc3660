"""The corpus once more, derived from the archive by what is installed now, in a place of its own."""

import errno
import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from scrapy.settings import BaseSettings

from archive.errors import ArchiveUnreadable
from archive.layout import moment_of
from archive.objects.addresses import url_in_path
from archive.objects.whereabouts import Pointer, full_path, pointer_of, size_of
from archive.replay.input_paths import expand_paths
from archive.warc.gzip_file import OPEN_SUFFIX
from crawler import own_process
from crawler.catalogue.foreign_files import ForeignFile
from crawler.catalogue.runs import last_reason
from crawler.catalogue.stated_decisions import Ruling, note_rulings
from crawler.data_dir import DataDir, tuning_file
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK, STORAGE, USAGE

STEERING = (
    "SEEDS_DIR",
    "RELEVANCE_MODE",
    "RELEVANCE_ENCODER",
    "RELEVANCE_TUNING",
    "RIGHTS_POLICY",
    "EXTRACTION_WORKERS",
    "EXTRACTION_TIMEOUT_S",
    "EXTRACTION_MAX_BYTES",
    "EXTRACTION_MAX_PARTS",
)
"""Settings on which the articles depend besides the archive."""

WORK_PREFIX = ".rederived-"
"""Beginning of the name of a folder in which a corpus is derived again."""

READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


class RederivationFailed(OperatorError):
    """The archive could not be replayed."""


class NoRoom(OperatorError):
    """There is no place where the corpus could be derived again."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, STORAGE)


@dataclass(frozen=True, slots=True)
class Rederived:
    """A data directory in which the corpus was derived again."""

    data_dir: DataDir
    catalogue: Catalogue
    sources: Mapping[str, Path]
    """Where the archives lie that were read, by the names under which this catalogue knows them."""


def steering_of(settings: BaseSettings) -> dict[str, object]:
    """The settings of STEERING, as they are now; what is in the data directory by default is named."""
    return {name: settings[name] for name in STEERING} | {
        "RELEVANCE_TUNING": str(tuning_file(settings).absolute())
    }


@contextmanager
def workspace(data_dir: DataDir) -> Iterator[Path]:
    """A folder for what is derived again, removed in the end: in DATA_DIR, or if that is read-only in TMPDIR.

    `NoRoom` if neither can be written, or has not the room for a second corpus and catalogue.
    """
    for place in (data_dir.path, Path(gettempdir())):
        try:
            folder = TemporaryDirectory(prefix=WORK_PREFIX, dir=place)
        except OSError as error:
            if error.errno in READ_ONLY:
                continue
            raise NoRoom(f"Cannot write {place}: {error.strerror}. Free space and try again.") from None
        with folder as name:
            _refuse_if_full(Path(name), data_dir)
            yield Path(name)
        return
    raise NoRoom(
        f"Neither {data_dir} nor {gettempdir()} can be written: name a folder by the environment variable TMPDIR."
    )


def remove_left_over(data_dir: DataDir) -> None:
    """Remove the folders that killed processes left; the caller holds the data directory."""
    for folder in data_dir.path.glob(f"{WORK_PREFIX}*"):
        shutil.rmtree(folder, ignore_errors=True)


def archives_of(archive: Path, foreign: Sequence[tuple[str, ForeignFile]]) -> list[Path]:
    """All files from which a corpus was derived, in the order in which runs read or wrote them.

    `archive` is our own folder, `foreign` the archives of others, each with the time of its first reading.
    """
    try:
        own = expand_paths(str(archive))
    except ArchiveUnreadable:  # there is none yet
        own = []
    own += archive.glob(f"*{OPEN_SUFFIX}")
    moments = [(moment_of(path.name), path) for path in own]
    moments += [(re.sub(r"\D", "", began)[:17], Path(file.path)) for began, file in foreign]
    return [full_path(path) for _, path in sorted(moments)]


@contextmanager
def rederived(
    archives: Sequence[Path],
    work_dir: Path,
    settings: Mapping[str, object],
    rulings: Collection[Ruling] = (),
) -> Iterator[Rederived]:
    """Replay archives one after the other into an empty data directory below `work_dir`.

    `settings` are those of STEERING, `rulings` what people say of pages. `RederivationFailed` if that
    cannot be done; damage in archives is no failure, what is whole is derived.
    """
    data_dir, links = work_dir / "data", work_dir / "archives"
    links.mkdir()
    sources = {}
    for number, path in enumerate(archives):
        link = links / f"{number:06d}_{path.name.removesuffix(OPEN_SUFFIX)}"
        _link(link, path)
        sources[str(link.absolute())] = path
    if rulings:
        _preload(rulings, data_dir)
    if archives:
        replay(links, data_dir, settings)
    with closing(Catalogue.open("", data_dir)) as catalogue:
        if archives and (reason := last_reason(catalogue)) != "finished":
            raise RederivationFailed(
                f"The archive was not replayed to its end: {reason or 'killed'}.", FAILED
            )
        yield Rederived(DataDir.at(data_dir), catalogue, sources)


def _link(link: Path, path: Path) -> None:
    """Let a link lead to an archive, or to what says in which object store it is."""
    if path.is_file():
        link.symlink_to(path)
    elif (url := url_in_path(path)) is not None:
        pointer_of(link).write_text(Pointer(url, size_of(path), "").dump(), "utf-8")
    else:
        pointer_of(link).symlink_to(pointer_of(path))


def replay(archives: Path, data_dir: Path, settings: Mapping[str, object]) -> None:
    """Run the spider `replay` in a process of its own."""
    # No one signs what lies there, and a person who checks an archive may have no key.
    given = {"LOG_LEVEL": "ERROR", **settings, "DATA_DIR": data_dir, "STORE_URL": ""}
    given |= {
        "ARCHIVE_SIGNING_KEY": "",
        "ARCHIVE_DIR": "",
        "REPLAY_FROM": "",
        "REPLAY_PREFILTER": 0,
        **own_process.QUIET,
    }
    options = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    finished = own_process.run_scrapy("crawl", "replay", "-a", f"path={archives}", *options)
    # 1 is the exit code for damage too; the catalogue says if the run came to its end.
    if finished.returncode not in (OK, FAILED) or not DataDir.at(data_dir).catalogue.is_file():
        last = finished.stderr.strip().rpartition("\n")[2].removeprefix("frontwire: ")
        exit_code = USAGE if finished.returncode == USAGE else FAILED
        raise RederivationFailed(
            f"The archive cannot be replayed: {last or 'the process was killed'}", exit_code
        )


def _preload(rulings: Collection[Ruling], data_dir: Path) -> None:
    """Begin a catalogue that knows what people decided."""
    data_dir.mkdir()
    with closing(Catalogue.open("", data_dir)) as catalogue:
        catalogue.write(lambda connection: note_rulings(connection, rulings))


def _refuse_if_full(folder: Path, data_dir: DataDir) -> None:
    files = [data_dir.catalogue, *data_dir.corpus.glob("[0-9]*/*.txt")]
    # Twice the catalogue: it may have to be copied too, before it can be read.
    needed = sum(file.stat().st_size for file in files if file.is_file()) + _size(files[0])
    if shutil.disk_usage(folder).free < needed:
        raise NoRoom(
            f"{folder.parent} has less than the {needed} bytes free that deriving the corpus again takes: free space."
        )


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0
