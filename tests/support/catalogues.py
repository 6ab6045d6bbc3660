"""Data directories as an operator, an earlier version or an attacker leaves them."""

import hashlib
import sqlite3
from contextlib import closing
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from crawler.catalogue import articles as article_rows
from crawler.catalogue.article_row import ArticleRow
from crawler.database.catalogue import Catalogue
from crawler.http.url_identity import keys_of
from crawler.texts.seed_format import Seed, digest, render_seed, seed_name

Value = TypeVar("Value")

EARLIER = "frontwire 0.0, trafilatura 1.0"


def known(value: Value | None) -> Value:
    """A value of a row that is there."""
    assert value is not None
    return value


def change(data: Path, statement: str, *values: object) -> None:
    """Change the catalogue behind the back of all commands."""
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute(statement, values)


def ask(data: Path, query: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue:
        return catalogue.execute(query, values).fetchall()


def articles(data: Path, everything: bool = False) -> list[ArticleRow]:
    """The newest row of each article's page, or of every page that was extracted, in the order of all rows."""
    with closing(Catalogue.open("", data)) as catalogue:
        rows = list(article_rows.articles(catalogue, everything=True))
        listed = rows if everything else list(article_rows.articles(catalogue))
    key_of = dict(ask(data, "select url, key from url"))
    newest = {key_of[row.url]: (number, row) for number, row in enumerate(rows)}
    return [
        max((newest[key] for key in keys_of(row.url) if key in newest), key=itemgetter(0))[1]
        for row in listed
    ]


def lone_articles(data: Path) -> list[ArticleRow]:
    """Articles that were simply saved, whose text has several paragraphs and is no other page's."""
    repeated = {row.duplicate_of for row in articles(data, everything=True)}
    saved = [row for row in articles(data) if row.fate == "saved" and row.url not in repeated]
    return [row for row in saved if "\n\n" in row.text]


def seed_files(data: Path) -> dict[str, bytes]:
    """Every seed file of the corpus, earlier texts left out."""
    corpus = data / "corpus"
    return {str(file.relative_to(corpus)): file.read_bytes() for file in sorted(corpus.glob("2*/*.txt"))}


def by_text(data: Path) -> list[tuple[str, bytes]]:
    """Month and bytes of every seed file: what does not depend on the order of runs."""
    return sorted((name[:7], content) for name, content in seed_files(data).items())


def put(data: Path, row: ArticleRow, month: str, text: str, number: int) -> str:
    """Let a row have another file, as if it had been derived so; its path."""
    content = render_seed(Seed(month, tuple(text.split("\n\n"))))
    name = seed_name(month, number, digest(content))
    file = data / "corpus" / name
    if row.file is not None:
        (data / "corpus" / row.file).unlink()
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    change(
        data,
        "update article set file = ?, number = ?, month = ?, text = ?, sha256 = ? where id = ?",
        *(name, number, month, text, hashlib.sha256(content).hexdigest(), row.id),
    )
    return name


def extracted_earlier(data: Path, row: ArticleRow, text: str = "", month: str = "") -> str:
    """Let a row be one that an earlier extractor made, with another text or month; the path of its file."""
    change(data, "update article set extractor = ? where id = ?", EARLIER, row.id)
    return put(data, row, month or known(row.month), text or row.text, known(row.number))


def leave_pending(data: Path, row: ArticleRow) -> None:
    """Forget an article, as if a run had been killed between its record and its file."""
    (data / "corpus" / known(row.file)).unlink()
    change(data, "delete from date_evidence where article_id = ?", row.id)
    change(data, "delete from article where id = ?", row.id)
    change(data, "update url set state = 'queued', fate = null where url = ?", row.url)
