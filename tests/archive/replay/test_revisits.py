"""A revisit record is read together with the record whose payload it repeats."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.collection.collection import Collection
from archive.errors import ArchiveUnreadable
from archive.index.run_digests import RunDigests
from archive.replay.accounts import REPEATS_ELSEWHERE, RecordAccount
from archive.replay.captures import CaptureReader
from archive.replay.revisits import Originals
from archive.replay.stored_records import read_payload, read_record
from archive.warc.files import RecordFile
from archive.warc.reader import read_records
from tests.support.captures import BODY, PAGE, read, read_set
from tests.support.foreign_records import record
from tests.support.logs import make_log
from tests.support.warcs import DATE, Archive, answer, news, sha1, wacz

A, B = "http://news.example/a", "http://news.example/b"
PAYLOAD = b"Le port de Marisol rouvre."


@pytest.fixture
def revisit(tmp_path: Path) -> tuple[Path, int]:
    """Where a revisit record lies whose original is in another file of its collection."""
    index = RunDigests()
    for url in (A, B):
        writing = Collection(tmp_path, "news", {}, 10**9, digests=index)
        place = writing.write(make_log(url), {})
        writing.finish_file()
    index.close()
    return tmp_path / "archive" / place.warc, place.offset


def test_the_payload_comes_from_another_file_of_the_collection(revisit: tuple[Path, int]) -> None:
    stored = read_payload(*revisit)

    assert stored.body == PAYLOAD
    assert stored.agrees
    assert dict(stored.headers)["warc-type"] == "revisit"
    assert stored.payload_digest == dict(stored.headers)["warc-payload-digest"]


def test_the_record_alone_has_no_payload_to_check(revisit: tuple[Path, int]) -> None:
    stored = read_record(*revisit)

    assert (stored.body, stored.agrees) == (b"", None)


def test_a_payload_that_was_changed_does_not_agree(revisit: tuple[Path, int], tmp_path: Path) -> None:
    original = next(path for path in (tmp_path / "archive").iterdir() if path != revisit[0])
    forged = Archive()
    record_id = dict(read_record(*revisit).headers)["warc-refers-to"]
    forged.add("response", A, answer(b"forged"), WARC_Record_ID=record_id)
    index = tmp_path / "indexes" / "index.cdxj"
    place = f'"offset": "{read_offset(index, original.name)}"'
    index.write_text(index.read_text().replace(place, '"offset": "0"'))
    forged.save(original)

    stored = read_payload(*revisit)
    assert stored.agrees is False
    assert stored.payload_digest != dict(stored.headers)["warc-payload-digest"]


def read_offset(index: Path, name: str) -> str:
    line = next(line for line in index.read_text().splitlines() if name in line)
    return line.partition('"offset": "')[2].partition('"')[0]


def test_a_missing_original_is_named(revisit: tuple[Path, int], tmp_path: Path) -> None:
    for path in (tmp_path / "archive").iterdir():
        if path != revisit[0]:
            path.unlink()

    with pytest.raises(ArchiveUnreadable, match=f"repeats one of {A}, which is not found"):
        read_payload(*revisit)


def test_a_foreign_file_without_index_is_searched_itself(tmp_path: Path) -> None:
    archive = Archive()
    page = answer(PAYLOAD, "Content-Type: text/html")
    original_id = archive.exchange(A, page)
    offset = archive.ends[-1]
    head = answer(b"", "Content-Type: text/html")
    archive.exchange(B, head, kind="revisit", WARC_Refers_To=original_id, WARC_Payload_Digest=sha1(PAYLOAD))
    path = archive.save(tmp_path / "foreign.warc.gz")

    stored = read_payload(path, offset)
    assert (stored.body, stored.agrees) == (PAYLOAD, True)


def test_a_response_is_read_as_it_is(tmp_path: Path) -> None:
    writing = Collection(tmp_path, "news", {}, 10**9)
    place = writing.write(make_log(), {})
    writing.finish_file()
    path = tmp_path / "archive" / place.warc

    assert read_payload(path, place.offset) == read_record(path, place.offset)


def test_captures_of_one_file_find_originals_in_the_whole_set(
    revisit: tuple[Path, int], tmp_path: Path
) -> None:
    paths = sorted((tmp_path / "archive").iterdir())
    with CaptureReader(paths, pytest.fail) as reader:
        (capture,) = reader.read(revisit[0])

    assert (capture.record_type, capture.status, capture.body) == ("revisit", 200, PAYLOAD)
    assert capture.truncated is None


def test_a_revisit_has_the_payload_of_the_record_it_names(tmp_path: Path) -> None:
    first, second = Archive(), Archive()
    digest = sha1(BODY)
    record_id = first.exchange(PAGE, answer(BODY, "X-Time: 1"), WARC_Payload_Digest=digest)
    head = answer(b"", "X-Time: 2")
    common = {"WARC_Payload_Digest": digest, "WARC_Truncated": "length"}
    second.add("revisit", f"{PAGE}/by-id", head, WARC_Refers_To=record_id, **common)
    second.add(
        "revisit",
        f"{PAGE}/by-date",
        head,
        WARC_Refers_To_Target_URI=PAGE,
        WARC_Refers_To_Date=DATE,
        **common,
    )
    second.add("revisit", f"{PAGE}/by-digest", b"", **common)
    # The archive that has the payload may come later in the set.
    paths = [second.save(tmp_path / "a.warc.gz"), first.save(tmp_path / "b.warc.gz")]
    reports: list[str] = []
    by_id, by_date, by_digest, original = read_set(paths, reports)
    for capture in (by_id, by_date, by_digest):
        assert (capture.body, capture.truncated, capture.record_type) == (BODY, None, "revisit")
        assert capture.durable().warc == str(paths[0])
    assert by_id.headers["x-time"] == by_date.headers["x-time"] == "2"
    assert by_digest.headers["x-time"] == "1"
    assert (original.record_type, reports) == ("response", [])


def test_a_revisit_without_its_original_is_skipped_and_reported(tmp_path: Path) -> None:
    archive = news(1)
    archive.add("revisit", PAGE, answer(b""), WARC_Payload_Digest=sha1(b"elsewhere"))
    path = archive.save(tmp_path / "a.warc.gz")
    reports: list[str] = []
    assert [capture.url for capture in read_set([path], reports)] == ["https://orla.example/0"]
    assert len(reports) == 1
    assert f"{path}: skipped 1 answers" in reports[0]


def test_a_revisit_does_not_take_another_payload(tmp_path: Path) -> None:
    archive = Archive()
    record_id = archive.exchange(PAGE, answer(BODY), WARC_Payload_Digest=sha1(BODY))
    archive.add("revisit", PAGE, answer(b""), WARC_Refers_To=record_id, WARC_Payload_Digest=sha1(b"other"))
    reports: list[str] = []
    assert len(read_set([archive.save(tmp_path / "a.warc.gz")], reports)) == 1
    assert len(reports) == 1


def test_a_revisit_does_not_take_the_payload_of_a_cut_record(tmp_path: Path) -> None:
    archive = Archive()
    digest = sha1(BODY[:5])
    record_id = archive.exchange(PAGE, answer(BODY[:5]), WARC_Payload_Digest=digest, WARC_Truncated="length")
    named = {"WARC_Refers_To": record_id, "WARC_Refers_To_Target_URI": PAGE, "WARC_Refers_To_Date": DATE}
    archive.add("revisit", f"{PAGE}/later", answer(b""), WARC_Payload_Digest=digest, **named)
    reports: list[str] = []
    captures = read_set([archive.save(tmp_path / "a.warc.gz")], reports)
    assert [(capture.url, capture.truncated) for capture in captures] == [(PAGE, "length")]
    assert len(reports) == 1


def test_a_304_needs_no_original(tmp_path: Path) -> None:
    archive = Archive()
    archive.add("revisit", PAGE, answer(b"", status="304 Not Modified"), WARC_Refers_To="<urn:example:gone>")
    (capture,) = read(archive.save(tmp_path / "a.warc.gz"))
    assert (capture.status, capture.body) == (304, b"")


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("id", 1),
        ("address and date", 1),
        ("digest alone", 0),
        ("id of nothing", 0),
    ],
)
def test_the_record_that_is_named_goes_before_others_with_the_same_payload(
    tmp_path: Path, named: str, expected: int
) -> None:
    archive = Archive()
    ids = [archive.exchange(url, answer(PAYLOAD)) for url in (A, B)]
    names = {
        "id": {"WARC_Refers_To": ids[1]},
        "address and date": {"WARC_Refers_To_Target_URI": B, "WARC_Refers_To_Date": DATE},
        "digest alone": {},
        "id of nothing": {"WARC_Refers_To": "<urn:example:none>"},
    }[named]
    archive.add("revisit", PAGE, b"HTTP/1.1 200 OK\r\n\r\n", WARC_Payload_Digest=sha1(PAYLOAD), **names)
    path = archive.save(tmp_path / "a.warc.gz")
    (revisit,) = (each for each in read_records(RecordFile(path), pytest.fail) if each.type == "revisit")
    with closing(Originals([path])) as originals:
        original = originals.find(revisit)
    assert original is not None
    assert original.id == ids[expected]


def revisit_of(url: str, **fields: str) -> bytes:
    """A revisit record without a digest, as a writer may leave it out."""
    profile = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    known: dict[str, Any] = {"WARC_Profile": profile, "WARC_Date": "2021-02-01T00:00:00Z"}
    return record("revisit", url, b"HTTP/1.1 200 OK\r\n\r\n", **known | fields)


def page(url: str, body: bytes, date: str) -> bytes:
    return record("response", url, b"HTTP/1.1 200 OK\r\n\r\n" + body, WARC_Date=date)


def captured(tmp_path: Path, files: list[list[bytes]], lost: int = 0) -> dict[str, bytes]:
    """URL -> body of what is read from some files, of which so many answers are lost."""
    paths = []
    for number, records in enumerate(files):
        paths.append(tmp_path / f"{number}.warc")
        paths[-1].write_bytes(b"".join(records))
    account, reports = RecordAccount(), list[str]()
    with CaptureReader(paths, reports.append) as reader:
        found = {
            f"{capture.record_type} {capture.url}": capture.body
            for path in paths
            for capture in reader.read(path, account)
        }
    assert account.reasons[REPEATS_ELSEWHERE] == lost
    assert bool(reports) == bool(lost)
    return found


@pytest.mark.parametrize("cut", [{}, {"WARC_Truncated": "length"}], ids=["whole", "cut"])
def test_chains_of_revisits_lead_to_the_payload_in_any_order_and_file(
    tmp_path: Path, cut: dict[str, str]
) -> None:
    first = page(A, PAYLOAD, "2021-01-01T00:00:00.25Z")
    by_date = {"WARC_Refers_To_Target_URI": A, "WARC_Refers_To_Date": "2021-01-01T00:00:00Z"}
    second = revisit_of(B, WARC_Record_ID="<urn:b>", **by_date, **cut)
    third = revisit_of(f"{B}/3", WARC_Refers_To="<urn:b>", WARC_Record_ID="<urn:c>", **cut)
    fourth = revisit_of(f"{B}/4", WARC_Refers_To="<urn:c>")
    for files in (
        [[first, second, third, fourth]],
        [[fourth, third], [second], [first]],
        [[third, first], [fourth, second]],
    ):
        found = captured(tmp_path, files)
        assert set(found.values()) == {PAYLOAD}
        assert len(found) == 4


def test_a_chain_without_end_is_lost_and_told(tmp_path: Path) -> None:
    one = revisit_of(A, WARC_Record_ID="<urn:a>", WARC_Refers_To="<urn:b>")
    two = revisit_of(B, WARC_Record_ID="<urn:b>", WARC_Refers_To="<urn:a>")
    itself = revisit_of(f"{B}/3", WARC_Record_ID="<urn:c>", WARC_Refers_To="<urn:c>")
    assert captured(tmp_path, [[one, two, itself, page(PAGE, PAYLOAD, DATE)]], lost=3) == {
        f"response {PAGE}": PAYLOAD
    }


def test_a_revisit_without_reference_repeats_the_last_page_before_at_its_url(tmp_path: Path) -> None:
    early, later = page(A, b"early", "2021-01-01T00:00:00Z"), page(A, b"late", "2021-01-20T00:00:00Z")
    after, other = page(A, b"after", "2021-03-01T00:00:00Z"), page(B, b"other", "2021-01-30T00:00:00Z")
    assert captured(tmp_path, [[revisit_of(A), after], [later, other], [early]])[f"revisit {A}"] == b"late"
    assert f"revisit {A}" not in captured(tmp_path, [[revisit_of(A), after, other]], lost=1)


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nETag: 1\r\n\r\n", b"HTTP/1.1 304 Not Modified\r\nETag: 1\r\n\r\n"]
)
@pytest.mark.parametrize("reference", [{}, {"WARC_Refers_To": "<urn:gone>"}])
def test_by_its_profile_a_revisit_is_not_modified(
    tmp_path: Path, head: bytes, reference: dict[str, Any]
) -> None:
    profile = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    path = tmp_path / "a.warc"
    path.write_bytes(record("revisit", A, head, WARC_Profile=profile, **reference))
    (capture,) = read(path)
    assert (capture.status, capture.body) == (304, b"")
    assert capture.headers == ({"etag": "1"} if head else {})
    assert capture.head == (
        head.replace(b"200 OK", b"304 Not Modified") or b"HTTP/1.1 304 Not Modified\r\n\r\n"
    )


def test_the_head_of_what_was_not_modified_may_have_line_feeds_alone(tmp_path: Path) -> None:
    profile = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    (tmp_path / "a.warc").write_bytes(
        record("revisit", A, b"HTTP/1.1 200 OK\nETag: 1\n\n", WARC_Profile=profile)
    )
    (capture,) = read(tmp_path / "a.warc")
    assert (capture.status, capture.headers) == (304, {"etag": "1"})


def test_the_payload_of_a_revisit_in_a_package_is_found_again(tmp_path: Path) -> None:
    revisit = revisit_of(B, WARC_Payload_Digest=sha1(PAYLOAD))
    original = record("response", A, answer(PAYLOAD), WARC_Payload_Digest=sha1(PAYLOAD))
    path = wacz(tmp_path / "a.wacz", [("1.warc", revisit), ("2.warc", original)])
    capture = next(capture for capture in read(path) if capture.record_type == "revisit")
    assert read_payload(Path(capture.location.warc), capture.location.offset).body == PAYLOAD
