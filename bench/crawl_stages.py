"""Says what a page costs each thread and process of a crawl and of a replay, beside what their start costs.

    python -m bench.crawl_stages [--warc PAGES.warc.gz] [--pages 250]

A run of one page is taken for the start; what a run of all takes more is shared among its pages. CPU time; the fetched
pages and the processes are as in `bench.speed`.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from scrapy.utils.project import get_project_settings

from bench.page_server import served
from bench.pages import ServedPage, invented_pages, read_pages
from bench.speed import frontwire
from bench.thread_clock import FILE

NAMES = {
    "MainThread": "event loop: fetch, spider, pipelines",
    "catalogue": "catalogue",
    "warc-writer": "archive",
    "frontier": "frontier",
    "committer": "committer",
    "extraction": "watching the workers",
    "server": "server of the workers",
    "workers": "workers: extraction, relevance",
}


def measured(arguments: Sequence[str], folder: Path) -> dict[str, float]:
    """CPU seconds of a run, by what took them."""
    folder.mkdir()
    extensions = get_project_settings()["EXTENSIONS"].copy_to_dict() | {"bench.thread_clock.ThreadClock": 90}
    frontwire(arguments, folder, RELEVANCE_MODE="conflict", EXTENSIONS=json.dumps(extensions))
    taken = json.loads((folder / "data" / FILE).read_text(encoding="utf-8"))
    stages = dict.fromkeys((*NAMES.values(), "all else"), 0.0)
    for name, seconds in taken.items():
        stages[NAMES.get(name, "all else")] += seconds
    return stages


def show(name: str, start: dict[str, float], whole: dict[str, float], pages: int) -> None:
    """Print a row for each stage."""
    print(f"| {name} | start, s | a page, ms |\n| --- | --- | --- |")
    for stage, seconds in whole.items():
        print(f"| {stage} | {start[stage]:.2f} | {1000 * (seconds - start[stage]) / (pages - 1):.1f} |")
    more = sum(whole.values()) - sum(start.values())
    print(f"| all | {sum(start.values()):.2f} | {1000 * more / (pages - 1):.1f} |\n", flush=True)


def main() -> None:
    """Measure a crawl and a replay of what it archived."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--warc", type=Path, help="its HTML answers are the pages")
    parser.add_argument("--pages", type=int, default=250)
    options = parser.parse_args()
    pages = list(read_pages(options.warc) if options.warc else invented_pages(options.pages))[: options.pages]
    with tempfile.TemporaryDirectory(prefix="frontwire-bench-") as name:
        folder = Path(name)
        one, all_of_them = (_crawled(each, folder / str(len(each))) for each in (pages[:1], pages))
        show("crawl", one, all_of_them, len(pages))
        archives = [folder / str(len(each)) / "run" / "data" for each in (pages[:1], pages)]
        one, all_of_them = (
            measured(["crawl", "replay", "-a", f"path={archive}"], archive.parent.parent / "replay")
            for archive in archives
        )
        show("replay", one, all_of_them, len(pages))


def _crawled(pages: Sequence[ServedPage], folder: Path) -> dict[str, float]:
    folder.mkdir()
    with served(pages, folder) as feeds:
        return measured(["crawl", "news", "-a", f"sources={feeds}"], folder / "run")


if __name__ == "__main__":
    main()
