"""All that the catalogue knows of a URL, for a person to read."""

import argparse
import json
from collections.abc import Iterable, Iterator
from contextlib import closing

from rich.text import Text
from scrapy.settings import BaseSettings

from crawler.catalogue.history import copies, history
from crawler.catalogue.pages import End, Row, end_of, pages_of, visits_of
from crawler.catalogue.reviews import rulings_on
from crawler.catalogue.store import Store
from crawler.cli.base import no_arguments_left
from crawler.cli.console import open_console, print_copies, print_history, printable
from crawler.cli.opening import open_catalogue
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from crawler.http.url_identity import wire_url
from crawler.items import Reason

_SHOWN = ("title", "language", "source", "via", "canonical_url", "agency", "authors", "rights", "extractor")
_PLACE = ("captured", "warc", "offset", "record_id")

Lines = Iterator[tuple[str, str]]
"""A label and its text; an empty label continues the one before."""


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Show how a URL ended and all evidence for it."""
    no_arguments_left(args, 1)
    if not args:
        raise OperatorError("Name a page: scrapy explain https://news.example/page.")
    with closing(open_catalogue(settings)) as store:
        url = wire_url(args[0])
        end = end_of(store, url)
        if end is None:
            raise OperatorError(
                f"The catalogue of {DataDir.of(settings)} does not know {args[0]}: "
                "is it spelled as it was found?"
            )
        show(explanation(store, url, end))
        print_copies(copies(store, url))
        print_history(history(store, url))
    return OK


def explanation(store: Store, url: str, end: End) -> Lines:
    """All that the catalogue says about a URL."""
    rows = pages_of(store, url)
    yield "url", url
    yield "fate", f"{end.fate or 'none yet'} ({end.state})"
    if rows:
        if rows[-1]["fate"] != end.fate:
            yield "page", f"{rows[-1]['fate']}, as it was last extracted or derived again"
        yield from _about_page(rows[-1])
        yield from _about_dates(rows[-1])
        yield from _about_relevance(rows[-1])
    for ruling in rulings_on(store, url):
        yield "decided", f"{ruling.kind} by {ruling.who}, {ruling.ruled}"
    for visit in visits_of(store, url):
        why = f": {visit.reason}" if visit.reason else ""
        yield "visit", f"{visit.started} {visit.spider}: {visit.fate}{why}"


def _about_page(row: Row) -> Lines:
    if row["reason"]:
        yield "reason", row["reason"]
    yield "file", row["file"] or "not in the corpus"
    if row["duplicate_of"]:
        yield "repeats", f"{row['duplicate_of']}{_shares(row)}"
    if row["revises"]:
        yield "revises", row["revises"]
    for name in (*_SHOWN, *_PLACE):
        if row[name] not in (None, "[]"):
            yield name, str(row[name])


def _shares(row: Row) -> str:
    if row["known"] is None:
        return ""
    return f" ({row['known']:.0%} of it is there, {row['covered']:.0%} of that one here)"


def _about_dates(row: Row) -> Lines:
    dispute = "; sources of the page disagree about the month" if row["date_conflict"] else ""
    yield "month", f"{row['month'] or 'not known'} (by {row['date_source'] or 'nothing'}{dispute})"
    for value, kind, origin in row["dates"]:
        yield "date", f"{value} {kind}, {origin}"


def _about_relevance(row: Row) -> Lines:
    if row["model"] is None:
        yield "relevance", "not judged: it was refused before"
        return
    yield "relevance", f"conflict {row['conflict']:.4f}, related {row['related']:.4f}"
    yield "judged by", row["model"]
    yield "terms", ", ".join(json.loads(row["terms"])) or "none"
    if row["reasons"] is None:
        yield (
            "because",
            "judged by an earlier version, which kept no reasons: scrapy rederive --apply gives them",
        )
        return
    yield "because", f"{'conflict':>9} {'related':>8}  (log odds; part of the score)"
    for reason in (Reason(*each) for each in json.loads(row["reasons"])):
        seen = f": {reason.seen}" if reason.seen else ""
        yield "", f"{reason.conflict:+9.2f} {reason.related:+8.3f}  {reason.name}{seen}"


def show(lines: Iterable[tuple[str, str]]) -> None:
    """Print labels in one column, texts in the next."""
    console = open_console()
    for name, text in lines:
        console.print(Text(f"{name:13} ", "bold").append(printable(text), "default"))
