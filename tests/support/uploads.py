"""Collections that are uploaded, and what is wrong with them where they are read again."""

from pathlib import Path

from archive.checks.archive_check import verify_collection
from archive.checks.findings import Checked
from archive.collection.collection import Collection
from archive.evidence.manifest import Manifest
from tests.support.logs import make_log


def write_file(folder: Path, *pages: str) -> Path:
    """Add a closed WARC file with some pages to the collection in a folder, signed by a key beside it."""
    writing = Collection(folder, "news", {}, 10**9, manifest=Manifest(folder, folder.parent / "key.pem"))
    for page in pages:
        writing.write(make_log(f"http://news.example/{page}", body=page.encode() * 50), {})
    name = max(path.name for path in (folder / "archive").glob("*.open"))
    writing.finish_file()
    return folder / "archive" / name.removesuffix(".open")


def faults(folder: Path) -> list[str]:
    """What is wrong with the collection in a folder."""
    return [finding.sentence for finding in verify_collection(folder, Checked())]


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder by their paths in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
