"""Saved searches, and what is told after a run."""

import argparse
import logging
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from scrapy.settings import BaseSettings

from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import articles_of_ids, last_row
from crawler.cli.base import no_arguments_left
from crawler.cli.console import say
from crawler.cli.indexing import filled_index
from crawler.cli.opening import open_catalogue
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.database.engine import holds_tables
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from crawler.notices.digest import (
    Notice,
    after_notice,
    is_digest_due,
    is_problem_due,
    looked_at,
    notice_of,
    untold,
)
from crawler.notices.saved_searches import SavedSearch, Watched
from crawler.notices.sending import send
from crawler.search.hits import Search, find
from crawler.search.search_query import read_query

logger = logging.getLogger(__name__)

_USAGE = "scrapy watch [list | add WORDS [--language LL,…] | remove WORDS | test]"


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Show, save, remove or try."""
    no_arguments_left(args, 2)
    watched = Watched.read(DataDir.of(settings).watched)
    match args:
        case [] | ["list"]:
            say(_listed(watched, settings))
        case ["add", words]:
            _add(watched, words, opts.language, settings)
        case ["remove", words]:
            _remove(watched, words)
        case ["test"]:
            send(_required_urls(settings), Notice("Frontwire: a test", "Notices arrive here."))
            say(["The notice was sent."])
        case _:
            raise OperatorError(f"usage: {_USAGE}")
    return OK


def tell(settings: BaseSettings, exit_code: int, sentence: str) -> None:
    """Tell an operator who wants it what came of a run; whatever fails here changes nothing for the run."""
    if not (urls := urls_of(settings)):
        return
    try:
        _tell(settings, urls, exit_code, sentence)
    except OperatorError as error:
        logger.warning("%s", error)
    except Exception as error:  # even a defect of ours: the news is gathered
        logger.warning("The notice could not be made (%s): please report this.", type(error).__name__)


def _tell(settings: BaseSettings, urls: Sequence[str], exit_code: int, sentence: str) -> None:
    now = datetime.now(UTC)
    watched = Watched.read(DataDir.of(settings).watched)
    problem = exit_code if is_problem_due(watched, exit_code, now) else None
    is_digest = is_digest_due(watched, now) and bool(watched.searches) and _has_catalogue(settings)
    last, found = 0, dict[SavedSearch, list[ArticleRow]]()
    if is_digest:
        with closing(open_catalogue(settings)) as catalogue:
            last = last_row(catalogue)
            watched = _as_numbered(watched, last)
            found = _found(catalogue, DataDir.of(settings), watched.searches)
    notice = notice_of(sentence if problem is not None else "", found)
    if notice is not None:
        send(urls, notice)
        # Read again: a search may have been saved meanwhile.
        watched = Watched.read(DataDir.of(settings).watched)
        after_notice(watched, problem, bool(found), last, now).save()


def _found(
    catalogue: Catalogue, data_dir: DataDir, searches: Sequence[SavedSearch]
) -> dict[SavedSearch, list[ArticleRow]]:
    """What the index of `scrapy search` finds for each search, and was not told."""
    found = {}
    with filled_index(catalogue, data_dir) as index:
        for search in searches:
            hits = find(index, Search(search.query), limit=sys.maxsize, counts=False).hits
            ids = sorted(hit.article for hit in hits if hit.article > search.after)
            found[search] = untold(search, articles_of_ids(catalogue, ids))
    return {search: rows for search, rows in found.items() if rows}


def _as_numbered(watched: Watched, last: int) -> Watched:
    """The searches of a catalogue that was rebuilt, in which rows have other numbers, begin at its end."""
    searches = tuple(replace(each, after=min(each.after, last)) for each in watched.searches)
    return replace(watched, searches=searches)


def urls_of(settings: BaseSettings) -> list[str]:
    """Where notices go."""
    given: str = settings["NOTIFY_URLS"] or ""
    return given.split()


def _required_urls(settings: BaseSettings) -> list[str]:
    if not (urls := urls_of(settings)):
        raise OperatorError(
            "NOTIFY_URLS is empty: say in frontwire.toml where notices go (docs/watching.md)."
        )
    return urls


def _listed(watched: Watched, settings: BaseSettings) -> list[str]:
    if not watched.searches:
        return ["No search is saved: scrapy watch add WORDS."]
    where = "told once a day" if urls_of(settings) else "not told: NOTIFY_URLS is empty"
    return [*(search.title for search in watched.searches), f"{len(watched.searches)} saved, {where}."]


def _add(watched: Watched, words: str, languages: str, settings: BaseSettings) -> None:
    if not read_query(words).match:
        raise OperatorError(f"{words!r} has no word: give a word, or a phrase in quotation marks.")
    chosen = tuple(part.strip().lower() for part in languages.split(",") if part.strip())
    search = SavedSearch(" ".join(words.split()), chosen)
    if any((each.query, each.languages) == (search.query, chosen) for each in watched.searches):
        raise OperatorError(f"{search.title} is saved already.")
    if _has_catalogue(settings):
        with closing(open_catalogue(settings)) as catalogue:
            [search] = looked_at([search], last_row(catalogue))
    replace(watched, searches=(*watched.searches, search)).save()
    say([f"Saved: {search.title}. What comes in from now on is told{_where(settings)}."])


def _where(settings: BaseSettings) -> str:
    return "" if urls_of(settings) else " once NOTIFY_URLS says where (docs/watching.md)"


def _remove(watched: Watched, words: str) -> None:
    query = " ".join(words.split())
    left = tuple(each for each in watched.searches if query not in (each.query, each.title))
    if len(left) == len(watched.searches):
        raise OperatorError(f"No search {query!r} is saved: `scrapy watch list` shows them.")
    replace(watched, searches=left).save()
    say([f"Removed: {query}."])


def _has_catalogue(settings: BaseSettings) -> bool:
    return holds_tables(settings["STORE_URL"], DataDir.of(settings).path)
