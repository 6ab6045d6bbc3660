"""Fetch single articles, judge them, and say what became of each."""

import argparse
import getpass
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing

from scrapy.settings import BaseSettings

from crawler.catalogue.articles import pages_of
from crawler.catalogue.last_looks import Look, last_looks
from crawler.catalogue.reviews import ReviewChoice, ReviewDecision
from crawler.cli.base import no_arguments_left
from crawler.cli.console import say
from crawler.cli.crawl import check_scorer
from crawler.cli.opening import open_catalogue
from crawler.cli.review import decide_here
from crawler.cli.scouting import scout
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.fates import IN_CORPUS, Fate
from crawler.http.url_identity import wire_url
from crawler.scouting.article_spider import ArticleSpider
from crawler.sources.entries import web_url

_BY_SCORE = (Fate.OFF_TOPIC, Fate.REVIEW)


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Bring articles into the corpus that belong there, or with `--accept` whatever their scores."""
    no_arguments_left([arg for arg in args if arg != "-"], len(args))
    urls = [wire_url(web_url(url, "The article to add")) for url in _urls(args)]
    if not urls:
        raise OperatorError("usage: scrapy add URL… | - [--accept] [--by NAME]")
    check_scorer(settings, settings["SEEDS_DIR"])
    exit_code = scout(settings, ArticleSpider, {"urls": " ".join(urls)}, len(urls)).exit_code
    with closing(open_catalogue(settings)) as catalogue:
        looks = last_looks(catalogue, urls)
        refused = [look for look in looks.values() if opts.accept and look.fate in _BY_SCORE]
        say(_sentence(catalogue, looks.get(url), url) for url in urls if looks.get(url) not in refused)
    return max(exit_code, _accept(settings, refused, opts.by)) if refused else exit_code


def _urls(args: Sequence[str]) -> Iterable[str]:
    """The URLs of the arguments, `-` being those that standard input has, one a line."""
    for arg in args:
        yield from (line.strip() for line in sys.stdin if line.strip()) if arg == "-" else [arg]


def _accept(settings: BaseSettings, looks: Sequence[Look], by: str) -> int:
    who = " ".join((by or getpass.getuser()).split())
    urls = [look.moved_to or look.url for look in looks]
    return decide_here(settings, [ReviewDecision.now(url, ReviewChoice.ACCEPT, who) for url in urls])


def _sentence(catalogue: Catalogue, look: Look | None, url: str) -> str:
    """What became of a URL."""
    if look is None:
        return f"{url}: not fetched; the run ended before."
    moved = f" (moved to {look.moved_to})" if look.moved_to else ""
    pages = pages_of(catalogue, look.moved_to or url)
    file = next((page.file for page in reversed(pages) if page.file), "")
    if look.fate in IN_CORPUS or (look.fate == Fate.UNCHANGED and file):
        return f"{url}{moved}: {look.fate}, {file}."
    remedy = f" `scrapy add --accept {url}` keeps it." if look.fate in _BY_SCORE else ""
    return f"{url}{moved}: not in the corpus: {look.fate}{f', {look.reason}' if look.reason else ''}.{remedy}"
