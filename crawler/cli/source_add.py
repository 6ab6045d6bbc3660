"""Find what a site has, show it, and write it into a registry of the operator's own."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rich.text import Text
from scrapy.settings import BaseSettings

from crawler.catalogue.last_looks import last_looks
from crawler.cli.console import open_console, printable, say
from crawler.cli.opening import open_catalogue
from crawler.cli.scouting import scout
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from crawler.scouting.find_spider import FindSpider, Found
from crawler.scouting.proposal import propose, with_values
from crawler.sources.choice import Choice
from crawler.sources.entries import web_url
from crawler.sources.imports import Known, with_scheme
from crawler.sources.registry import load_sources
from crawler.sources.registry_file import add_to_file, sources_in
from crawler.sources.source import Source
from crawler.sources.start_urls import source_of
from crawler.sources.writing import as_toml

_LOOKS = 10
"""About how many URLs are looked at."""

_GIVEN = {"country": "country", "language": "languages", "focus": "focus", "kind": "kind", "owner": "owner"}
"""Options, and the keys of a source that they give."""


def add(settings: BaseSettings, address: str, opts: argparse.Namespace, own: Sequence[Path]) -> int:
    """Add the site at an address to a registry; FAILED if it has nothing that lists articles."""
    url = web_url(with_scheme(address), "The site to add")
    to = _target(opts, own)
    known = Known(load_sources(None, Choice(), own), sources_in(to))
    if _is_known(known, url):
        return OK
    if not (opts.yes or sys.stdin.isatty()):
        raise OperatorError("Nobody can be asked here: give --yes to write what is found.")
    with_values(source_of(url), _given(opts))  # a wrong one is refused before anything is fetched
    scouted = scout(settings, FindSpider, {"url": url}, _LOOKS)
    assert isinstance(scouted.spider, FindSpider)
    found = scouted.spider.found
    _show(found)
    if not any(each.items for each in found):
        say([f"Nothing that lists articles was found at {url}: {_cause(settings, url)}."])
        return scouted.exit_code or FAILED
    source = propose(found, _given(opts))
    if source.homepage != source_of(url).homepage and _is_known(known, source.homepage):
        return OK
    return _write(source, to, not opts.yes, is_read=to in own)


def _target(opts: argparse.Namespace, own: Sequence[Path]) -> Path:
    """The file to which the source is added."""
    files = [Path(opts.to)] if opts.to else [path for path in own if path.suffix == ".toml"]
    if not files:
        raise OperatorError(
            "Name the registry to add to: --to mine.toml, or SOURCES = ['mine.toml'] in frontwire.toml."
        )
    return files[0]


def _is_known(known: Known, url: str) -> bool:
    source_id = known.site_of(url)
    if source_id:
        say([f"{url} is in the registry already, as {source_id}: nothing was added."])
    return bool(source_id)


def _cause(settings: BaseSettings, url: str) -> str:
    with closing(open_catalogue(settings)) as catalogue:
        look = last_looks(catalogue, [url]).get(url)
    return look.result if look is not None else "it was not reached"


def _show(found: Sequence[Found]) -> None:
    console = open_console()
    for each in found:
        console.print(Text(printable(f"{each.form}  {each.url}"), "bold"))
        days = f", {each.oldest} to {each.newest}" if each.newest else ""
        console.print(Text(f"    {each.items} items{days}"), style="dim")
        for headline in each.headlines:
            console.print(Text(printable(f"    {headline}")))


def _given(opts: argparse.Namespace) -> dict[str, str]:
    return {key: value for name, key in _GIVEN.items() if (value := getattr(opts, name))}


def _write(source: Source, to: Path, asks: bool, is_read: bool) -> int:
    """Write the source, after the operator has seen and perhaps changed it."""
    print(f"\n{as_toml([source])}")
    answer = _ask(source, to) if asks else ""
    if answer.lower() in ("n", "no"):
        say(["Nothing was written."])
        return OK
    source = with_values(source, dict(map(_change, answer.split())))
    add_to_file(to, [source])
    gather = f"-a source={source.id}" if is_read else f"-a sources={to} -a source={source.id}"
    say([f"Added to {to} as {source.id}: `scrapy crawl news {gather}`"])
    return OK


def _ask(source: Source, to: Path) -> str:
    unknown = [
        key for key in ("country", "languages", "timezone", "kind", "owner") if not getattr(source, key)
    ]
    missing = f"Not known: {', '.join(unknown)}. " if unknown else ""
    try:
        return input(
            f"{missing}Enter writes this to {to}, n leaves it, and country=ML languages=fr,bm changes it first: "
        ).strip()
    except EOFError:
        return "n"


def _change(part: str) -> tuple[str, str]:
    key, mark, value = part.partition("=")
    if not mark:
        raise OperatorError(f"{part!r} is no key=value: nothing was written.")
    return key, value
