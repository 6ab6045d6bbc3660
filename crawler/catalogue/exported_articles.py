"""Articles as other programs get them: which fields, in which order, and safe in a spreadsheet."""

from collections.abc import Iterable
from typing import Any

from crawler.catalogue.article_row import ArticleRow, names
from crawler.catalogue.columns import Use

FIELDS = names(Use.EXPORTED)
"""Every key of an exported object, in order; values that are not known are null.

Articles of one story have the same `cluster`; those of one text, or nearly, the URL of the one in the corpus as
`representative`. `relation` says what an article is to an earlier one, `relates_to`, of its story;
`revision` counts the texts that the corpus held of the page before.
"""

_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
"""First characters of cells that spreadsheets compute (OWASP, CSV injection), Japanese full-width signs included."""


def exported(row: ArticleRow, fields: Iterable[str] = FIELDS) -> dict[str, Any]:
    """What is written of an article, by key."""
    return {name: getattr(row, name) for name in fields}


def csv_cell(value: object) -> object:
    """A value as CSV has it; lists are joined by semicolons."""
    text = "; ".join(map(str, value)) if isinstance(value, tuple) else value
    # A page's text must not become a formula in the analyst's spreadsheet.
    if isinstance(text, str) and text.startswith(_FORMULA):
        return f"'{text}"
    return text
