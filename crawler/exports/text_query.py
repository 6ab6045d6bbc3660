"""Words that an article must have, in any script, without regard to case, accents and variants of letters."""

import re
from collections.abc import Iterator

from crawler.catalogue.article_row import ArticleRow
from crawler.errors import OperatorError
from crawler.relevance.words import fold, fold_run, is_compound, is_unspaced

_PART = re.compile(r'"([^"]*)"|(\S+)')
_ARABIC = re.compile("[\u0621-\u06d3]")
_ARABIC_PREFIX = "(?:[وف]?(?:[بک]?ال|لل|[بلک]))?"


class TextQuery:
    """Finds articles that have each of the words and, in quotation marks, phrases; `word*` is a beginning of words."""

    def __init__(self, query: str) -> None:
        """OperatorError if it has no word."""
        parts = [quoted or word for quoted, word in _PART.findall(query)]
        wanted = [part for part in parts if re.search(r"\w", part)]
        if not wanted:
            raise OperatorError(f"--query is {query!r}: give a word, or a phrase in quotation marks.")
        self._patterns = [re.compile(_pattern(part)) for part in wanted]

    def takes(self, row: ArticleRow) -> bool:
        """Whether headline or text of an article have them all."""
        text = fold(fold_run(f"{row.title or ''}\n{row.text}"))
        return all(pattern.search(text) for pattern in self._patterns)

    def of(self, rows: Iterator[ArticleRow]) -> Iterator[ArticleRow]:
        """The articles that have them all."""
        return (row for row in rows if self.takes(row))


def _pattern(part: str) -> str:
    folded = [re.escape(fold(fold_run(word))) for word in part.removesuffix("*").split()]
    words = r"\W+".join(folded)
    if is_unspaced(part) or is_compound(part):
        return words
    prefix = _ARABIC_PREFIX if _ARABIC.match(part) else ""
    return rf"(?<!\w){prefix}{words}" + ("" if part.endswith("*") else r"(?!\w)")
