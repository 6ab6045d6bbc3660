"""A takedown finds a page however it is spelled and referred to, and names what it cannot take."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.checks.archive_check import verify_collection
from archive.checks.findings import Checked, Severity
from archive.collection.collection import Collection
from archive.collection.redaction import Holding, Redactor
from archive.evidence.manifest import Manifest
from archive.evidence.signing import read_or_make_key
from archive.replay.captures import CaptureReader
from archive.replay.input_paths import expand_paths
from archive.warc.closed_file import Redaction
from tests.support.foreign_records import record
from tests.support.warcs import DATE, Archive, answer, news, sha1

PAGE, MOBILE = "https://orla.example/a", "https://m.orla.example/a"
SECRET = b"Zephyrine Quillfeather lives in the second house."
TAKEDOWN = Redaction(PAGE, "2026-05-03T10:00:00.000000Z", "Request of the person named")


def is_page(url: str) -> bool:
    return url in (PAGE, MOBILE)


class House:
    """A collection with imported archives, and its redactor, whose reports are kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "news"
        self.reports: list[str] = []
        key = folder / "key.pem"
        self.collection = Collection(self.folder, "news", {}, 10**9, manifest=Manifest(self.folder, key))
        self.redactor = Redactor(self.collection.rewriter, read_or_make_key(key), self.reports.append)
        self._sources = folder

    def bring_in(self, archive: Archive, is_redacted: Callable[[str], bool] | None = None) -> Path:
        return self.bring_in_bytes(f"{len(self.closed())}.warc.gz", archive.data, is_redacted)

    def bring_in_bytes(
        self, name: str, content: bytes, is_redacted: Callable[[str], bool] | None = None
    ) -> Path:
        path = self._sources / name
        path.write_bytes(content)
        (ours,) = self.collection.bring_in(path, pytest.fail, is_redacted)
        return ours

    def redact(self) -> tuple[Holding, dict[str, int]]:
        found = self.redactor.find(is_page)
        return found, self.redactor.redact(found, TAKEDOWN)

    def text(self) -> bytes:
        return b"".join(map(gzip.decompress, (path.read_bytes() for path in self.closed())))

    def closed(self) -> list[Path]:
        return sorted((self.folder / "archive").glob("*.warc.gz"))

    def bodies(self) -> dict[str, bytes]:
        paths = expand_paths(str(self.folder))
        with CaptureReader(paths, pytest.fail) as reader:
            return {capture.url: capture.body for path in paths for capture in reader.read(path)}

    def assert_in_order(self) -> None:
        found = verify_collection(self.folder, Checked())
        assert [each.sentence for each in found if each.severity is Severity.FAULT] == []


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def both(*, gzip: bool = True) -> Archive:
    """The page under both spellings, and a page of its own."""
    archive = news(1, gzip=gzip)
    archive.exchange(PAGE, answer(SECRET), notes="title: one\r\n")
    archive.exchange(MOBILE, answer(SECRET + b" Again."), notes="title: two\r\n")
    return archive


def test_all_spellings_go_and_are_named(house: House) -> None:
    house.bring_in(both())
    found, left = house.redact()
    assert found.spellings == {PAGE, MOBILE}
    assert found.captures == 2
    assert left == {}
    assert SECRET not in house.text()
    assert house.bodies().keys() == {"https://orla.example/0"}
    house.assert_in_order()


@pytest.mark.parametrize("says_digest", [True, False])
@pytest.mark.parametrize(("body", "is_same"), [(SECRET, True), (b"", False)])
def test_pages_have_a_payload_in_common_but_not_the_lack_of_one(
    house: House, body: bytes, is_same: bool, says_digest: bool
) -> None:
    twin, digest = "https://orla.example/близнец", sha1(body) if says_digest else ""
    pages = [record("response", url, answer(body), WARC_Payload_Digest=digest) for url in (PAGE, twin)]
    house.bring_in_bytes("both.warc", b"".join(pages))
    found = house.redactor.find(is_page)
    assert (found.captures, found.same_content) == (1, {twin} if is_same and says_digest else set())


def test_a_takedown_of_all_spellings_names_one(house: House) -> None:
    house.bring_in(both())
    house.redact()
    assert house.collection.redacted_urls == {PAGE}
    assert house.text().count(b"redacted-for: https://orla.example/a\r\n") == 6
    assert house.text().count(b"redacted-url: https://m.orla.example/a\r\n") == 3


@pytest.mark.parametrize("spelling", [PAGE, MOBILE])
def test_an_import_leaves_out_what_the_caller_says_was_taken_down(house: House, spelling: str) -> None:
    archive = news(1)
    answered = archive.exchange(spelling, answer(SECRET))
    archive.add("metadata", "", SECRET, WARC_Concurrent_To=answered)
    house.bring_in(archive, is_page)
    assert SECRET not in house.text()
    assert house.bodies().keys() == {"https://orla.example/0"}


