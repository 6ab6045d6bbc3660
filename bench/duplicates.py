"""Measures recognition of copies: `python -m bench.duplicates [--articles 10000,100000,1000000] [--store-url URL]`.

The cost of preparing texts, and for each number of articles in the store: CPU time to look one up (and the database's
share of it) and to enter one, to look for its translation (the articles are of sixty days, and of two languages), bytes
on disk and the peak memory of the process. Keys and meanings in the store are random, which is the worst case for its
pages; the texts looked up are those of the demo's newsroom.
"""

import argparse
import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, insert

from crawler.catalogue.corpus_texts import enter_bands
from crawler.catalogue.known_texts import relate
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.translated_texts import with_translation
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.demo.content import read_sites
from crawler.items import Article, Evidence
from crawler.relevance.encoder import DIMENSIONS
from crawler.relevance.translations import Meaning
from crawler.texts.similarity import BANDS, ComparedText, bands_of, compare
from pipelines.duplicates import hash_body

BATCH = 2_000
LOOKUPS = 1_000
TRANSLATIONS = 100
DAYS = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", default="10000,100000,1000000")
    parser.add_argument("--store-url", default="")
    options = parser.parse_args()
    stories = [story.paragraphs for site in read_sites() for story in site.stories if story.paragraphs]
    print_features(stories)
    with TemporaryDirectory(prefix="frontwire-bench-") as folder:
        catalogue = Catalogue.open(options.store_url, Path(folder))
        present = 0
        for wanted in map(int, options.articles.split(",")):
            print_store(catalogue, Path(folder), stories, present, wanted)
            present = wanted
        catalogue.close()


def print_features(stories: Sequence[tuple[str, ...]]) -> None:
    """Print the CPU time of a text in a worker, and of comparing two texts in full."""
    texts = ["\n\n".join(story) for story in stories]
    words = sum(len(each.split()) for each in texts) / len(texts)
    keys = _cpu_ms(lambda: [bands_of(each) for each in texts]) / len(texts)
    full = _cpu_ms(lambda: [compare(ComparedText(each), ComparedText(each)) for each in texts]) / len(texts)
    print(f"features: {keys:.3f} ms of a text of {words:.0f} words; {full:.3f} ms to compare two in full")


def print_store(
    catalogue: Catalogue, folder: Path, stories: Sequence[tuple[str, ...]], present: int, wanted: int
) -> None:
    fill(catalogue, present, wanted)
    index = PendingArticles(catalogue)
    articles = [_article(number, stories) for number in range(LOOKUPS)]
    first = _wall_ms(lambda: [index.near_texts(each.bands) for each in articles]) / LOOKUPS
    queries = _cpu_ms(lambda: ask(index, articles)) / LOOKUPS
    decided = _cpu_ms(lambda: [relate(each, index) for each in articles]) / LOOKUPS
    told = [replace(each, published=_day(number), **_meaning(number)) for number, each in enumerate(articles)]
    translated = (
        _cpu_ms(lambda: [with_translation(each, index) for each in told[:TRANSLATIONS]]) / TRANSLATIONS
    )
    entered = _wall_ms(lambda: enter(catalogue, range(wanted - LOOKUPS + 1, wanted + 1))) / LOOKUPS
    size = sum(file.stat().st_size for file in folder.glob("catalogue.sqlite*")) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{wanted:>9,} articles: decided in {decided:.3f} ms of CPU, {queries:.3f} of them queries; "
        f"looking for a translation takes {translated:.3f} ms; "
        f"the keys' query takes {first:.3f} ms and entering them {entered:.3f} ms; "
        f"{size:,.0f} MB on disk, {peak:.0f} MB of memory",
        flush=True,
    )


def ask(index: PendingArticles, articles: Sequence[Article]) -> None:
    """Run only the queries of a decision."""
    for article in articles:
        assert article.body_hash is not None
        index.same_text(article.body_hash)
        index.near_texts(article.bands)


def enter(catalogue: Catalogue, ids: range) -> None:
    """Replace the keys of existing articles, in one transaction."""
    with catalogue.engine.begin() as connection:
        for each in ids:
            enter_bands(connection, each, _keys(each, 1))


def fill(catalogue: Catalogue, present: int, wanted: int) -> None:
    """Enter articles with random keys."""
    for start in range(present, wanted, BATCH):
        with catalogue.engine.begin() as connection:
            _enter(connection, range(start + 1, min(start + BATCH, wanted) + 1))


def _enter(connection: Connection, ids: range) -> None:
    if ids[0] == 1:
        values = {"id": 1, "spider": "news", "arguments": "{}", "software": "", "started": ""}
        connection.execute(insert(schema.run), values)
    urls = [
        {"id": each, "key": each.to_bytes(16), "url": f"https://site{each % 997}.example/{each}"}
        | {"kind": "article", "state": "done", "evidence": "{}", "run_id": 1}
        for each in ids
    ]
    connection.execute(insert(schema.url), urls)
    connection.execute(insert(schema.article), [_row(each) for each in ids])
    bands = sorted((key, each) for each in ids for key in _keys(each))
    sketches = [{"day": _day(each), "article_id": each, **_sketch(each)} for each in ids]
    connection.execute(insert(schema.sketch), sketches)
    connection.execute(insert(schema.band), [{"key": key, "article_id": each} for key, each in bands])


def _keys(article_id: int, turn: int = 0) -> list[int]:
    rng = random.Random(2 * article_id + turn)
    return [rng.getrandbits(63) for _ in range(BANDS)]


def _day(number: int) -> str:
    return (date(2021, 1, 1) + timedelta(number % DAYS)).isoformat()


def _meaning(number: int) -> dict[str, Any]:
    return {"language": "en" if number % 2 else "fr", "meaning": random.Random(number).randbytes(DIMENSIONS)}


def _sketch(number: int) -> dict[str, object]:
    its = _meaning(number)
    signs = Meaning(its["language"], its["meaning"]).signs.to_bytes(DIMENSIONS // 8)
    return {"language": its["language"], "signs": signs}


def _row(number: int) -> dict[str, object]:
    return {
        "id": number,
        "url_id": number,
        "run_id": 1,
        "fate": "saved",
        "origin": "live",
        "text": f"Article {number}",
        "authors": "[]",
        "date_conflict": False,
        "rights": "[]",
        "terms": "[]",
        "body_hash": number.to_bytes(16),
        "file": f"2021-01/{number}.txt",
        "extractor": "",
        "published": _day(number),
        **_meaning(number),
    }


def _article(number: int, stories: Sequence[tuple[str, ...]]) -> Article:
    paragraphs = (*stories[number % len(stories)], f"{number}")
    return Article(
        url=f"https://new.example/{number}",
        paragraphs=paragraphs,
        evidence=Evidence(),
        extractor="",
        body_hash=hash_body(paragraphs),
        bands=bands_of("\n\n".join(paragraphs)),
    )


def _cpu_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _wall_ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
