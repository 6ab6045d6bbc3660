"""Captures that are read from archives, and what is said of damage meanwhile."""

from collections.abc import Iterator
from pathlib import Path

from archive.replay.captures import ArchivedCapture, CaptureReader
from archive.warc.files import Report

PAGE = "https://orla.example/bridge"
BODY = b"<p>The ferry at Tolm runs again.</p>"


def silent(message: str) -> None:
    """Fail for any report."""
    raise AssertionError(f"nothing was to be reported, but: {message}")


def read_captures(path: Path, report: Report) -> Iterator[ArchivedCapture]:
    """The captures of one archive, in record order."""
    with CaptureReader([path], report) as reader:
        yield from reader.read(path)


def read(path: Path) -> list[ArchivedCapture]:
    """The captures of an archive without any damage."""
    return list(read_captures(path, silent))


def read_set(paths: list[Path], reports: list[str]) -> list[ArchivedCapture]:
    """The captures of several archives, whose revisit records may refer to each other."""
    with CaptureReader(paths, reports.append) as reader:
        return [capture for path in paths for capture in reader.read(path)]
