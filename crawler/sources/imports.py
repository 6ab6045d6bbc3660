"""Reads lists of sources that other programs write: OPML, CSV, and lines of URLs, domains or names."""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree
from lxml.etree import ErrorLevels

from crawler.sources.entries import RegistryError, shortened, web_url
from crawler.sources.publisher_names import homepage_of
from crawler.sources.source import Source, StartUrl
from crawler.sources.start_urls import source_of

_MAX_BYTES = 50_000_000
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}(?:/\S*)?")
_NAME = re.compile(r"(?:PublisherCollection\.)?[a-z]{2}\.[A-Z]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_HOMEPAGE_COLUMNS = ("homepage", "url", "htmlurl", "website", "domain", "name")
_FEED_COLUMNS = ("feed", "feed_url", "rss", "xmlurl")
_NAME_COLUMNS = ("label", "title", "name")
_COUNTRY_COLUMNS = ("country", "pub_country")
_LANGUAGE_COLUMNS = ("language", "languages", "primary_language")
_FEED_WORDS = re.compile(r"(?:feed|rss|atom|\.xml|rdf)(?:\W|$)", re.IGNORECASE)


Report = Callable[[str], None]
"""Takes a sentence about an entry."""


@dataclass(slots=True)
class Imported:
    """What a list gave."""

    sources: list[Source] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """A sentence for each entry that is no source: file, line, what is wrong."""


@dataclass(frozen=True, slots=True)
class _Row:
    """An entry of a list: what it calls itself, and its addresses as written."""

    line: int
    homepage: str = ""
    feed: str = ""
    name: str = ""
    country: str = ""
    languages: tuple[str, ...] = ()


def read_list(path: Path) -> Imported:
    """The sources of a file, one for each host; RegistryError if it cannot be read as any kind of list."""
    found, sources = Imported(), dict[str, Source]()
    for row in _rows_of(_read(path), path, found.faults.append):
        try:
            source = _as_source(row, f"{path}, line {row.line}")
        except RegistryError as error:
            found.faults.append(str(error))
            continue
        known = sources.get(source.id)
        sources[source.id] = _joined(known, source) if known else source
    found.sources = list(sources.values())
    if not found.sources and not found.faults:
        raise RegistryError(
            f"{path} names no source; give OPML, CSV with a header, or one URL or domain a line."
        )
    return found


def _rows_of(data: bytes, path: Path, report: Report) -> Iterable[_Row]:
    if b"<opml" in data[:4000].replace(b"\0", b"").lower():  # in whatever encoding it says that it is
        return _opml_rows(data, path, report)
    text = _text_of(data, path)
    first = text[:2000].lstrip().lower().split("\n", 1)[0]
    columns = {name.strip(' "') for name in re.split(r"[,;\t]", first)}
    if columns.intersection(_HOMEPAGE_COLUMNS + _FEED_COLUMNS):
        return _csv_rows(text, path)
    return _lines(text)


def _opml_rows(data: bytes, path: Path, report: Report) -> Iterator[_Row]:
    # Nothing is fetched or expanded that the file names.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or next(root.iter("outline"), None) is None:
        raise RegistryError(f"{path} is not readable as OPML; export it again.")
    if damage := next((each for each in parser.error_log if each.level >= ErrorLevels.ERROR), None):
        report(
            f"{path}, line {damage.line}, is damaged: entries there and below may be missing; export it again."
        )
    for outline in root.iter("outline"):
        named = {name.lower(): value.strip() for name, value in outline.attrib.items()}
        homepage, feed = named.get("htmlurl") or named.get("url", ""), named.get("xmlurl", "")
        if homepage or feed:  # a folder has neither
            yield _Row(outline.sourceline or 0, homepage, feed, named.get("title") or named.get("text") or "")


def _csv_rows(text: str, path: Path) -> Iterator[_Row]:
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    # Not lenient: a quotation mark that is never closed would take all rows below it into one cell.
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    _refuse_repeated(reader, path)
    for row in _sound(reader, path):
        cells = {
            (name or "").strip().lower(): value.strip()
            for name, value in row.items()
            if isinstance(value, str)
        }
        if any(cells.values()):
            yield _Row(
                line=reader.line_num,
                homepage=_homepage(cells),
                feed=_first(cells, _FEED_COLUMNS),
                name=_first(cells, _NAME_COLUMNS),
                country=_first(cells, _COUNTRY_COLUMNS),
                languages=tuple(re.findall(r"[a-z]{2}\b", _first(cells, _LANGUAGE_COLUMNS).lower())),
            )


def _refuse_repeated(reader: "csv.DictReader[str]", path: Path) -> None:
    """RegistryError if two columns have one name: the cells of one of them would be lost."""
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    except csv.Error:
        return  # the rows will say so
    if twice := next((name for name in filter(None, names) if names.count(name) > 1), None):
        raise RegistryError(f"{path} has two columns {twice!r}: rename or remove one. Nothing was added.")


def _sound(reader: "csv.DictReader[str]", path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV; RegistryError for one after which nobody can tell where the others begin."""
    try:
        yield from reader
    except csv.Error as error:
        raise RegistryError(
            f"{path}, line {reader.line_num + 1}, is no CSV ({error}): look for a quotation mark that is not closed or "
            "not doubled. Nothing was added."
        ) from None


def _lines(text: str) -> Iterator[_Row]:
    for number, line in enumerate(text.splitlines(), 1):
        cell = _COMMENT.sub("", line).strip().split("\t")[0].strip()
        if _FEED_WORDS.search(cell):
            yield _Row(number, feed=cell)
        elif cell:
            is_address = "://" in cell or _is_domain(cell)
            yield _Row(number, homepage=cell if is_address else homepage_of(cell) or cell)


def _as_source(row: _Row, where: str) -> Source:
    """The source of a row; RegistryError if it names no address."""
    feed = web_url(row.feed, where) if row.feed else ""
    if _NAME.match(row.homepage):
        raise RegistryError(
            f"{where}: no publisher is known as {shortened(row.homepage)!r}; write its address."
        )
    homepage = web_url(with_scheme(row.homepage), where) if row.homepage else feed
    if not homepage:
        raise RegistryError(f"{where} names no address; give a homepage or a feed.")
    source = source_of(homepage)
    return replace(
        source,
        name=" ".join(_CONTROLS.sub(" ", row.name).split()) or source.name,
        country=row.country if re.fullmatch("[A-Z]{2}", row.country) else "",
        languages=row.languages,
        feeds=(StartUrl(feed),) if feed else (),
        listings=() if feed else source.listings,
    )


def with_scheme(address: str) -> str:
    """The URL of an address that may be a domain alone."""
    return f"https://{address}" if _is_domain(address) else address


def _is_domain(cell: str) -> bool:
    """Whether a text is a domain, perhaps with a path, and not the name of a publisher in Fundus (`us.APNews`)."""
    return _DOMAIN.fullmatch(cell) is not None and not _NAME.match(cell)


def _joined(known: Source, other: Source) -> Source:
    """Two entries of one host as one source."""
    return replace(
        known,
        languages=tuple(dict.fromkeys((*known.languages, *other.languages))),
        feeds=tuple(dict.fromkeys((*known.feeds, *other.feeds))),
        listings=tuple(dict.fromkeys((*known.listings, *other.listings))),
    )


def _homepage(cells: Mapping[str, str]) -> str:
    """The first cell that may be an address; `name` is a domain in lists of Media Cloud, and a name in others."""
    given = [cells[name] for name in _HOMEPAGE_COLUMNS if cells.get(name)]
    return next((each for each in given if "://" in each or _DOMAIN.fullmatch(each)), "")


def _first(cells: Mapping[str, str], names: Iterable[str]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise RegistryError(f"{path} is larger than 50 MB, which no list of sources is; give part of it.")
        return path.read_bytes()
    except OSError as error:
        raise RegistryError(f"Cannot read {path}: {error.strerror}; name a file.") from None


def _text_of(data: bytes, path: Path) -> str:
    # "Unicode text", as a spreadsheet calls it, is UTF-16.
    coding = "utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        raise RegistryError(f"{path} is not in UTF-8; convert it.") from None


class Known:
    """The sources that there are, so that an import adds none again."""

    def __init__(self, *registries: Sequence[Source]) -> None:
        sources = [source for registry in registries for source in registry]
        self._ids = {source.id: source.id for source in sources}
        self._urls = {start.url: source.id for source in sources for start, _ in source.starts}
        self._hosts = {host_of(source.homepage): source.id for source in sources}
        self.left_out: list[str] = []
        """A sentence for each source that is known."""

    def without_known(self, sources: Iterable[Source]) -> list[Source]:
        """The sources of which there is no id and not every URL."""
        new = []
        for source in sources:
            same = self._ids.get(source.id) or self._same(source)
            if same:
                self.left_out.append(f"{source.homepage} is known as {same}.")
            else:
                new.append(source)
                self._ids[source.id] = source.id
        return new

    def site_of(self, url: str) -> str:
        """The id of a source that has this URL, or this host; empty if there is none."""
        return self._urls.get(url) or self._hosts.get(host_of(url), "")

    def _same(self, source: Source) -> str:
        """The id of a source that has its URLs; of one that is only a front page, any of its host."""
        known = [self._urls.get(start.url, "") for start, _ in source.starts]
        if all(known):
            return known[0]
        return "" if source.feeds else self._hosts.get(host_of(source.homepage), "")


def host_of(url: str) -> str:
    """The host of a URL, by which a publisher is known, with the port if it is not that of its scheme."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}:{parts.port}" if parts.port else host