def test_an_import_by_itself_leaves_out_what_the_manifest_names(house: House) -> None:
    house.bring_in(both())
    house.redact()
    house.bring_in(both())  # with other record ids
    assert house.bodies().keys() == {"https://orla.example/0", MOBILE}


@pytest.mark.parametrize("known_by", ["id", "URL and date", "digest"])
def test_whatever_a_revisit_record_says_of_the_page_it_keeps_its_payload(house: House, known_by: str) -> None:
    archive = news(0, gzip=False)
    original = archive.exchange(PAGE, answer(SECRET))
    said = {
        "id": {"WARC_Refers_To": original},
        "URL and date": {"WARC_Refers_To_Target_URI": PAGE, "WARC_Refers_To_Date": DATE},
        "digest": {"WARC_Payload_Digest": sha1(SECRET)},
    }[known_by]
    archive.exchange("https://tarn.example/b", answer(b""), kind="revisit", **said)
    content = archive.data
    if known_by != "digest":
        content = re.sub(rb"WARC-Payload-Digest: [^\r]+\r\n", b"", content)
    house.bring_in_bytes("foreign.warc", content)
    assert house.bodies()["https://tarn.example/b"] == SECRET

    found, left = house.redact()
    assert sum(map(len, found.dependents.values())) == 1
    assert left == {}
    assert house.bodies() == {"https://tarn.example/b": SECRET}
    house.assert_in_order()


def test_what_only_looks_like_a_tombstone_goes_and_tombstones_stay(house: House) -> None:
    archive = both()
    archive.add("metadata", PAGE, b"redacted: 2021-01-01T00:00:00Z\r\nreason: " + SECRET + b"\r\n")
    house.bring_in(archive)
    found, left = house.redact()
    assert sum(map(len, found.files.values())) == 7
    assert left == {}
    assert SECRET not in house.text()
    assert house.redact()[0].files == {}
    house.assert_in_order()


def test_redirects_from_and_to_the_page_are_named(house: House) -> None:
    archive = news(1)
    archive.exchange(PAGE, answer(b"", "Location: /moved", status="301 Moved"))
    archive.exchange(MOBILE, answer(b"", f"Location: {PAGE}", status="302 Found"))
    archive.exchange("https://s.example/x", answer(b"", f"Location: {MOBILE}", status="302 Found"))
    archive.exchange("https://s.example/y", answer(b"", "Location: //[", status="302 Found"))
    archive.exchange("https://s.example/z", answer(b"", f"Location: {MOBILE}", status="201 Created"))
    credentials = PAGE.replace("//", "//ada:pw@")
    archive.exchange(PAGE, answer(b"", "Location: https://ada:pw@orla.example/b", status="399 Moved"))
    archive.exchange("https://s.example/v", answer(b"", f"Location: {credentials}", status="300 Choices"))
    archive.exchange("https://s.example/w", answer(b"", f"Location: {PAGE}", status="299 Odd"))
    archive.exchange("https://s.example/q", answer(b"", f"Location: {PAGE}", status="400 Bad"))
    house.bring_in(archive)
    found, _ = house.redact()
    assert found.redirects == {"https://orla.example/moved", "https://orla.example/b"}
    assert found.redirected_here == {"https://s.example/x", "https://s.example/v"}


@pytest.mark.parametrize(("name", "end", "count"), [("a.warc", None, 6), ("a.warc.gz.open", -20, 5)])
def test_records_in_files_that_cannot_be_rewritten_are_counted(
    house: House, name: str, end: int | None, count: int
) -> None:
    house.bring_in(both())
    content = both(gzip=name.endswith(".open")).data[:end]
    (house.folder / "archive" / name).write_bytes(content)
    found, left = house.redact()
    assert found.out_of_reach == left == {name: count}
    assert SECRET not in house.text()
    assert (house.folder / "archive" / name).read_bytes() == content
    assert house.reports == [], "the last record of an open file is half written"


def test_what_is_damaged_is_reported_and_the_rest_is_taken(house: House) -> None:
    house.bring_in(both())
    (house.folder / "archive" / "empty.warc.gz").write_bytes(b"")
    (house.folder / "archive" / "torn.warc").write_bytes(news(2, gzip=False).data[:-30])
    _, left = house.redact()
    assert left == {}
    assert SECRET not in house.text()
    assert any("empty.warc.gz is empty" in sentence for sentence in house.reports)
    assert any("torn.warc" in sentence for sentence in house.reports)
