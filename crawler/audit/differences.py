"""How a page may end otherwise when it is derived again."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from crawler.catalogue.article_row import ArticleRow


class ChangeKind(StrEnum):
    """What would become of a page."""

    NEW = "new"
    TEXT = "another text"
    MONTH = "another month"
    WITHDRAWN = "withdrawn"
    FATE = "another fate"
    ENTRY = "another entry"
    """The corpus stays as it is; the catalogue would describe the page otherwise."""
    LOST = "not derivable"


CORPUS_KINDS = frozenset({ChangeKind.NEW, ChangeKind.TEXT, ChangeKind.MONTH, ChangeKind.WITHDRAWN})
"""Changes of the corpus."""

ENTRY_KINDS = frozenset({ChangeKind.FATE, ChangeKind.ENTRY})
"""Changes of the catalogue alone."""

DECIDED_KINDS = frozenset({ChangeKind.NEW, ChangeKind.WITHDRAWN, ChangeKind.FATE})
"""What a person's decision about a page can change; it cannot change what is said of the page."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One page that ends otherwise when it is derived again."""

    url: str
    kind: ChangeKind
    sentence: str
    reason: str
    """Why that is no fault: what derived the page then is not what derives it now; empty if it is one."""
    before: int | None
    """Id of the row that it concerns; None if there is none yet."""
    after: int | None
    """Id of the row that was derived again."""


def in_corpus(rows: Sequence[ArticleRow]) -> ArticleRow | None:
    """The row whose file the corpus holds."""
    return next((row for row in reversed(rows) if row.file is not None), None)
