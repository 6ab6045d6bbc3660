"""Leaving out of an export the articles of which publishers reserve a use, and saying how many these are."""

from collections import Counter
from collections.abc import Iterable, Iterator

from crawler.catalogue.article_row import ArticleRow
from crawler.rights.declarations import UNKNOWN


class RightsFilter:
    """Counts the articles that it leaves out, and those of which not all is known that was declared."""

    def __init__(self) -> None:
        self._written = self._unknown = self._reserved = 0
        self._rights: Counter[str] = Counter()

    def of(self, rows: Iterable[ArticleRow]) -> Iterator[ArticleRow]:
        """The articles of which no use is reserved."""
        for row in rows:
            if row.rights:
                self._reserved += 1
                self._rights.update(row.rights)
            else:
                self._written += 1
                self._unknown += row.declared is None or any(each.says == UNKNOWN for each in row.declared)
                yield row

    def sentences(self) -> Iterator[str]:
        """What was left out and why, for people; after the last article."""
        counts = ", ".join(f"{right}: {count}" for right, count in self._rights.most_common())
        reasons = f" ({counts})" if counts else ""
        yield f"Left out, because a use is reserved: {self._reserved}{reasons}. Written: {self._written}."
        if self._unknown:
            yield f"Written, though not all is known that was declared (see `declared`): {self._unknown}."
