"""A folder that `datasets.load_dataset(FOLDER)` opens: Parquet files, and a card that says what is in them."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from crawler import __version__
from crawler.catalogue.article_row import ArticleRow
from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE
from crawler.exports.export_columns import Export
from crawler.exports.parquet import groups_of, write_groups

GROUPS_A_FILE = 50
"""Row groups of a Parquet file."""

_CARD = """\
---
pretty_name: Frontwire corpus
{codes}configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*.parquet
tags:
- news
- armed-conflict
---
# Frontwire corpus
{count} news articles on armed conflict, gathered by Frontwire {version}{period}.
`datasets.load_dataset("…")` opens them, with the path of this folder.

Each row is an article; docs/export.md of Frontwire says what each column holds. `url` and `captured` say where and when
it was read; `warc`, `offset` and `record_id` where its bytes lie in the archive. `rights` is what the publisher
reserves: texts remain their publishers', look at it before you share them. `places` and `war` are found by word lists,
and nobody checked them.

| column | type |
| --- | --- |
{columns}

| language | articles |
| --- | --- |
{languages}
"""


@dataclass(slots=True)
class _Seen:
    """What the card says of the articles."""

    count: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    first: str = ""
    last: str = ""

    def noting(self, rows: Iterator[ArticleRow]) -> Iterator[ArticleRow]:
        """The same rows."""
        for row in rows:
            self.count += 1
            self.languages[row.language or "unknown"] += 1
            if day := (row.published or row.month or "")[:10]:
                self.first, self.last = min(self.first or day, day), max(self.last, day)
            yield row


def write_dataset(export: Export, folder: Path) -> None:
    """Make the folder, which is there when it is whole; OperatorError if there is one, or it cannot be made."""
    if folder.exists():
        raise OperatorError(f"{folder} exists: name a new folder with --output.")
    part = folder.with_name(f"{folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        (part / "data").mkdir(parents=True)
        _write(export, part)
        part.replace(folder)
    except OSError as error:
        sentence = f"Cannot write {folder}: {error.strerror}. Free space, or give another --output."
        raise OperatorError(sentence, STORAGE) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(export: Export, folder: Path) -> None:
    seen = _Seen()
    groups = groups_of(replace(export, rows=seen.noting(export.rows)).values())
    first = next(groups, [])  # of a corpus without articles there is a file with the columns
    number, some = 0, chain([first], islice(groups, GROUPS_A_FILE - 1))
    while number == 0 or first:
        with (folder / "data" / f"train-{number:05}.parquet").open("wb") as out:
            write_groups(export.columns, some, out)
        first = next(groups, [])
        number, some = number + 1, chain([first], islice(groups, GROUPS_A_FILE - 1))
    (folder / "README.md").write_text(_card(export, seen), encoding="utf-8")


def _card(export: Export, seen: _Seen) -> str:
    codes = sorted(code for code in seen.languages if code != "unknown")
    return _CARD.format(
        codes="".join(("language:\n", *(f"- {code}\n" for code in codes))) if codes else "",
        count=seen.count,
        version=__version__,
        period=f", published from {seen.first} to {seen.last}" if seen.first else "",
        columns="\n".join(f"| `{column.name}` | {column.kind.value} |" for column in export.columns),
        languages="\n".join(f"| {code} | {count} |" for code, count in sorted(seen.languages.items())),
    )
