"""Articles of invented news in several scripts, and exports of them."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO

from crawler.catalogue.article_row import ArticleRow, row_of
from crawler.exports.export_columns import COLUMNS, Export
from crawler.fates import Fate
from crawler.sources.source import Source
from tests.support.outcomes import article

KNOWN = {"marisol": Source(id="marisol", name="Le Courrier de Marisol", homepage="", country="MS")}

HOSTILE = "Tarn <script>alert(1)</script> & \x1b[31m\ufffe \U0001f692"
"""What XML and HTML must not take as theirs, and what XML cannot hold at all."""


def article_row(**changes: Any) -> ArticleRow:
    """An article of the corpus as the catalogue has it."""
    values: dict[str, Any] = {
        "url": "https://marisol.example/un",
        "source": "marisol",
        "title": "Le port de Marisol rouvre",
        "text": "Le port rouvre. La digue a tenu.\n\nDeux navires attendent.",
        "language": "fr",
        "authors": ("Élise Tarn",),
        "published": "2021-01-28T09:30:00+01:00",
        "file": "2021-01/000_00.txt",
        "sha256": "ab" * 32,
        "captured": "2021-01-28T09:00:00.000000Z",
    }
    return replace(row_of(article("un"), Fate.SAVED), **values | changes)


def export_of(*rows: ArticleRow, columns: tuple[str, ...] = ("url", "title")) -> Export:
    return Export(iter(rows), tuple(COLUMNS[name] for name in columns), KNOWN)


def bytes_of(write: Callable[[Export, BinaryIO], object], export: Export) -> bytes:
    """What is written of an export."""
    out = io.BytesIO()
    write(export, out)
    return out.getvalue()
