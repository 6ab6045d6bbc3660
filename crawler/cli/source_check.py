"""Look at the sources that an operator chooses, and show what came of each of their URLs."""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing

from rich.table import Column, Table
from rich.text import Text
from scrapy.settings import BaseSettings

from crawler.catalogue.last_looks import Look, last_looks
from crawler.cli.console import open_console, printable, say_apart
from crawler.cli.opening import open_catalogue
from crawler.cli.scouting import scout
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.database.engine import holds_tables
from crawler.database.unusable import CatalogueError
from crawler.exit_codes import FAILED, OK
from crawler.scouting.check_spider import CheckSpider
from crawler.sources.choice import CHOICES
from crawler.sources.source import Source

Looks = Mapping[str, Look]
"""By URL."""

_COLUMNS = ("result", "items", "oldest", "newest", "source", "url")


def check(settings: BaseSettings, sources: Sequence[Source], opts: argparse.Namespace) -> int:
    """Fetch and read the URLs of the sources, and print a line for each; FAILED if none of them gave anything."""
    given = {name: value for name in ("sources", *CHOICES) if (value := getattr(opts, name))}
    urls = [start.url for source in sources for start, _ in source.starts]
    exit_code = scout(settings, CheckSpider, given, len(urls)).exit_code
    with closing(open_catalogue(settings)) as catalogue:
        looks = last_looks(catalogue, urls)
    show_looks(sources, looks)
    return exit_code or (OK if any(look.is_ok for look in looks.values()) else FAILED)


def known_looks(settings: BaseSettings, sources: Sequence[Source]) -> Looks:
    """The last looks at the URLs of sources, if there is a catalogue that can be read."""
    store_url, folder = settings["STORE_URL"], DataDir.of(settings).path
    if not holds_tables(store_url, folder):
        return {}
    try:
        catalogue = Catalogue.open(store_url, folder)
    except CatalogueError as error:
        say_apart([f"What was seen of the sources is not shown. {error}"])
        return {}
    with closing(catalogue):
        return last_looks(catalogue, [start.url for source in sources for start, _ in source.starts])


def show_looks(sources: Sequence[Source], looks: Looks) -> None:
    """Print one line for each URL, then how many gave what."""
    console = open_console()
    rows = [*_rows(sources, looks)]
    if console.is_terminal:
        table = Table(*(Column(name, no_wrap=True) for name in _COLUMNS), box=None, pad_edge=False)
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
    else:
        for row in (_COLUMNS, *rows):
            print("\t".join(row))
    console.print(_summary(sources, looks, len(rows)), style="dim")


def _rows(sources: Sequence[Source], looks: Looks) -> Iterator[tuple[str, ...]]:
    for source in sources:
        for start, _ in source.starts:
            look = looks.get(start.url)
            facts = (look.result, str(look.items), look.oldest, look.newest) if look else ("", "", "", "")
            yield (*(printable(fact) or "-" for fact in facts), source.id, start.url)


def _summary(sources: Sequence[Source], looks: Looks, urls: int) -> str:
    counts = Counter(str(look.cause) for look in looks.values())
    counts |= Counter({"not looked at": urls - len(looks)} if urls > len(looks) else {})
    each = ", ".join(f"{count} {cause}" for cause, count in counts.most_common())
    return f"URLs: {urls} of {len(sources)} sources; {each}."


def standing_of(source: Source, looks: Looks) -> tuple[str, str, str]:
    """Of the last looks at a source: the day, what they gave, and the day of the newest item; empty if unknown."""
    its = [look for start, _ in source.starts if (look := looks.get(start.url))]
    if not its:
        return "", "", ""
    fine = [look for look in its if look.is_ok]
    causes = ", ".join(dict.fromkeys(str(look.cause) for look in its if not look.is_ok))
    result = "ok" if len(fine) == len(its) else f"{len(fine)} of {len(its)} ok: {causes}"
    return max(look.when for look in its)[:10], result, max(look.newest for look in its)
