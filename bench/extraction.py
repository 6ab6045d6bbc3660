"""Extracts every page of a WARC and writes predictions for an evaluation: one JSON object per line.

    python -m bench.extraction PAGES.warc.gz OUT.jsonl [TRUTH.jsonl] [--evaluator EVALUATE.py]

Keys: url, text (paragraphs separated by blank lines), date, title, language, verdict. Prints the CPU time per page
beside that of trafilatura with metadata, in its usual and its fast mode, interleaved; with a truth, also the scores of
all three.
"""

import argparse
import importlib.util
import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Protocol

import trafilatura
from fastwarc.warc import ArchiveIterator, WarcRecordType
from trafilatura.settings import Document

from crawler.extraction import extract
from crawler.http.decoding import ContentError
from crawler.items import Evidence, RawPage

Prediction = dict[str, str | None]


class Evaluator(Protocol):
    """The functions of `evaluate.py` that are used."""

    def load(self, path: Path) -> list[dict[str, str | None]]: ...

    def score(
        self, truth: Mapping[str, str | None], prediction: Mapping[str, str | None]
    ) -> dict[str, float]: ...


def read_pages(path: Path) -> Iterator[RawPage]:
    """The responses of a WARC as pages for extraction, without discovery evidence."""
    with path.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            yield RawPage(
                url=record.headers["WARC-Target-URI"],
                body=record.reader.read(),
                headers={name.lower(): value for name, value in record.http_headers.items()},
                captured=datetime.fromisoformat(record.headers["WARC-Date"]),
                evidence=Evidence(),
            )


Timed = dict[str, tuple[Prediction, float]]
"""By extractor: its prediction, and the CPU seconds it took."""


def predict(number: int, page: RawPage) -> Timed:
    """What each extractor makes of a page; none is always the one that comes first to a page."""
    names = list(EXTRACTORS)
    found: Timed = {}
    for name in names[number % len(names) :] + names[: number % len(names)]:
        begin = time.process_time()
        prediction = EXTRACTORS[name](page)
        found[name] = prediction, time.process_time() - begin
    return found


def warm_up() -> None:
    """Load what is loaded once a process, which no page is charged for."""
    import_module("crawler.extraction.preload")  # as in the process that workers are forked from
    # A date in Portuguese makes trafilatura load a library for three seconds.
    for day in ("12 May 2021", "12 de maio de 2021, 10h"):
        shown = f"<h1>Ferry</h1><div class='date'>{day}</div><p>The ferry left. And more.</p>"
        body = f"<html><title>Ferry</title><body><article>{shown}</article></body></html>".encode()
        captured = datetime(2021, 5, 13, tzinfo=UTC)
        predict(0, RawPage("https://tarn.example/ferry", body, {}, captured, Evidence()))


def predict_ours(page: RawPage) -> Prediction:
    """The prediction of `crawler.extraction`; without text if the body cannot be decoded."""
    try:
        article = extract(page)
    except ContentError:
        return {"url": page.url, "text": ""}
    return {
        "url": page.url,
        "text": "\n\n".join(article.paragraphs),
        "date": (article.published or "")[:10] or None,
        "title": article.title,
        "language": article.language,
        "verdict": article.verdict,
    }


def predict_theirs(page: RawPage, fast: bool) -> Prediction:
    """The prediction of trafilatura alone, with metadata."""
    found = trafilatura.bare_extraction(
        page.body, url=page.url, with_metadata=True, include_comments=False, fast=fast
    )
    if not isinstance(found, Document):
        return {"url": page.url, "text": ""}
    text = "\n\n".join((found.text or "").splitlines())
    return {"url": page.url, "text": text, "date": found.date, "title": found.title}


EXTRACTORS: dict[str, Callable[[RawPage], Prediction]] = {
    "frontwire": predict_ours,
    "trafilatura": partial(predict_theirs, fast=False),
    "trafilatura, fast": partial(predict_theirs, fast=True),
}


def load_evaluator(path: Path) -> Evaluator:
    """The module in a file."""
    spec = importlib.util.spec_from_file_location("evaluate", path)
    if spec is None or spec.loader is None or not path.exists():
        raise SystemExit(f"No evaluator at {path}.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def summarise(evaluator: Evaluator, truth: Path, predictions: list[Prediction]) -> str:
    """The mean F1 of the bodies, and how many months are wrong or missing, as a sentence."""
    found = {prediction["url"]: prediction for prediction in predictions}
    scores = [evaluator.score(page, found.get(page["url"], {})) for page in evaluator.load(truth)]
    bodies = [score["f1"] for score in scores if "f1" in score]
    dated = [score for score in scores if "month" in score]
    missing = sum(score["nodate"] for score in dated)
    wrong = len(dated) - missing - sum(score["month"] for score in dated)
    return (
        f"body F1 {sum(bodies) / len(bodies):.4f} on {len(bodies)} pages,"
        f" months: {wrong:.0f} wrong and {missing:.0f} missing of {len(dated)}"
    )


def main() -> None:
    """Process a WARC with two processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warc", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("truth", type=Path, nargs="?")
    parser.add_argument("--evaluator", type=Path, help="default: evaluate.py beside the truth")
    arguments = parser.parse_args()
    with ProcessPoolExecutor(2, initializer=warm_up) as pool:
        results = list(pool.map(predict, count(), read_pages(arguments.warc), chunksize=9))
    predictions = {name: [result[name][0] for result in results] for name in EXTRACTORS}
    seconds = {name: sum(result[name][1] for result in results) for name in EXTRACTORS}
    with arguments.out.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in predictions["frontwire"])
    for name, spent in seconds.items():
        print(
            f"{name}: {1000 * spent / len(results):.1f} ms of CPU for each of {len(results)} pages;"
            f" frontwire takes {seconds['frontwire'] / spent:.2f} of it"
        )
    if arguments.truth:
        evaluator = load_evaluator(arguments.evaluator or arguments.truth.parent / "evaluate.py")
        for name, found in predictions.items():
            print(f"{name}: {summarise(evaluator, arguments.truth, found)}")


if __name__ == "__main__":
    main()
