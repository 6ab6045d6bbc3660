"""Find articles by their words, on the terminal."""

import argparse
import json
from collections.abc import Sequence
from contextlib import closing
from datetime import date

from rich.text import Text
from scrapy.settings import BaseSettings

from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import articles_of_ids
from crawler.cli.base import no_arguments_left
from crawler.cli.console import open_console, printable
from crawler.cli.indexing import filled_index
from crawler.cli.opening import open_catalogue
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from crawler.search.hits import Found, Search, find
from crawler.search.named_places import places_named
from crawler.search.passages import Piece, passage
from crawler.search.search_query import Query, read_query

_MOST = 10_000
"""Hits that are printed at most; more is a work for `scrapy export`."""


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Print the hits of a search, newest first."""
    # One hyphen leaves a word out, two begin an option.
    no_arguments_left([arg for arg in args if arg.startswith("--")], len(args))
    search = search_of(" ".join(args), opts)
    data_dir = DataDir.of(settings)
    with closing(open_catalogue(settings)) as catalogue, filled_index(catalogue, data_dir) as index:
        found = find(index, search, limit=opts.limit)
        rows = articles_of_ids(catalogue, [hit.article for hit in found.hits])
    query = read_query(search.words)
    if opts.json:
        for row in rows:
            print(json.dumps(_described(row, query), ensure_ascii=False), flush=True)
    else:
        _print(rows, query, found)
    return OK


def search_of(words: str, opts: argparse.Namespace) -> Search:
    """The search that arguments ask for; OperatorError if one of them is no date or no number."""
    if not 1 <= opts.limit <= _MOST:
        raise OperatorError(f"--limit is {opts.limit}: give a number from 1 to {_MOST}.")
    named = places_named(opts.place)
    if opts.place and not named:  # not in the gazetteer: then its name has to be in the text
        words = f'{words} "{opts.place.replace(chr(34), " ")}"'
    return Search(
        words=words.strip(),
        source=opts.source,
        language=opts.language,
        place=named[0] if named else "",
        fate=opts.fate,
        since=_day("--since", opts.since),
        until=_day("--until", opts.until),
        best_first=opts.best,
    )


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise OperatorError(f"{name} is {text!r}: give a day, such as 2021-01-31.") from None


def _described(row: ArticleRow, query: Query) -> dict[str, object]:
    """A hit as JSON has it."""
    keys = ("url", "title", "month", "published", "source", "language", "fate", "file", "cluster")
    text = "".join(piece.text for piece in passage(row.text, query))
    return {**{name: getattr(row, name) for name in keys}, "passage": text}


def _print(rows: Sequence[ArticleRow], query: Query, found: Found) -> None:
    console = open_console()
    for row in rows:
        day, language, source = (
            (row.published or row.month or "undated")[:10],
            row.language or "??",
            row.source or "-",
        )
        console.print(Text(printable(f"{day:10} {language} {source}  {row.title or 'no headline'}"), "bold"))
        console.print(Text("    ").append_text(_marked(passage(row.text, query))))
        console.print(Text(printable(f"    {row.file or row.fate}  {row.url}"), "cyan"))
    console.print(Text(_summary(len(rows), found)))


def _marked(pieces: Sequence[Piece]) -> Text:
    text = Text()
    for piece in pieces:
        text.append(printable(piece.text), "bold yellow" if piece.is_found else "")
    return text


def _summary(shown: int, found: Found) -> str:
    if not found.count:
        return "Nothing was found. All words have to be there; --fate any looks into pages outside the corpus, too."
    count = f"more than {found.count}" if found.is_cut else str(found.count)
    of_these = f", {shown} of them shown: --limit shows more" if shown < found.count else ""
    return f"{count} found{of_these}."
