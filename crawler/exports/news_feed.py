"""Exports as RSS 2.0 and Atom (RFC 4287): what came in, newest first, so that any feed reader shows it."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import BinaryIO

from lxml import etree
from lxml.builder import ElementMaker

from crawler.catalogue.article_row import ArticleRow
from crawler.exports.export_columns import COLUMNS, Export, Sources
from crawler.texts.xml_text import xml_text

NEWEST = 100
"""Articles of a feed: readers ask for it again and again, and keep what they have seen."""

_LONGEST = 500
"""Characters of a text that a feed shows."""

ATOM, DC = "http://www.w3.org/2005/Atom", "http://purl.org/dc/elements/1.1/"
_A = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
_DC = ElementMaker(namespace=DC, nsmap={"dc": DC})
_R = ElementMaker()
TITLE = "Frontwire: conflict news"
_EPOCH = "1970-01-01T00:00:00Z"


def write_atom(export: Export, out: BinaryIO) -> None:
    """The entries' `updated` is when the page was read."""
    rows = _newest_first(export)
    feed = _A.feed(
        _A.title(TITLE),
        _A.id("urn:frontwire:feed"),
        _A.updated(rows[0].captured or _EPOCH if rows else _EPOCH),
        _A.author(_A.name("Frontwire")),
        *(_entry(row, export.known) for row in rows),
    )
    _write(feed, out)


def write_rss(export: Export, out: BinaryIO) -> None:
    """The items' `pubDate` is when the page was read: readers sort by it. Their text begins with the other date."""
    rows = _newest_first(export)
    channel = _R.channel(
        _R.title(TITLE),
        _R.link(xml_text(rows[0].url) if rows else "about:blank"),
        _R.description("News on armed conflict, as it came in."),
        *([_R.lastBuildDate(_rfc822(rows[0].captured))] if rows else []),
        *(_item(row, export.known) for row in rows),
    )
    rss = etree.Element("rss", version="2.0", nsmap={"dc": DC})
    rss.append(channel)
    _write(rss, out)


def _newest_first(export: Export) -> Sequence[ArticleRow]:
    return sorted(export.rows, key=lambda row: (row.captured or "", row.id), reverse=True)


def _entry(row: ArticleRow, known: Sources) -> etree._Element:
    publisher = str(COLUMNS["source_name"].read(row, known) or "unknown")
    entry = _A.entry(
        _A.title(_title(row)),
        _A.id(_id(row)),
        _A.updated(row.captured or _EPOCH),
        *(_A.author(_A.name(xml_text(name))) for name in row.authors or (publisher,)),
        _A.link(rel="alternate", href=xml_text(row.url)),
        _A.summary(_beginning(row, publisher)),
        *(_A.category(term=xml_text(term)) for term in row.terms),
    )
    if row.language:
        entry.set("{http://www.w3.org/XML/1998/namespace}lang", row.language)
    return entry


def _item(row: ArticleRow, known: Sources) -> etree._Element:
    publisher = str(COLUMNS["source_name"].read(row, known) or "unknown")
    return _R.item(
        _R.title(_title(row)),
        _R.link(xml_text(row.url)),
        _R.guid(_id(row), isPermaLink="false"),
        _R.pubDate(_rfc822(row.captured)),
        _R.description(_beginning(row, publisher)),
        *(_DC.creator(xml_text(author)) for author in row.authors),
        *(_R.category(xml_text(term)) for term in row.terms),
    )


def _title(row: ArticleRow) -> str:
    return xml_text(row.title or row.text.partition("\n")[0][:100] or row.url)


def _id(row: ArticleRow) -> str:
    """The same for one text of one page, another one for a changed text."""
    return f"urn:sha256:{row.sha256}" if row.sha256 else xml_text(row.url)


def _beginning(row: ArticleRow, publisher: str) -> str:
    first = " ".join(row.text.partition("\n\n")[0].split())
    cut = f"{first[:_LONGEST]}…" if len(first) > _LONGEST else first
    return xml_text(f"{publisher}, {(row.published or row.month or 'undated')[:10]}: {cut}")


def _rfc822(captured: str | None) -> str:
    return format_datetime(datetime.fromisoformat(captured or _EPOCH))


def _write(root: etree._Element, out: BinaryIO) -> None:
    out.write(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))
