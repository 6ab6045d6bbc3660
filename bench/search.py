"""Search at a million articles: how long the index takes to build, its size, and when the first hits are there.

    python -m bench.search --articles 1000000 --folder FOLDER [--engine fts5|tantivy]

The articles are generated, in Latin, Cyrillic, Arabic and Chinese letters, their words as frequent as in real texts.
`tantivy` (pip install tantivy) is measured with the same words, for a comparison (docs/benchmarks.md).
"""

import argparse
import random
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from crawler.search.hits import Search, find
from crawler.search.search_index import Document, SearchIndex
from crawler.search.search_query import read_query
from crawler.search.search_words import index_words

_ALPHABETS = {
    "en": "abcdefghiklmnoprstuvw",
    "ru": "абвгдежзиклмнопрстуё",
    "ar": "ابتجحخدرزسشعفقكلمنهوي",
    "zh": "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会",
}
_WORDS, _LENGTH, _AT_ONCE = 60_000, 260, 2_000
_FIRST = date(2019, 1, 1)


def vocabulary(language: str) -> list[str]:
    """Words of a language, the most frequent first."""
    chance, letters = random.Random(language), _ALPHABETS[language]
    longest = 3 if language == "zh" else 9
    return ["".join(chance.choices(letters, k=chance.randint(2, longest))) for _ in range(_WORDS)]


def generate(count: int, days: int) -> Iterator[Document]:
    """Articles of so many days, in the order of their coming: the latest day has the highest numbers."""
    chance = random.Random(17)
    words = {language: vocabulary(language) for language in _ALPHABETS}
    weights = list(accumulate(1 / (rank + 3) for rank in range(_WORDS)))
    for number in range(1, count + 1):
        language = chance.choice(["en", "ru", "ar", "zh"])
        blank = "" if language == "zh" else " "
        text = chance.choices(
            words[language], cum_weights=weights, k=chance.randint(_LENGTH // 2, _LENGTH * 3 // 2)
        )
        day = (_FIRST + timedelta(days=number * days // count - chance.randint(0, 30))).isoformat()
        yield Document(
            number, number, b"", day, day[:7], blank.join(text[:9]), blank.join(text), f"source-{number % 150}",
            language, "saved", f"{number // 3:032x}", ("syria",) if number % 9 == 0 else (),
        )  # fmt: skip


class _Generated(Iterator[Document]):
    """Articles, and how long it took to make them up, which is no part of building an index."""

    def __init__(self, count: int, days: int) -> None:
        self._articles, self.spent_s = generate(count, days), 0.0

    def __next__(self) -> Document:
        started = time.perf_counter()
        try:
            return next(self._articles)
        finally:
            self.spent_s += time.perf_counter() - started


def queries() -> dict[str, str]:
    """What is looked for, by what it shows."""
    en, ru, ar, zh = map(vocabulary, ("en", "ru", "ar", "zh"))
    return {
        "common": en[0],
        "two common": f"{en[0]} {en[1]}",
        "rare": en[40_000],
        "phrase": f'"{en[0]} {en[1]}"',
        "beginning": f"{en[30][:3]}*",
        "Russian": f"{ru[5]} {ru[200]}",
        "Arabic": f"{ar[5]} {ar[200]}",
        "Chinese": zh[100] + zh[101],
        "one character": "国",
        "nothing found": "xyzzyxyzzy",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument(
        "--days", type=int, default=2500, help="of publication: the index has a part for each month"
    )
    parser.add_argument("--folder", type=Path, required=True, help="where the index is made, and left")
    parser.add_argument("--engine", choices=("fts5", "tantivy"), default="fts5")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    articles = _Generated(args.articles, args.days)
    started = time.perf_counter()
    ask = {"fts5": fts5, "tantivy": tantivy}[args.engine](args.folder, articles)
    built = time.perf_counter() - started - articles.spent_s
    size = sum(each.stat().st_size for each in args.folder.rglob("*") if each.is_file())
    print(f"{args.engine}: {args.articles} articles, built in {built:.0f} s, {size / 1e9:.2f} GB", flush=True)
    for name, words in queries().items():
        first, count = _timed(ask, words)
        again = min(_timed(ask, words)[0] for _ in range(3))
        print(
            f"{name:15} first {first * 1000:7.1f} ms, again {again * 1000:7.1f} ms, {count} hits", flush=True
        )


def _timed(ask: Callable[[str], int], words: str) -> tuple[float, int]:
    started = time.perf_counter()
    count = ask(words)
    return time.perf_counter() - started, count


def fts5(folder: Path, documents: Iterator[Document]) -> Callable[[str], int]:
    """Build our own index; what counts the hits of a search by it, with the first twenty and all facets."""
    index = SearchIndex.open(folder / "search.sqlite")
    began = time.process_time()
    while some := list(islice(documents, _AT_ONCE)):
        with index.changing():
            index.add(some)
    built, started = time.process_time(), time.perf_counter()
    print(f"{built - began:.0f} s of CPU, the making-up of the texts included", flush=True)
    _withdraw(index)
    print(
        f"one article withdrawn, nothing left of it: {time.perf_counter() - started:.1f} s, "
        f"{time.process_time() - built:.1f} s of CPU",
        flush=True,
    )
    for name, words in queries().items():
        newest, _ = _timed(partial(_first_hits, index, False), words)
        best, _ = _timed(partial(_first_hits, index, True), words)
        print(
            f"{name:15} without facets: newest {newest * 1000:7.1f} ms, best {best * 1000:7.1f} ms",
            flush=True,
        )
    return lambda words: find(index, Search(words)).count


def _withdraw(index: SearchIndex) -> None:
    with index.changing():
        index.remove([index.between(1000, 1000)[1000]])
    index.purge()


def _first_hits(index: SearchIndex, best_first: bool, words: str) -> int:
    return len(find(index, Search(words, best_first=best_first), counts=False).hits)


def tantivy(folder: Path, documents: Iterator[Document]) -> Callable[[str], int]:
    """The same words in an index of tantivy's."""
    library: Any = import_module("tantivy")
    shutil.rmtree(folder)
    folder.mkdir()
    schema = library.SchemaBuilder()
    for name in ("title", "text"):
        schema.add_text_field(name, stored=False, tokenizer_name="whitespace")
    for name in ("source", "language", "month", "fate"):
        schema.add_text_field(name, stored=False, tokenizer_name="raw", fast=True)
    schema.add_integer_field("number", stored=True, indexed=True, fast=True)
    index = library.Index(schema.build(), path=str(folder))
    spaced = library.TextAnalyzerBuilder(library.Tokenizer.whitespace()).build()
    index.register_tokenizer("whitespace", spaced)
    writer = index.writer(heap_size=256_000_000, num_threads=1)
    for each in documents:
        words = {"title": index_words(each.title), "text": index_words(each.text), "number": each.id}
        facets = {"source": each.source, "language": each.language, "month": each.month, "fate": each.fate}
        writer.add_document(library.Document(**words, **facets))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return lambda words: _ask_tantivy(index, words)


def _ask_tantivy(index: Any, words: str) -> int:
    typed = read_query(words).match.replace(" *", "*")
    query, _ = index.parse_query_lenient(typed, ["title", "text"])
    found = index.searcher().search(query, limit=20, count=True, order_by_field="number")
    terms = {name: {"terms": {"field": name, "size": 30}} for name in ("source", "language", "month", "fate")}
    index.searcher().aggregate(query, terms)
    return int(found.count)


if __name__ == "__main__":
    main()
