"""Tells tables of facts, read row by row, from tables that only arrange a page."""

from lxml.html import HtmlElement

SEPARATOR = " | "
"""Stands between the cells of a row."""

_LONGEST_CELL, _LONGEST_NAMED_CELL = 120, 400
"""Most characters of a cell; if the table names its columns or itself it may have longer ones."""

_SHORT_CELL = 40
"""Most characters of the first cells by which dates or names head what was said of them."""

_LAYOUT = frozenset(
    {"article", "aside", "button", "form", "h1", "h2", "iframe", "input", "main", "section", "table"}
)
_MOST_CELLS = 20_000


def is_fact_table(table: HtmlElement) -> bool:
    """Whether most rows have several short cells, and no cell holds parts of a page."""
    if (
        table.get("role") in ("presentation", "none")
        or next(table.iterdescendants(*_LAYOUT), None) is not None
    ):
        return False
    rows = [[_length(cell) for cell in row.iterchildren("td", "th")] for row in table.iter("tr")]
    if sum(map(len, rows)) > _MOST_CELLS:
        return False
    lengths = [length for row in rows for length in row if length]
    several = sum(sum(map(bool, row)) > 1 for row in rows)
    is_named = next(table.iter("th", "thead", "caption"), None) is not None or _is_headed(rows)
    longest = _LONGEST_NAMED_CELL if is_named else _LONGEST_CELL
    return several >= max(2, len(rows) / 2) and max(lengths) <= longest


def _is_headed(rows: list[list[int]]) -> bool:
    """Whether each row begins with a short cell, as chronologies do."""
    return len(rows) > 2 and all(len(row) > 1 and 0 < row[0] <= _SHORT_CELL for row in rows)


def _length(cell: HtmlElement) -> int:
    return len(" ".join("".join(cell.itertext()).split()))
