"""The articles of the catalogue, in a form that another program reads."""

import argparse
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.catalogue.article_filter import UNKNOWN, ArticleFilter
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import articles, count_articles
from crawler.catalogue.exported_articles import FIELDS
from crawler.catalogue.stories import with_stories
from crawler.cli.base import no_arguments_left
from crawler.cli.console import say_apart
from crawler.cli.days import first_day, last_day
from crawler.cli.indexing import filled_index
from crawler.cli.opening import open_catalogue
from crawler.cli.progress import Bar, Taken, shown
from crawler.data_dir import DataDir
from crawler.database.bulk import batches
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from crawler.exports.dataset_folder import write_dataset
from crawler.exports.event_sheet import write_events
from crawler.exports.export_columns import (
    EXCEL_COLUMNS,
    OF_STORIES,
    Export,
    ExportColumn,
    Sources,
    columns_named,
)
from crawler.exports.formats import FORMATS, Format
from crawler.exports.news_feed import NEWEST
from crawler.exports.output import written
from crawler.exports.rights_filter import RightsFilter
from crawler.exports.text_tables import write_csv
from crawler.fates import IN_CORPUS, Fate
from crawler.relevance.wars import war_in
from crawler.search.hits import Search, find
from crawler.search.search_query import read_query
from crawler.sources.choice import suggest
from crawler.sources.known_sources import ids_from, known_sources

FOLDER = "hf"
"""The form that is a folder."""


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Write what the catalogue knows of the articles that are wanted."""
    no_arguments_left(args, 0)
    form = _form(opts)
    columns = _columns(opts, form)
    own = [Path(name) for name in settings.getlist("SOURCES")]
    known = known_sources(opts.sources, own)
    wanted = _wanted(opts, known, form)
    newest, wars = _newest(opts, form), _parts(opts.war)
    unreserved = RightsFilter() if opts.rights == "open" else None
    with closing(open_catalogue(settings)) as catalogue:
        everything, taken = _takes_everything(opts, wanted), Taken()
        ids = _found(settings, catalogue, opts.query)
        rows = taken.of(_rows(catalogue, everything, wanted, ids))
        rows = (row for row in rows if (war_in(row.terms) or UNKNOWN) in wars) if wars else rows
        rows = unreserved.of(rows) if unreserved else rows
        rows = iter(deque(rows, newest)) if newest else rows
        if OF_STORIES & {column.name for column in columns}:
            rows = with_stories(catalogue, rows)
        total = count_articles(catalogue, everything, wanted) if ids is None else len(ids)
        with _showing(Bar("Writing", total, lambda: taken.count, "articles"), opts.output):
            _write(Export(rows, columns, known), opts, form)
    say_apart(unreserved.sentences() if unreserved else ())
    return OK


def _form(opts: argparse.Namespace) -> Format | None:
    """How to write a file; None for the folder."""
    if opts.format == FOLDER and opts.output is None:
        raise OperatorError("--format hf makes a folder: name it with --output FOLDER.")
    if opts.for_excel:
        if opts.format not in (None, "csv", "events"):
            raise OperatorError(
                f"--for-excel is for --format csv and events, not {opts.format}: leave one of them."
            )
        write = partial(write_events if opts.format == "events" else write_csv, for_excel=True)
        return Format(write, has_columns=opts.format != "events")
    return FORMATS.get(opts.format or "jsonl")


def _columns(opts: argparse.Namespace, form: Format | None) -> tuple[ExportColumn, ...]:
    """The columns that are wanted, those that other options add at the end."""
    if opts.columns is not None and form and not form.has_columns:
        raise OperatorError(f"--format {opts.format} has no columns to choose: leave --columns away.")
    if opts.columns is not None:
        names = [*_parts(opts.columns)]
    elif opts.for_excel:
        names = [*EXCEL_COLUMNS]
    else:
        has_text = opts.text or form is None
        names = [name for name in FIELDS if has_text or name != "text"]
    is_chosen = opts.columns is not None or opts.for_excel
    names += ["text"] if opts.text and is_chosen else []
    return columns_named([*names, *(["declared"] if opts.rights and "declared" not in names else [])])


def _wanted(opts: argparse.Namespace, known: Sources, form: Format | None) -> ArticleFilter:
    by = opts.by or ("captured" if form and form.is_feed else "published")
    fates = _parts(opts.fate)
    for fate in fates:
        if fate not in set(Fate):
            raise OperatorError(f"There is no fate {fate!r}; {suggest(fate, map(str, Fate))}")
    return ArticleFilter(
        since=first_day(opts.since, "--since"),
        until=last_day(opts.until, "--until"),
        is_by_capture=by == "captured",
        languages=_parts(opts.language),
        sources=_sources(opts, known),
        fates=fates,
        runs=_numbers(opts.run),
    )


def _sources(opts: argparse.Namespace, known: Sources) -> tuple[str, ...] | None:
    """The ids that both options allow; None if neither is given."""
    if not opts.country:
        return _parts(opts.source) or None
    of_countries = ids_from(_parts(opts.country), known)
    named = _parts(opts.source)
    return tuple(each for each in of_countries if each in named) if named else of_countries


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(map(int, _parts(text)))
    except ValueError:
        raise OperatorError(f"--run is {text!r}: give numbers of runs, such as 12 or 12,13.") from None


def _newest(opts: argparse.Namespace, form: Format | None) -> int:
    """How many articles are wanted; 0: all of them."""
    if opts.newest is not None and opts.newest < 1:
        raise OperatorError(f"--newest is {opts.newest}: give a number of at least 1.")
    return opts.newest or (NEWEST if form and form.is_feed else 0)


def _takes_everything(opts: argparse.Namespace, wanted: ArticleFilter) -> bool:
    return opts.all or any(fate not in IN_CORPUS for fate in wanted.fates)


def _showing(bar: Bar, output: Path | None) -> AbstractContextManager[None]:
    """A bar, unless what is written is seen itself."""
    return nullcontext() if output is None and sys.stdout.isatty() else shown(bar)


def _found(settings: BaseSettings, catalogue: Catalogue, words: str | None) -> list[int] | None:
    """The ids of all articles that the search index finds, in rising order; None where nothing is looked for."""
    if words is None:
        return None
    if not read_query(words).match:
        raise OperatorError(f"--query is {words!r}: give a word, or a phrase in quotation marks.")
    with filled_index(catalogue, DataDir.of(settings)) as index:
        hits = find(index, Search(words, fate="any"), limit=sys.maxsize, counts=False).hits
    return sorted(hit.article for hit in hits)


def _rows(
    catalogue: Catalogue, everything: bool, wanted: ArticleFilter, ids: Sequence[int] | None
) -> Iterator[ArticleRow]:
    if ids is None:
        return articles(catalogue, everything, wanted=wanted)
    chosen = (replace(wanted, ids=tuple(some)) for some in batches(ids))
    return (row for each in chosen for row in articles(catalogue, everything, wanted=each))


def _write(export: Export, opts: argparse.Namespace, form: Format | None) -> None:
    if form is None:
        write_dataset(export, opts.output)
        return
    with written(opts.output) as out:
        form.write(export, out)


def _parts(text: str) -> tuple[str, ...]:
    """The values of an option that is a list, separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
