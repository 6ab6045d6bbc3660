"""Extracts every page of a WARC and writes predictions for an evaluation: one JSON object per line.

    python -m bench.extraction PAGES.warc.gz OUT.jsonl [TRUTH.jsonl] [--evaluator EVALUATE.py]

Keys: url, text (paragraphs separated by blank lines), date, title, language, verdict. Prints the CPU time per page and
that of trafilatura with metadata on the same pages; with a truth, also the scores of both.
"""

import argparse
import importlib.util
import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
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


def predict(page: RawPage) -> tuple[Prediction, Prediction, float, float]:
    """The predictions of our extraction and of trafilatura (with metadata), and the CPU seconds of each."""
    begin = time.process_time()
    ours = predict_ours(page)
    between = time.process_time()
    theirs = predict_theirs(page)
    return ours, theirs, between - begin, time.process_time() - between


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


def predict_theirs(page: RawPage) -> Prediction:
    """The prediction of trafilatura alone."""
    found = trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True, include_comments=False)
    if not isinstance(found, Document):
        return {"url": page.url, "text": ""}
    text = "\n\n".join((found.text or "").splitlines())
    return {"url": page.url, "text": text, "date": found.date, "title": found.title}


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
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(predict, read_pages(arguments.warc), chunksize=8))
    ours, theirs, seconds, reference = (list(column) for column in zip(*results, strict=True))
    with arguments.out.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(prediction, ensure_ascii=False) + "\n" for prediction in ours)
    print(f"{len(results)} pages, CPU per page {1000 * sum(seconds) / len(results):.1f} ms")
    print(
        f"trafilatura with metadata {1000 * sum(reference) / len(results):.1f} ms,"
        f" ratio {sum(seconds) / sum(reference):.2f}"
    )
    if arguments.truth:
        evaluator = load_evaluator(arguments.evaluator or arguments.truth.parent / "evaluate.py")
        print(f"ours:        {summarise(evaluator, arguments.truth, ours)}")
        print(f"trafilatura: {summarise(evaluator, arguments.truth, theirs)}")


if __name__ == "__main__":
    main()
