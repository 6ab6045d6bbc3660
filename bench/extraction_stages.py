"""Says which stages of extraction take how much of its CPU time, beside trafilatura's fast mode with metadata.

    python -m bench.extraction_stages PAGES.warc.gz [--every N]

Each stage without those inside it, in per cent of what trafilatura takes for the same pages.
"""

import argparse
import importlib
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any

from bench.extraction import predict_ours, predict_theirs, read_pages, warm_up

_STAGES = {
    "page.parse": "encoding, tree",
    "page.read_nodes": "JSON-LD",
    "page.read_blocks": "blocks",
    "story.title_candidates": "titles",
    "body.selection.find_text": "region of the story (trafilatura)",
    "body.selection.describe_blocks": "features of the blocks",
    "story.find_paragraphs": "choice of the blocks",
    "article.find_images": "images",
    "article._load_dates": "dates",
    "article.read_byline": "authors",
    "article.detect_language": "language",
    "article.judge": "verdict",
    "article.bands_of": "keys of similar texts",
    "article.find_part_links": "further pages",
}


class Clock:
    """The CPU seconds of each stage, without those of stages inside it."""

    def __init__(self) -> None:
        self.spent = defaultdict[str, float](float)
        self._inner: list[float] = []

    def measured(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function whose time counts for a stage."""

        @wraps(function)
        def measure(*arguments: Any, **options: Any) -> Any:
            self._inner.append(0.0)
            begin = time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                spent = time.process_time() - begin
                self.spent[stage] += spent - self._inner.pop()
                if self._inner:
                    self._inner[-1] += spent

        return measure

    def attach(self) -> None:
        """Measure the stages from now on."""
        for place, stage in _STAGES.items():
            module, _, name = place.rpartition(".")
            home = importlib.import_module(f"crawler.extraction.{module}")
            setattr(home, name, self.measured(stage, getattr(home, name)))


def main() -> None:
    """Take both extractors to the pages in turn, and print the stages."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("warc", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take one page of so many")
    arguments = parser.parse_args()
    warm_up()
    clock = Clock()
    clock.attach()
    ours = clock.measured("all else", predict_ours)
    theirs = clock.measured("trafilatura, fast", predict_theirs)
    for number, page in enumerate(islice(read_pages(arguments.warc), 0, None, arguments.every)):
        if number % 2:
            theirs(page, fast=True)
        ours(page)
        if not number % 2:
            theirs(page, fast=True)
    whole = clock.spent.pop("trafilatura, fast")
    for stage, spent in sorted(clock.spent.items(), key=lambda item: -item[1]):
        print(f"{100 * spent / whole:5.1f} % {stage}")
    print(f"{100 * sum(clock.spent.values()) / whole:5.1f} % in all")


if __name__ == "__main__":
    main()
