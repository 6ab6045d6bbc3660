"""Where the parts of a collection lie: the folders that pywb serves."""

import re
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import BaseSettings

PYWB_COLLECTIONS = "collections"
"""Folder in which pywb looks for collections."""

_OWN_NAME = re.compile(r"-(\d{17})-\d{5}-")


@dataclass(frozen=True, slots=True)
class Layout:
    """The folder of one collection, and the folders in it."""

    folder: Path

    @property
    def archive(self) -> Path:
        """The WARC files."""
        return self.folder / "archive"

    @property
    def indexes(self) -> Path:
        """The CDXJ files."""
        return self.folder / "indexes"


def moment_of(name: str) -> str:
    """When a file of ours was begun, as its name says, to sort by: prefixes may change from run to run."""
    found = _OWN_NAME.search(name)
    return found[1] if found else ""


def collection_below(data_dir: Path) -> Path:
    """The collection's folder where ARCHIVE_DIR names none."""
    return data_dir / PYWB_COLLECTIONS / "news"


def collection_folder(settings: BaseSettings) -> Path:
    """The collection's folder: ARCHIVE_DIR, else a folder below DATA_DIR."""
    return Path(settings["ARCHIVE_DIR"] or collection_below(Path(settings.get("DATA_DIR", "data"))))
