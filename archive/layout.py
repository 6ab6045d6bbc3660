"""Where the parts of a collection lie: the folders that pywb serves."""

from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import BaseSettings

PYWB_COLLECTIONS = "collections"
"""Folder in which pywb looks for collections."""


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


def collection_below(data_dir: Path) -> Path:
    """The collection's folder where ARCHIVE_DIR names none."""
    return data_dir / PYWB_COLLECTIONS / "news"


def collection_folder(settings: BaseSettings) -> Path:
    """The collection's folder: ARCHIVE_DIR, else a folder below DATA_DIR."""
    return Path(settings["ARCHIVE_DIR"] or collection_below(Path(settings.get("DATA_DIR", "data"))))
