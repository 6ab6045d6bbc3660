"""Says whether a commit made crawls or replays dearer: both are run with it and with an earlier one, in turn.

    python -m bench.regression COMMIT [--warc PAGES.warc.gz] [--pages 150] [--rounds 3] [--most 1.05]

The earlier commit is checked out beside this one. Exit code 1 if CPU time or memory is more than so many times what it
was. Wall time is printed, and not judged: it is the machine's as much as ours.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.page_server import served
from bench.pages import invented_pages, read_pages
from bench.speed import HERE, Run, Runner, compare, frontwire


@contextmanager
def checked_out(commit: str, folder: Path) -> Iterator[Path]:
    """A commit of this repository in a folder of its own."""
    git = ["git", "-C", str(HERE), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(folder), commit], check=True)
    try:
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def both(earlier: Path, *arguments: str) -> dict[str, Runner]:
    """The same command of this checkout and of the earlier one."""
    return {
        "now": lambda folder: frontwire(arguments, folder, RELEVANCE_MODE="conflict"),
        "before": lambda folder: frontwire(arguments, folder, earlier, RELEVANCE_MODE="conflict"),
    }


def is_dearer(runs: tuple[Run, Run], most: float) -> bool:
    """Whether the first takes more than so many times what the second takes."""
    now, before = runs
    return now.cpu_s > most * before.cpu_s or now.peak_mb > most * before.peak_mb


def main() -> None:
    """Compare crawls, then replays of the archive that the first crawl made."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("commit", help="what this checkout is compared with")
    parser.add_argument("--warc", type=Path, help="its HTML answers are the pages")
    parser.add_argument("--pages", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--most", type=float, default=1.05)
    options = parser.parse_args()
    pages = list(read_pages(options.warc) if options.warc else invented_pages(options.pages))[: options.pages]
    with tempfile.TemporaryDirectory(prefix="frontwire-bench-") as name:
        folder = Path(name)
        with checked_out(options.commit, folder / "checkout") as earlier:
            with served(pages, folder) as feeds:
                crawls = both(earlier, "crawl", "news", "-a", f"sources={feeds}")
                crawl = compare("crawl", crawls, options.rounds, folder)
            archive = folder / "crawl-now-0" / "data"
            replays = both(earlier, "crawl", "replay", "-a", f"path={archive}")
            replay = compare("replay", replays, options.rounds, folder)
    sys.exit(int(is_dearer(crawl, options.most) or is_dearer(replay, options.most)))


if __name__ == "__main__":
    main()
