"""The corpus once more, derived from the archive by what is installed now, and how it differs."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crawler.store.store import Store


class RederivationFailed(Exception):
    """The archive could not be replayed; the message says why."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One page that ends otherwise when it is derived again."""

    url: str
    file: str | None
    """Its present file in the corpus, if it has one."""
    sentence: str
    is_explained: bool
    """What derived it then is not what derives it now: extractor, word lists, seeds, mode or thresholds."""


@contextmanager
def rederived(archive: Path, work_dir: Path, settings: Mapping[str, object]) -> Iterator[Path]:
    """Replay an archive into an empty data directory below `work_dir`, which is removed in the end."""
    with TemporaryDirectory(prefix=".rederived-", dir=work_dir) as folder:
        data_dir = Path(folder)
        given = {"LOG_LEVEL": "ERROR", **settings, "DATA_DIR": data_dir, "STORE_URL": ""}
        options = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
        command = [sys.executable, "-m", "scrapy", "crawl", "replay", "-a", f"path={archive}", *options]
        finished = subprocess.run(command, check=False, capture_output=True, text=True, env=os.environ)
        if finished.returncode:
            raise RederivationFailed(f"The archive {archive} cannot be replayed: {finished.stderr.strip()}")
        yield data_dir


def compare_corpora(live: Path, again: Path, live_store: Store, again_store: Store) -> Iterator[Difference]:
    """How two data directories differ, page by page: month and bytes of each file, and which there are.

    The index in a file's name does not count: several writers may have given it in another order.
    """
    derived = _final_rows(again_store)
    known = set()
    for row in live_store.articles():
        known.add(row["url"])
        yield from _compare(row, derived.get(row["url"]), live, again)
    for url, row in derived.items():
        if row["file"] is not None and url not in known:
            before = live_store.latest_of_url(url)
            yield Difference(
                url,
                None,
                f"{url} would be in the corpus now; it is {before['fate'] if before else 'not in the catalogue'}",
                before is not None and is_explained(before, row),
            )


def _final_rows(store: Store) -> dict[str, dict[str, Any]]:
    """For each URL what the corpus holds of it, else what was extracted last."""
    rows: dict[str, dict[str, Any]] = {}
    for row in store.articles(everything=True):
        if row["file"] is not None or rows.get(row["url"], row)["file"] is None:
            rows[row["url"]] = row
    return rows


def is_explained(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """True if the two were not derived by the same means."""
    return any(before[name] != after[name] for name in ("extractor", "model"))


def _compare(
    row: Mapping[str, Any], after: Mapping[str, Any] | None, live: Path, again: Path
) -> Iterator[Difference]:
    url, file = row["url"], row["file"]
    if after is None:
        yield Difference(
            url, file, f"{file} cannot be derived again: no page of {url} is in the archive", False
        )
    elif after["file"] is None:
        yield Difference(
            url, file, f"{file} would not be in the corpus now: {after['fate']}", is_explained(row, after)
        )
    elif after["month"] != row["month"]:
        sentence = f"{file} would have the month {after['month']} now"
        yield Difference(url, file, sentence, is_explained(row, after))
    elif _read(again / "corpus" / after["file"]) != _read(live / "corpus" / file):
        yield Difference(url, file, f"{file} would have another text now", is_explained(row, after))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
