"""Titles and authors that Fundus' parsers, written for one publisher each, read off the pages of a WARC.

    FUNDUS/bin/python bench/extractors/fundus_truth.py PAGES.warc.gz OUT.jsonl

Runs in an environment of its own (`requirements-fundus.txt` beside this file). One object per line: url, title,
authors. Pages of publishers that Fundus does not know, or cannot parse, are left out.
"""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastwarc.warc import ArchiveIterator, WarcRecordType


def publishers() -> dict[str, Any]:
    """Fundus' publishers by host, without `www.`."""
    from fundus import PublisherCollection

    return {host_of(each.domain): each for each in PublisherCollection}


def host_of(url: str) -> str:
    """The host of a URL without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def find_publisher(known: dict[str, Any], host: str) -> Any:
    """The publisher of a host, or of a domain above it."""
    labels = host.split(".")
    domains = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return next((known[domain] for domain in domains if domain in known), None)


def read(publisher: Any, html: str, captured: datetime) -> dict[str, Any] | None:
    """What a publisher's parser finds; None if it fails, as it does on pages of other years."""
    try:
        found = publisher.parser(captured).parse(html)
    except Exception:  # parsers raise whatever a page makes them raise
        return None
    return {
        name: None if isinstance(found.get(name), Exception) else found.get(name)
        for name in ("title", "authors")
    }


def main(pages: Path, out: Path) -> None:
    """Write the truth of all pages that Fundus can parse."""
    known = publishers()
    with pages.open("rb") as file, out.open("w", encoding="utf-8") as truth:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            url = record.headers["WARC-Target-URI"]
            publisher = find_publisher(known, host_of(url))
            html = record.reader.read().decode(record.http_charset or "utf-8", "replace")
            captured = datetime.fromisoformat(record.headers["WARC-Date"]).replace(tzinfo=None)
            found = read(publisher, html, captured) if publisher else None
            if found:
                truth.write(json.dumps({"url": url, **found}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
