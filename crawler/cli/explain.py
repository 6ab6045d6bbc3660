"""All that the catalogue knows of a URL, for a person to read."""

import argparse
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from rich.text import Text
from scrapy.settings import BaseSettings

from crawler.audit.rights_history import rights_over_time, told_changes
from crawler.catalogue.article_row import ArticleRow, names
from crawler.catalogue.articles import pages_of
from crawler.catalogue.columns import Use, json_list
from crawler.catalogue.history import copies, history
from crawler.catalogue.listing_reads import last_listing_read
from crawler.catalogue.places import places
from crawler.catalogue.reviews import decisions_on
from crawler.catalogue.stated_months import months_stated_of
from crawler.catalogue.stories import story_of
from crawler.catalogue.visits import UrlStatus, status_of, visits_of
from crawler.cli.all_places import name_of
from crawler.cli.base import no_arguments_left
from crawler.cli.console import open_console, print_copies, print_history, print_story, printable, told
from crawler.cli.opening import open_catalogue
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from crawler.http.url_identity import wire_url

Lines = Iterator[tuple[str, str]]
"""A label and its text; an empty label continues the one before."""


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Show how a URL ended and all evidence for it."""
    no_arguments_left(args, 1)
    if not args:
        raise OperatorError("Name a page: scrapy explain https://news.example/page.")
    with closing(open_catalogue(settings)) as catalogue:
        url = wire_url(args[0])
        status = status_of(catalogue, url)
        if status is None:
            raise OperatorError(
                f"The catalogue of {DataDir.of(settings)} does not know {url}: {_hint(catalogue, url)}"
            )
        show(explanation(catalogue, url, status, DataDir.of(settings).archive))
        print_copies(copies(catalogue, url))
        for row in pages_of(catalogue, url)[-1:]:
            print_story(story_of(catalogue, row.cluster), row.url)
        print_history(history(catalogue, url))
    return OK


def _hint(catalogue: Catalogue, url: str) -> str:
    other = url.removesuffix("/") if url.endswith("/") else f"{url}/"
    return f"it knows {other}" if status_of(catalogue, other) else "is it spelled as it was found?"


def explanation(catalogue: Catalogue, url: str, status: UrlStatus, archive: Path) -> Lines:
    """All that the catalogue says about a URL, and what the records of its unchanged visits in `archive` add."""
    rows = pages_of(catalogue, url)
    yield "url", url
    yield "fate", f"{status.fate or 'none yet'} ({status.state})"
    if rows:
        if rows[-1].fate != status.fate:
            yield "page", f"{rows[-1].fate}, as it was last extracted or derived again"
        yield from _about_page(rows[-1])
        if len(places(catalogue)) > 1:
            yield "lies in", name_of(catalogue, rows[-1].place or "")
        yield from _about_rights(catalogue, url, archive)
        yield from _about_dates(rows[-1])
        yield from _about_relevance(rows[-1])
    yield from _about_listing(catalogue, url)
    for decision in decisions_on(catalogue, url):
        yield "decided", f"{decision.choice} by {decision.who}, {decision.decided}{_noted(decision.note)}"
    for stated in months_stated_of(catalogue, url):
        yield "dated", f"{stated.month} by {stated.who}, {stated.dated}{_noted(stated.note)}"
    for visit in visits_of(catalogue, url):
        why = f": {visit.reason}" if visit.reason else ""
        yield "visit", f"{visit.started} {visit.spider}: {visit.fate}{why}"


def _noted(note: str) -> str:
    return f": {note}" if note else ""


def _about_listing(catalogue: Catalogue, url: str) -> Lines:
    """What the last visit to a feed, sitemap or section page that read it found, and what it left."""
    read = last_listing_read(catalogue, url)
    if read is None:
        return
    account = read.account
    yield "listing", f"{account.form} with {account.entries} entries, as it was last read"
    new = "" if read.new is None else f": {read.new} new, {account.links - read.new} known before"
    yield "followed", f"{account.links}{new}"
    label = "dropped"
    for reason, count in account.dropped.items():
        yield label, f"{count} {reason}"
        label = ""
    label = "unread"
    for clause in account.unread:
        yield label, clause
        label = ""


def _about_page(row: ArticleRow) -> Lines:
    if row.reason:
        yield "reason", row.reason
    yield "file", row.file or "not in the corpus"
    if row.duplicate_of:
        yield "repeats", f"{row.duplicate_of}{_shares(row)}"
    if row.kinship:
        yield "story", told(row.kinship, row.kin)
    if row.revises:
        yield "revises", row.revises
    if row.previous_part:
        yield "page before", row.previous_part
    if row.next_part:
        yield "page after", row.next_part
    for number, part in enumerate(row.parts, 2):
        yield "with page", f"{number}: {part.url}"
    for name in names(Use.EXPLAINED):
        if (value := getattr(row, name)) not in (None, ()):
            yield name, json_list(value) if isinstance(value, tuple) else str(value)


def _about_rights(catalogue: Catalogue, url: str, archive: Path) -> Lines:
    """What the publisher declared when the page was captured first, and what changed since."""
    label = "declared"
    for line in told_changes(rights_over_time(catalogue, url, archive)):
        yield label, line
        label = ""


def _shares(row: ArticleRow) -> str:
    if row.known is None:
        return ""
    return f" ({row.known:.0%} of it is there, {row.covered:.0%} of that one here)"


def _about_dates(row: ArticleRow) -> Lines:
    dispute = "; sources of the page disagree about the month" if row.date_conflict else ""
    yield "month", f"{row.month or 'not known'} (by {row.date_source or 'nothing'}{dispute})"
    for date in row.dates:
        yield "date", f"{date.value} {date.kind}, {date.where}"


def _about_relevance(row: ArticleRow) -> Lines:
    if row.model is None:
        yield "relevance", "not judged: it was refused before"
        return
    yield "relevance", f"conflict {row.conflict:.4f}, related {row.related:.4f}"
    yield "judged by", row.model
    yield "terms", ", ".join(row.terms) or "none"
    if row.reasons is None:
        yield (
            "because",
            "judged by an earlier version, which kept no reasons: scrapy rederive --apply gives them",
        )
        return
    yield "because", f"{'conflict':>9} {'related':>8}  (log odds; part of the score)"
    for reason in row.reasons:
        seen = f": {reason.seen}" if reason.seen else ""
        yield "", f"{reason.conflict:+9.2f} {reason.related:+8.3f}  {reason.name}{seen}"


def show(lines: Iterable[tuple[str, str]]) -> None:
    """Print labels in one column, texts in the next."""
    console = open_console()
    for name, text in lines:
        console.print(Text(f"{name:13} ", "bold").append(printable(text), "default"))
