"""Titles and authors beside those of Fundus' parsers: shares of pages on which they are exactly the same.

    python -m bench.extractors.bylines PAGES.warc.gz FUNDUS.jsonl

FUNDUS.jsonl comes from `fundus_truth.py`. Case and white space do not count, nor does the order of authors. Fundus
takes offices and agencies for authors too; "people" leaves these out of its truth, and pages that name nobody else.
"""

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import trafilatura
from trafilatura.settings import Document

from bench.extraction import read_pages
from crawler.extraction import extract
from crawler.extraction.names import is_person
from crawler.http.decoding import ContentError
from crawler.items import RawPage

Byline = tuple[str, set[str]]
"""A title and names, as they are compared."""


def plain(text: str | None) -> str:
    """The text without what does not count."""
    return " ".join(unicodedata.normalize("NFKC", text or "").lower().split())


def names(texts: Iterable[str] | None) -> set[str]:
    """The names without what does not count."""
    return set(filter(None, map(plain, texts or ())))


def ours(page: RawPage) -> Byline:
    """Frontwire's title and authors."""
    try:
        article = extract(page)
    except ContentError:
        return "", set()
    return plain(article.title), names(article.authors)


def theirs(page: RawPage) -> Byline:
    """Those of trafilatura."""
    found = trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True, fast=True)
    return (
        (plain(found.title), names((found.author or "").split(";")))
        if isinstance(found, Document)
        else ("", set())
    )


def shares(truth: dict[str, dict[str, str | list[str] | None]], found: dict[str, Byline]) -> Iterator[str]:
    """One line per measure."""
    for measure in ("titles", "authors", "people"):
        right = [is_right(measure, truth[url], found[url]) for url in truth if url in found]
        known = [each for each in right if each is not None]
        yield f"{measure} {sum(known) / max(len(known), 1):.3f} of {len(known)}"


def is_right(measure: str, truth: dict[str, str | list[str] | None], found: Byline) -> bool | None:
    """Whether a page's title or authors are those of the truth; None where it has none."""
    title, authors = truth["title"], truth["authors"]
    if measure == "titles":
        return found[0] == plain(str(title)) if title else None
    if not isinstance(authors, list) or (measure == "authors" and not authors):
        return None
    if measure == "authors":
        return names(authors) == found[1]
    people = names(each for each in authors if is_person(each, ()))
    return people == found[1] if people else None


def main(pages: Path, fundus: Path) -> None:
    """Print the shares of Frontwire and of trafilatura."""
    truth = {row["url"]: row for row in map(json.loads, fundus.read_text(encoding="utf-8").splitlines())}
    wanted = [page for page in read_pages(pages) if page.url in truth]
    for name, read in (("frontwire", ours), ("trafilatura", theirs)):
        print(f"{name}: {', '.join(shares(truth, {page.url: read(page) for page in wanted}))}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
