"""Small files are merged between runs, and catalogue and digest index go on leading to the records."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request
from sqlalchemy import insert, select

from archive.replay.stored_records import read_payload, read_record
from archive.warc.closed_file import Redaction
from archive.warc.location import RecordLocation
from archive.warc.rewriting_journal import Change, Part, Rewriting
from crawler.catalogue.archive_digests import StoredDigests
from crawler.catalogue.archive_locations import StoredPlaces
from crawler.catalogue.articles import articles
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.engine import open_engine
from tests.support.archived_crawls import fetch
from tests.support.catalogues import known
from tests.support.origin import Answer, serve
from tests.support.outcomes import MOMENT, article, link, outcome_of

MERGED = Rewriting("day.warc.gz", (Part("a.warc.gz", 0, 5000), Part("b.warc.gz", 5000, 100)))


@dataclass
class Placed:
    """A capture whose record lies at a given place."""

    warc: str
    offset: int
    serial: int = 1
    captured: datetime = MOMENT

    def durable(self) -> RecordLocation:
        return RecordLocation(self.warc, self.offset, 10, "<urn:x>", "sha1:X", self.captured)


def places(catalogue: Catalogue) -> dict[str, tuple[str, int]]:
    return {
        row.url.rpartition("/")[2]: (known(row.warc), known(row.offset)) for row in articles(catalogue, True)
    }


def keep(catalogue: Catalogue, *captures: Placed) -> None:
    run = begin_run(catalogue, "news", {}, "test")
    for number, capture in enumerate(captures):
        outcome = outcome_of(replace(article(str(number)), url=link(str(number)).url, capture=capture))
        commit_outcomes(catalogue, run, [(outcome, capture.durable())])


def test_captures_of_merged_files_lead_to_the_new_one(
    catalogue: Catalogue, store_url: str, tmp_path: Path
) -> None:
    keep(
        catalogue,
        Placed("a.warc.gz", 7),
        Placed("b.warc.gz", 9),
        Placed("c.warc.gz", 9),
        Placed("/x/a.warc.gz", 1),
    )
    moving = StoredPlaces(Catalogue.open(store_url, tmp_path))
    for _ in range(2):  # after a kill it is told again
        moving.moved(MERGED)
        assert places(catalogue) == {
            "0": ("day.warc.gz", 7),
            "1": ("day.warc.gz", 5009),
            "2": ("c.warc.gz", 9),
            "3": ("/x/a.warc.gz", 1),
        }
    moving.close()


def test_payloads_move_with_their_records(catalogue: Catalogue, store_url: str, tmp_path: Path) -> None:
    row = {"url": "u", "date": "d", "record_id": "r", "payload_digest": "p", "warc": "b.warc.gz", "offset": 9}
    with catalogue.engine.begin() as connection:
        connection.execute(insert(schema.payload).values(key=bytes(32), **row))
    moving = StoredPlaces(Catalogue.open(store_url, tmp_path))
    moving.moved(MERGED)
    moving.close()
    with catalogue.read() as connection:
        found = connection.execute(select(schema.payload.c.warc, schema.payload.c.offset)).one()
    assert tuple(found) == ("day.warc.gz", 5009)


def test_records_that_stand_for_others_are_described_anew(
    catalogue: Catalogue, store_url: str, tmp_path: Path
) -> None:
    row = {"url": "u", "date": "d", "payload_digest": "p", "warc": "a.warc.gz"}
    with catalogue.engine.begin() as connection:
        for number, record_id in enumerate(("<urn:gone>", "<urn:kept>")):
            payload = row | {"record_id": record_id, "offset": 100 + 400 * number}
            connection.execute(insert(schema.payload).values(key=bytes([number]) * 32, **payload))
    keep(catalogue, Placed("a.warc.gz", 50), Placed("a.warc.gz", 100), Placed("a.warc.gz", 500))
    parts = (Part("a.warc.gz", 0, 100), Part("a.warc.gz", 100, 400, 100), Part("a.warc.gz", 130, 200, 500))
    stone = Change(100, 30, "<urn:stone>", "sha1:STONE", None)
    redaction = Redaction("u", "d", "reason", ("<urn:gone>",))
    moving = StoredPlaces(Catalogue.open(store_url, tmp_path))
    for _ in range(2):  # after a kill it is told again
        moving.moved(Rewriting("new.warc.gz", parts, (stone,), redaction))
        rows = [
            [row.warc, row.offset, row.length, row.record_id, row.payload_digest]
            for row in articles(catalogue, True)
        ]
        assert rows == [
            ["new.warc.gz", 50, 10, "<urn:x>", "sha1:X"],
            ["new.warc.gz", 100, 30, "<urn:stone>", "sha1:STONE"],
            ["new.warc.gz", 130, 10, "<urn:x>", "sha1:X"],
        ]
        with catalogue.read() as connection:
            payloads = connection.execute(select(schema.payload.c.record_id, schema.payload.c.offset)).all()
        assert [tuple(payload) for payload in payloads] == [("<urn:kept>", 130)]
    moving.close()


def test_a_failing_database_is_named(tmp_path: Path) -> None:
    catalogue = Catalogue.open("", tmp_path)
    schema.metadata.drop_all(catalogue.engine)
    with pytest.raises(OSError, match="no such table") as failed:
        StoredPlaces(catalogue).moved(MERGED)
    catalogue.close()
    assert "catalogue.sqlite" in failed.value.filename


def test_a_later_run_merges_and_repeats_what_merged_files_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        day = 1

        @classmethod
        def now(cls, tz: object = None) -> "Clock":
            return cls(2021, 1, cls.day // 10, 12, cls.day % 10, tzinfo=UTC)

    monkeypatch.setattr("archive.collection.collection.datetime", Clock)
    body = b"La Valdorie annonce une treve." * 40
    page = Answer(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )
    folder = tmp_path / "collections" / "news"
    settings = {
        "DATA_DIR": str(tmp_path),
        "STORE_URL": "",
        "ARCHIVE_DIGESTS": "crawler.catalogue.archive_digests.StoredDigests",
        "ARCHIVE_MOVED": "crawler.catalogue.archive_locations.StoredPlaces",
    }
    with serve({"/one": page, "/two": Answer(page.data.replace(b"treve", b"paix."))}) as origin:
        for moment, path in ((281, "/one"), (282, "/two"), (291, "/one"), (292, "/two")):
            Clock.day = moment
            fetch(folder, [Request(origin.url(path))], **settings)

    merged, *later = sorted((folder / "archive").iterdir())
    assert len(later) == 2
    index = StoredDigests(Catalogue.open("", tmp_path))
    engine = open_engine("", tmp_path)
    with engine.connect() as connection:
        rows = connection.execute(select(schema.payload)).all()
    assert {row.warc for row in rows} == {merged.name}
    for row in rows:
        assert ("warc-record-id", row.record_id) in read_record(merged, row.offset).headers
    index.close()
    engine.dispose()
    lines = [line for path in folder.glob("indexes/*.cdxj") for line in path.read_text().splitlines()]
    revisits = [line for line in lines if "warc/revisit" in line]
    assert len(lines) == 4
    assert len(revisits) == 2
    for warc in later:
        offset = next(
            int(line.split('"offset": "')[1].split('"')[0]) for line in revisits if warc.name in line
        )
        assert read_payload(warc, offset).agrees
