"""Seed documents that people give: pasted, as a file, or by the address of an article."""

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from scrapy.settings import BaseSettings

from crawler.catalogue.articles import articles
from crawler.cli.scouting import scout
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED
from crawler.http.url_identity import wire_url
from crawler.scouting.article_spider import ArticleSpider
from crawler.sources.entries import web_url
from crawler.texts.seed_format import Seed, SeedError, normalise_paragraph, read_seed, render_seed

_END = "."


def read_new_seed(settings: BaseSettings, given: str) -> bytes:
    """The seed document that a file, a URL or standard input (`-`) gives; OperatorError if there is none."""
    if given.startswith(("http://", "https://")):
        return _fetched(settings, given)
    if given == "-":
        return seed_of(sys.stdin.buffer.read(), "standard input")
    try:
        return seed_of(Path(given).read_bytes(), given)
    except OSError as error:
        raise OperatorError(f"Cannot read {given}: {error.strerror}. Name a text file.") from None


def ask_seed() -> bytes:
    """The seed document that a person pastes."""
    print(f"Paste a text like those that you want, and end it with a line that has only {_END!r}:")
    lines = []
    for line in sys.stdin:
        if line.strip() == _END:
            break
        lines.append(line)
    return seed_of("".join(lines).encode(), "What was pasted")


def seed_of(data: bytes, what: str) -> bytes:
    """A seed document as we write it; a text without a month gets the present one, which nothing depends on."""
    try:
        return render_seed(read_seed(data))
    except SeedError as error:
        if data.lstrip().lower().startswith(b"date "):
            raise OperatorError(f"{what} is not a seed document: {error}") from None
    month = f"{datetime.now(UTC):%Y-%m}"
    try:
        return render_seed(read_seed(f"date {month} ".encode() + data.removeprefix(b"\xef\xbb\xbf")))
    except SeedError as error:
        raise OperatorError(f"{what} cannot be a seed document: {error}") from None


def _fetched(settings: BaseSettings, url: str) -> bytes:
    """The text of an article on the web; its page is not kept."""
    url = wire_url(web_url(url, "The seed document"))
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "seeds").mkdir()
        (folder / "seeds" / "any.txt").write_bytes(render_seed(Seed("2021-01", ("Any text.",))))
        given = {
            "DATA_DIR": folder,
            "SEEDS_DIR": folder / "seeds",
            "RELEVANCE_MODE": "off",
            "OPERATOR": settings["OPERATOR"],
        }
        given |= dict.fromkeys(("ARCHIVE_DIR", "ARCHIVE_SIGNING_KEY", "STORE_URL", "REPLAY_FROM"), "")
        theirs = settings.copy()
        for setting, value in given.items():
            theirs.set(setting, str(value), priority="cmdline")
        scout(theirs, ArticleSpider, {"urls": url}, 1)
        with closing(Catalogue.open("", folder)) as catalogue:
            found = [row for row in articles(catalogue, everything=True) if row.text]
    if not found:
        raise OperatorError(f"No article was found at {url}: paste its text instead.", FAILED)
    paragraphs = (normalise_paragraph(each) for each in found[-1].text.split("\n\n"))
    month = found[-1].month or f"{datetime.now(UTC):%Y-%m}"
    return render_seed(Seed(month, tuple(filter(None, paragraphs))))
