"""Crawls the servers of many cases in one run, and replays their archives in another: do all sums add up?

    python -m bench.cases FOLDER [--keep FOLDER]

FOLDER has a file NN-name.py a case, whose function run(lab) opens servers and asks the lab of `kit.py` there for crawls
of their listings and replays of archives. Here the lab only notes what it is asked for, and all of it is run together.
The exit code is 1 if discovered URLs are not fates and pending ones, if an answer of an archive is in no visit, or if a
reason is no sentence.
"""

import argparse
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.support.registries import source_entry
from tests.support.sums import count_records, count_visits, fates_without_visit, not_understandable, sums_of

SETTINGS: Mapping[str, object] = {
    "ADDRESS_GUARD_ALLOW": "127.0.0.0/8",
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_TIMEOUT": 6,
    "EXTRACTION_WORKERS": 1,
    "FRONTIER_PATIENCE_S": 5,
    "OPERATOR": "bench",
    "RELEVANCE_MODE": "off",
    "RETRY_DELAY_S": 0.2,
    "RETRY_TIMES": 1,
}
MAX_PAGES = 80
"""Of each case: what a listing of thousands names beyond them stays pending."""


class Asked(Exception):
    """A case asked for a crawl, and goes no further."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", type=Path, help="folder of the cases")
    parser.add_argument("--keep", type=Path, help="folder for data and logs, which are kept")
    options = parser.parse_args()
    if not (options.cases / "kit.py").is_file():
        sys.exit(f"Skipped: {options.cases} has no kit.py, so it is no folder of cases.")
    with tempfile.TemporaryDirectory(prefix="frontwire-bench-") as name:
        folder = (options.keep or Path(name)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        sys.exit(not all(run_all(options.cases.resolve(), folder)))


def run_all(cases: Path, folder: Path) -> Iterator[bool]:
    """Whether the sums of a crawl of all servers add up, of its replay, and of a replay of all archives."""
    with opened(cases, folder) as (listings, archives):
        print(f"{len(listings)} cases are crawled, {len(archives)} archives of cases are replayed")
        registry = folder / "sources.toml"
        entries = (
            source_entry(name, urls[0], listings=urls, max_pages=MAX_PAGES) for name, urls in listings.items()
        )
        registry.write_text("".join(entries), encoding="utf-8")
        crawl(folder / "crawled", "news", sources=registry)
    yield report(folder / "crawled")
    crawl(folder / "again", "replay", path=folder / "crawled" / "collections" / "news")
    yield report(folder / "again")
    crawl(folder / "replayed", "replay", path=gather(archives, folder / "archives"))
    yield report(folder / "replayed")


@contextmanager
def opened(cases: Path, folder: Path) -> Iterator[tuple[dict[str, list[str]], dict[str, Path]]]:
    """The listings and the archives of all cases by the cases' names; their servers are open as long as the block."""
    listings: dict[str, list[str]] = {}
    archives: dict[str, Path] = {}
    kit = load(cases / "kit.py", "kit")

    class Lab(kit.Lab):  # type: ignore[misc, name-defined]
        def crawl(self, *urls: str, **_: object) -> None:
            listings[self.folder.name] = [*urls]
            raise Asked

        def replay(self, path: Path, **_: object) -> Any:
            archives[f"{self.folder.name}-{len(archives)}"] = path
            return kit.Result(0, "")

    labs = []
    for path in sorted(cases.glob("[0-9][0-9]-*.py")):
        labs.append(lab := Lab(Path(), Path(), folder / "cases" / f"case-{path.stem}"))
        with suppress(Exception):  # what a case makes of a result that says nothing
            load(path, f"case_{path.stem[:2]}").run(lab)
    try:
        yield listings, archives
    finally:
        for lab in labs:
            lab.close()


def load(path: Path, name: str) -> ModuleType:
    """A file as a module."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gather(archives: Mapping[str, Path], folder: Path) -> Path:
    """All archives in one folder."""
    folder.mkdir()
    for name, path in archives.items():
        for file in [path] if path.is_file() else sorted(path.iterdir()):
            shutil.copy(file, folder / f"{name}-{file.name}")
    return folder


def crawl(data: Path, spider: str, **arguments: Path) -> None:
    """One run, whose log lies beside its data."""
    given = {**SETTINGS, "DATA_DIR": data, "LOG_FILE": data.with_suffix(".log")}
    command = [sys.executable, "-m", "scrapy", "crawl", spider]
    command += [part for name, value in arguments.items() for part in ("-a", f"{name}={value}")]
    command += [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    print(f"{spider}: exit code {subprocess.run(command, check=False).returncode}")


def report(data: Path) -> bool:
    """Print the sums of a run; whether they add up and every reason is a sentence."""
    sums, records, unclear = sums_of(data), count_records(data), not_understandable(data)
    fates = " + ".join(f"{count} {fate}" for fate, count in sums.fates.most_common())
    print(f"  {sums.discovered} discovered = {fates} + {sums.pending} pending: {sums.reconcile}")
    print(f"  {len(unclear)} reasons that are no sentence: {unclear}")
    lost = fates_without_visit(data)
    print(f"  {len(lost)} URLs ended without a visit: {lost}")
    read = records["read"] + sum(n for reason, n in records.items() if reason.startswith("truncated"))
    if records:
        reasons = " + ".join(f"{count} {reason}" for reason, count in records.most_common())
        print(f"  {records.total()} records = {reasons}; {read} with an answer = {count_visits(data)} visits")
    return sums.reconcile and not unclear and not lost and (not records or read == count_visits(data))


if __name__ == "__main__":
    main()
