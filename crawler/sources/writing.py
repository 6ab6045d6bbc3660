"""Writes sources as TOML for a registry, and as OPML and CSV for other programs."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import fields

from lxml import etree

from crawler.sources.source import STARTS, Source, StartUrl

CSV_COLUMNS = (
    "id",
    "name",
    "homepage",
    "country",
    "languages",
    "kind",
    "owner",
    "focus",
    "url",
    "type",
    "checked",
)


def as_toml(sources: Iterable[Source]) -> str:
    """`[[source]]` tables; what is not known is left out."""
    return "\n".join(_table(source) for source in sources)


def as_opml(sources: Iterable[Source]) -> str:
    """OPML 2.0 with the feeds of the sources, grouped by source."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Sources of Frontwire"
    body = etree.SubElement(root, "body")
    for source in sources:
        for start in source.feeds:
            etree.SubElement(
                body,
                "outline",
                type="rss",
                text=source.name,
                title=source.name,
                xmlUrl=start.url,
                htmlUrl=source.homepage,
                category=f"/{source.country}" if source.country else "",
            )
    return str(etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8").decode())


def as_csv(sources: Iterable[Source]) -> str:
    """One row for each URL, with what is known of its source."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for source in sources:
        for name in STARTS:
            for start in getattr(source, name):
                writer.writerow(_cells(source, name, start))
    return out.getvalue()


def _cells(source: Source, kind: str, start: StartUrl) -> tuple[str, ...]:
    languages = start.language or " ".join(source.languages)
    facts = (source.id, source.name, source.homepage, source.country, languages, source.kind, source.owner)
    return (*facts, " ".join(source.focus), start.url, kind, start.checked)


def _table(source: Source) -> str:
    lines = ["[[source]]"]
    for each in fields(source):
        value = getattr(source, each.name)
        if value != each.default:
            lines.append(f"{each.name} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, StartUrl):
        return _start(value)
    # A string of JSON is one of TOML, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _start(start: StartUrl) -> str:
    known = {each.name: value for each in fields(start) if (value := getattr(start, each.name))}
    if len(known) == 1:
        return _value(start.url)
    return (
        "{ "
        + ", ".join(f"{name} = {v if name == 'checked' else _value(v)}" for name, v in known.items())
        + " }"
    )
