"""The catalogue that a command works on, and the data directory that a check reads."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.audit.catalogue_check import CatalogueReport, check_catalogue
from crawler.audit.rederivation import Rederived, remove_left_over, workspace
from crawler.audit.verification import check_archive, derived_again
from crawler.catalogue.capture_rows import captures_in
from crawler.catalogue.places import required_place
from crawler.cli.console import View
from crawler.cli.progress import Bar, bytes_of, visits_in
from crawler.data_dir import DataDir, DataDirUnwritable
from crawler.database.catalogue import Catalogue
from crawler.database.engine import holds_tables
from crawler.database.unusable import REBUILD, CatalogueError
from crawler.errors import OperatorError


@dataclass(frozen=True, slots=True)
class Opened:
    """A data directory that is being checked."""

    catalogue: Catalogue
    data_dir: DataDir
    work_dir: Path
    """Where the corpus can be derived again; removed at the end."""
    place: str
    """Which data directory of the catalogue it is: only what lies here is checked."""
    is_held: bool
    """False if the directory is read-only: then other runs are not kept out."""

    def check(self, expected_key: str, view: View) -> CatalogueReport:
        """Check archive and catalogue, and show what is found."""
        bar = Bar("Checking the archive", bytes_of(self.data_dir.archive, "*"), lambda: view.checked.bytes)
        with view.stage(bar):
            check_archive(self.catalogue, self.data_dir, view.checked, view.show, expected_key, self.place)
        with view.stage("Checking the catalogue"):
            return check_catalogue(self.catalogue, self.data_dir, view.show, self.place)

    def derived_again(
        self, report: CatalogueReport, settings: Mapping[str, object]
    ) -> AbstractContextManager[Rederived]:
        """The corpus once more, from the archives that the report calls sound."""
        return derived_again(self.catalogue, self.data_dir, report.foreign, self.work_dir, settings)

    @property
    def deriving(self) -> Bar:
        """How far that is."""
        captures = captures_in(self.catalogue, self.place)
        return Bar("Deriving the corpus again", captures, lambda: visits_in(self.work_dir), "pages")


def open_catalogue(settings: BaseSettings) -> Catalogue:
    """The catalogue of DATA_DIR, which must exist."""
    require_catalogue(settings)
    return Catalogue.open(settings["STORE_URL"], DataDir.of(settings).path)


def require_catalogue(settings: BaseSettings) -> None:
    """Refuse a DATA_DIR in which no run has been, and a database that is no catalogue."""
    data_dir, store_url = DataDir.of(settings), settings["STORE_URL"]
    is_lost = any(data_dir.archive.glob("*"))
    if not (store_url or data_dir.catalogue.is_file()):
        remedy = (
            "`scrapy store rebuild` makes it again from the archive that is there"
            if is_lost
            else "run a crawl first"
        )
        raise OperatorError(
            f"There is no catalogue in {data_dir}: {remedy}, or name the folder with -s DATA_DIR=FOLDER."
        )
    if not holds_tables(store_url, data_dir.path):
        where = "the database of STORE_URL" if store_url else data_dir.catalogue
        first = "`scrapy store rebuild` makes one that was lost again" if is_lost else "run a crawl first"
        remedy = f"{first}, or correct STORE_URL." if store_url else REBUILD
        raise CatalogueError(f"There is no catalogue in {where}: {remedy}")


@contextmanager
def opened(settings: BaseSettings) -> Iterator[Opened]:
    """Catalogue and working folder for a check of DATA_DIR; the folder may be read-only."""
    require_catalogue(settings)
    data_dir = DataDir.of(settings)
    with ExitStack() as stack:
        if is_held := stack.enter_context(held_if_writable(data_dir)):
            remove_left_over(data_dir)
        work_dir = stack.enter_context(workspace(data_dir))
        catalogue = stack.enter_context(closing(Catalogue.open(settings["STORE_URL"], data_dir.path)))
        yield Opened(catalogue, data_dir, work_dir, required_place(catalogue, data_dir), is_held)


@contextmanager
def held_if_writable(data_dir: DataDir) -> Iterator[bool]:
    """Keep other runs out until the block ends; False if the data directory is read-only, where there are none."""
    with ExitStack() as stack:
        try:
            stack.enter_context(data_dir.held())
        except DataDirUnwritable as error:
            if not error.is_read_only:
                raise
            yield False
            return
        yield True
