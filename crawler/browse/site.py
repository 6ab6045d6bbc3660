"""What the pages of `scrapy browse` are made from, and what they may ask the command to do."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.stated_decisions import Ruling
from crawler.database.catalogue import Catalogue
from crawler.search.search_index import SearchIndex


class Check(NamedTuple):
    """Something that was looked at to prove where an article comes from."""

    name: str
    found: str
    agrees: bool


class Filling:
    """How far the index is; written by one thread, read by others."""

    def __init__(self) -> None:
        self.done, self.whole, self.failure = 0, 0, ""

    def show(self, done: int, whole: int) -> None:
        self.done, self.whole = done, whole

    @property
    def percent(self) -> int | None:
        """None when it is done."""
        return 100 * self.done // self.whole if self.done < self.whole else None


@dataclass(frozen=True, slots=True)
class Archive:
    """Where pywb shows the pages of a collection."""

    address: str
    """`http://127.0.0.1:8081`, another origin than that of the pages of ours."""
    collections: dict[str, str]
    """Its name in pywb, by the id of the place that has the records; the own one is under the empty id, too."""

    def page(self, row: ArticleRow) -> str:
        """Where a page is shown as it looked; empty if its records are not there."""
        name = self.collections.get(row.place or "")
        if not name or not row.captured:
            return ""
        moment = "".join(filter(str.isdigit, row.captured))[:14]
        return f"{self.address}/{name}/{moment}/{quote(row.url, safe='/:?=&%#@!$,;~+*()[]')}"


@dataclass(frozen=True, slots=True)
class Site:
    """One data directory, as its pages see it."""

    catalogue: Catalogue
    index_file: Path
    hosts: frozenset[str]
    """`127.0.0.1:8080`: the only names under which it answers, so that no name of others leads here."""
    prove: Callable[[ArticleRow], Sequence[Check]]
    """Reads file and record of an article again; OperatorError if that is impossible."""
    explain: Callable[[str], Sequence[tuple[str, str]]]
    """All that the catalogue knows of a URL, as labels and texts."""
    decide: Callable[[Ruling], str]
    """Carries a decision out, and says what became of the page; OperatorError if it cannot be."""
    scale: Callable[[float, float], float]
    """Conflict and relation as one score: at 0.5 an article is accepted."""
    who: str
    """Who decides, unless the person says another name."""
    archive: Archive | None = None
    no_archive: str = ""
    """Why the pages cannot be shown as they looked, and what to do."""
    filling: Filling = field(default_factory=Filling)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """In every form of ours: no page of others knows it."""

    @contextmanager
    def index(self) -> Iterator[SearchIndex]:
        """The search index, for one request."""
        with closing(SearchIndex.open(self.index_file)) as opened:
            yield opened
