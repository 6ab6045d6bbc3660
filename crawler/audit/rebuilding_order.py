"""What the corpora show of the order in which workers that ran at once kept their texts.

When each record was written is known, but not when its text was kept: of two that are alike the later one may have been
the first in the catalogue. Its file is there then, and that of the other one is not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from archive.replay.captures import ArchivedCapture
from crawler.audit.rebuilding_sources import Found
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import articles, pages_of
from crawler.catalogue.places import place_of
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.run.corpus import Corpus
from crawler.run.strays import find_strays
from crawler.texts.seed_format import Seed, SeedError, digest, name_end, parse_name, render_seed


def kept_before(catalogue: Catalogue, data_dirs: Sequence[DataDir]) -> dict[str, str]:
    """The records of texts that were kept though no corpus has them, each with the one that has to come before it."""
    names = {place_of(catalogue, each): Corpus(each.corpus).names() for each in data_dirs}
    behind: dict[str, str] = {}
    for data_dir in data_dirs:
        place = place_of(catalogue, data_dir)
        strays = find_strays(Corpus(data_dir.corpus), catalogue, place).unknown
        unknown = {(month, end) for month, _, end in map(parse_name, strays)}
        for row in articles(catalogue, everything=True, place=place) if unknown else ():
            if row.duplicate_of is None or (row.month, _end_of(row)) not in unknown:
                continue
            for twin in pages_of(catalogue, row.duplicate_of):
                if twin.file is not None and twin.file not in names.get(str(twin.place), ()):
                    behind[f"{twin.warc}:{twin.offset}"] = f"{row.warc}:{row.offset}"
    return behind


def put_behind(
    captures: Iterable[tuple[ArchivedCapture, Found]], behind: Mapping[str, str]
) -> Iterator[tuple[ArchivedCapture, Found]]:
    """The captures in their order, but some of them right behind another one, if that comes at all."""
    held: defaultdict[str, list[tuple[ArchivedCapture, Found]]] = defaultdict(list)
    awaited, seen = set(behind.values()), set[str]()
    for found in captures:
        record = f"{found[0].location.warc}:{found[0].location.offset}"
        if record in awaited:
            seen.add(record)
        if (other := behind.get(record)) is not None and other not in seen:
            held[other].append(found)
            continue
        yield found
        yield from held.pop(record, ())
    for some in held.values():
        yield from some


def _end_of(row: ArticleRow) -> str:
    """The end of the name that the file of a row would have; empty if it would have none."""
    try:
        return name_end(digest(render_seed(Seed(str(row.month), tuple(row.text.split("\n\n"))))))
    except SeedError:
        return ""
