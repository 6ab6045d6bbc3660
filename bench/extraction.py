"""Extract every page of a WARC and write what an evaluation needs: one JSON object a line.

    python -m bench.extraction PAGES.warc.gz OUT.jsonl

Keys: url, text (paragraphs by blank lines), date, title, language, verdict. Prints CPU time per page, beside
that of trafilatura with metadata on the same pages.
"""

import argparse
import json
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path

import trafilatura
from fastwarc.warc import ArchiveIterator, WarcRecordType

from crawler.content import ContentError
from crawler.extraction import extract
from crawler.items import Evidence, RawPage

Prediction = dict[str, str | None]


def read_pages(path: Path) -> Iterator[RawPage]:
    """The responses of a WARC as extraction takes them, without any discovery evidence."""
    with path.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            yield RawPage(
                url=record.headers["WARC-Target-URI"],
                body=record.reader.read(),
                headers={name.lower(): value for name, value in record.http_headers.items()},
                captured=datetime.fromisoformat(record.headers["WARC-Date"]),
                evidence=Evidence(),
            )


def predict(page: RawPage) -> tuple[Prediction, float, float]:
    """What extraction makes of a page, its CPU seconds, and those of trafilatura with metadata."""
    begin = time.process_time()
    try:
        article = extract(page)
    except ContentError:
        return {"url": page.url, "text": ""}, time.process_time() - begin, 0.0
    between = time.process_time()
    trafilatura.extract(page.body, url=page.url, with_metadata=True, include_comments=False)
    end = time.process_time()
    prediction = {
        "url": page.url,
        "text": "\n\n".join(article.paragraphs),
        "date": (article.published or "")[:10] or None,
        "title": article.title,
        "language": article.language,
        "verdict": article.verdict,
    }
    return prediction, between - begin, end - between


def main() -> None:
    """Run over a whole WARC with two processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warc", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    ours = theirs = pages = 0.0
    with ProcessPoolExecutor(2) as pool, arguments.out.open("w", encoding="utf-8") as out:
        for prediction, seconds, reference in pool.map(predict, read_pages(arguments.warc), chunksize=8):
            out.write(json.dumps(prediction, ensure_ascii=False) + "\n")
            ours, theirs, pages = ours + seconds, theirs + reference, pages + 1
    print(f"{pages:.0f} pages, CPU per page {1000 * ours / pages:.1f} ms")
    print(f"trafilatura with metadata {1000 * theirs / pages:.1f} ms, ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
