"""News of certain days, and catalogues whose runs were some days ago."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.support.hostile_site import Site, article, http
from tests.support.origin import Answer, Origin


def path_of(day: date) -> str:
    """Where the article of a day is."""
    return f"/{day:%Y/%m/%d}/shelling-near-veld"


def article_of(day: date, place: str = "Veld") -> Answer:
    """An article that was published at noon, with a text that no other day and place has."""
    _, _, body = article(f"{place} {day:%j}").data.partition(b"\r\n\r\n")
    return http(body.replace(b"2021-01-11T10", f"{day}T12".encode()))


def publish(site: Site, origin: Origin, days: Iterable[date]) -> None:
    """Add the articles of these days, and list them in the sitemap, which says nothing but addresses."""
    site |= {path_of(day): article_of(day) for day in days}
    paths = sorted(path for path in site if path.startswith("/20"))
    entries = "".join(f"<url><loc>{origin.url(path)}</loc></url>" for path in paths)
    name = "http://www.sitemaps.org/schemas/sitemap/0.9"
    site["/sitemap.xml"] = http(f'<urlset xmlns="{name}">{entries}</urlset>'.encode(), "text/xml")


def move_into_past(data: Path, days: int) -> None:
    """Let all that a catalogue knows have been done so many days earlier."""
    times = (("run", "started"), ("run", "ended"), ("capture", "captured"))
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue, catalogue:
        for table, column in times:
            earlier = f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '-{days} days')"
            catalogue.execute(f"update {table} set {column} = {earlier}")
        # Else the next run reads again what the archive has since then: it would take it for that of a killed run.
        catalogue.execute(
            "insert into run (spider, arguments, software, started, ended, reason, place) "
            "select 'rebuild', '{}', software, started, ?, 'finished', place from run limit 1",
            (f"{datetime.now(UTC) + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}",),
        )
