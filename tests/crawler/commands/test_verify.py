"""`scrapy verify` names whatever was changed, and nothing else."""

import errno
import gzip
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, NoReturn

import pytest

from archive.evidence.signing import read_key
from archive.warc.files import RecordFile
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from crawler.audit import rederivation
from crawler.data_dir import DataDir, DataDirBusy
from crawler.errors import OperatorError
from tests.support.catalogues import (
    EARLIER,
    articles,
    ask,
    change,
    extracted_earlier,
    leave_pending,
    lone_articles,
    put,
)
from tests.support.commands import call, scrapy
from tests.support.crawls import run_crawl
from tests.support.session import SIGNING_KEY
from tests.support.warcs import Archive, answer

pytestmark = pytest.mark.usefixtures("replays_here")


def verify(data: Path, *arguments: str, **settings: object) -> int:
    return call("verify", *arguments, DATA_DIR=str(data), **settings)


def warc(data: Path) -> Path:
    """The file that holds the record of an article."""
    return data / "collections" / "news" / "archive" / str(articles(data)[0]["warc"])


def page_record(data: Path) -> WarcRecord:
    """The response record of an article of the corpus."""
    row = articles(data)[0]
    records = read_records(RecordFile(warc(data)), pytest.fail)
    return next(record for record in records if record.offset == row["offset"])


def first_file(data: Path) -> Path:
    return min((data / "corpus").glob("2*/*.txt"))


# --- what is changed -----------------------------------------------------------------------
def change_a_byte(data: Path) -> str:
    record, path = page_record(data), warc(data)
    octets = bytearray(path.read_bytes())
    octets[record.offset + record.length // 2] ^= 1
    path.write_bytes(octets)
    return f"{path.name} was changed"


def write_another_body(data: Path) -> str:
    record, path = page_record(data), warc(data)
    octets, end = path.read_bytes(), record.offset + record.length
    text = bytearray(gzip.decompress(octets[record.offset : end]))
    text[-200] ^= 1
    path.write_bytes(octets[: record.offset] + gzip.compress(bytes(text)) + octets[end:])
    return "does not have its payload digest"


def remove_a_record(data: Path) -> str:
    record, path = page_record(data), warc(data)
    octets = path.read_bytes()
    path.write_bytes(octets[: record.offset] + octets[record.offset + record.length :])
    return "cannot be derived again from the archive"


def remove_the_warc(data: Path) -> str:
    warc(data).unlink()
    return "is gone: the manifest lists it"


def swap_manifest_lines(data: Path) -> str:
    manifest = data / "collections" / "news" / "manifest.jsonl"
    manifest.write_bytes(b"".join(reversed(manifest.read_bytes().splitlines(keepends=True))))
    return "Line 1 of the manifest does not follow the line before it"


def change_the_manifest(data: Path) -> str:
    manifest = data / "collections" / "news" / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes().replace(b'"records": ', b'"records": 1'))
    return "The signature of line 1 of the manifest is wrong"


def cut_the_manifest(data: Path) -> str:
    manifest = data / "collections" / "news" / "manifest.jsonl"
    manifest.write_bytes(b"".join(manifest.read_bytes().splitlines(keepends=True)[:-1]))
    return "its end was cut off"


def change_an_index_line(data: Path) -> str:
    index = data / "collections" / "news" / "indexes" / "index.cdxj"
    index.write_bytes(index.read_bytes().replace(b'"status": "200"', b'"status": "404"', 1))
    return "A line of the index does not describe"


def edit_a_seed_file(data: Path) -> str:
    file = first_file(data)
    file.write_bytes(file.read_bytes() + b" And so on.")
    return f"The seed file {file.parent.name}/{file.name} of"


def remove_a_seed_file(data: Path) -> str:
    file = first_file(data)
    file.unlink()
    return f"The seed file {file.parent.name}/{file.name} of"


def add_a_file(data: Path) -> str:
    file = first_file(data).with_name("900_0123456789abcdef.txt")
    file.write_bytes(b" date 2021-01 Nothing of the kind took place.")
    return "900_0123456789abcdef.txt is in the corpus, but the catalogue does not know it"


def edit_file_and_row(data: Path) -> str:
    row = articles(data)[0]
    name = put(data, row, row["month"], row["text"] + " And so on.", row["number"])
    return f"{name} would have another text"


def move_to_another_month(data: Path) -> str:
    row = articles(data)[0]
    return f"{put(data, row, '2020-12', row['text'], 0)} would have the month {row['month']}"


def remove_article_and_row(data: Path) -> str:
    row = articles(data)[0]
    (data / "corpus" / row["file"]).unlink()
    change(data, "delete from date_evidence where article_id = ?", row["id"])
    change(data, "delete from article where id = ?", row["id"])
    return f"{row['url']} would be in the corpus"


def change_column(column: str, value: object) -> Callable[[Path], str]:
    def change_it(data: Path) -> str:
        row = articles(data)[0]
        change(data, f"update article set {column} = ? where id = ?", value, row["id"])
        return f"The catalogue has another {column} of {row['url']}"

    change_it.__name__ = f"change_the_{column}"
    return change_it


def change_a_text(data: Path) -> str:
    row = articles(data)[0]
    change(data, "update article set text = 'Nothing.' where id = ?", row["id"])
    return f"The row of {row['file']} of {row['url']} was changed: its parts do not fit together"


def name_a_file_elsewhere(data: Path) -> str:
    row = articles(data)[0]
    change(data, "update article set file = '/dev/zero', number = 'x' where id = ?", row["id"])
    return f"The row of /dev/zero of {row['url']} was changed"


def make_a_file_a_folder(data: Path) -> str:
    file = first_file(data)
    file.unlink()
    file.mkdir()
    return f"The seed file {file.parent.name}/{file.name} of"


def change_a_place(data: Path) -> str:
    row = articles(data)[0]
    change(data, "update capture set offset = 0 where id = ?", row["capture_id"])
    return f"At octet 0 of {row['warc']} lies another record than that of the page {row['url']}"


def change_a_fate(data: Path) -> str:
    [url] = ask(data, "select url from url where fate = 'off_topic' limit 1")[0]
    change(data, "update article set fate = 'undated' where url_id = (select id from url where url = ?)", url)
    return f"{url} would be off_topic; it is undated"


def change_date_evidence(data: Path) -> str:
    row = articles(data)[0]
    change(data, "update date_evidence set value = '1999-01' where article_id = ?", row["id"])
    return f"The catalogue has another dates of {row['url']}"


TAMPERING = [
    change_a_byte,
    write_another_body,
    remove_a_record,
    remove_the_warc,
    swap_manifest_lines,
    change_the_manifest,
    cut_the_manifest,
    change_an_index_line,
    edit_a_seed_file,
    remove_a_seed_file,
    add_a_file,
    edit_file_and_row,
    move_to_another_month,
    remove_article_and_row,
    change_column("title", "Nothing happened"),
    change_column("conflict", 0.99),
    change_column("source", "somebody-else"),
    change_a_text,
    name_a_file_elsewhere,
    make_a_file_a_folder,
    change_a_place,
    change_a_fate,
    change_date_evidence,
]


def test_what_is_intact_has_no_fault(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(data) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("Checked ")
    assert line.endswith("and derived the corpus again: no fault.")


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_tampering_is_named(
    data: Path, tamper: Callable[[Path], str], capsys: pytest.CaptureFixture[str]
) -> None:
    named = tamper(data)
    assert verify(data) == 1
    said = capsys.readouterr().out
    assert named in said
    assert "fault" in said.splitlines()[-1]


# --- what is no fault ----------------------------------------------------------------------
def test_what_an_upgrade_would_change_is_listed_and_is_no_fault(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts, months = lone_articles(data)[:2]
    text = extracted_earlier(data, texts, text=texts["text"].rpartition("\n\n")[0])
    month = extracted_earlier(data, months, month="2020-12")
    assert verify(data) == 0
    said = capsys.readouterr().out
    assert f"{text} would have another text: extracted by {EARLIER}, now " in said
    assert f"{month} would have the month {months['month']}: extracted by {EARLIER}, now " in said
    assert "2 articles of the corpus and 0 other entries" in said
    assert "scrapy rederive" in said


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (
            {"RELEVANCE_MODE": "off"},
            "would be in the corpus; it is off_topic: judged by mode both, now mode off",
        ),
        (
            {"RIGHTS_POLICY": "drop"},
            "would not be in the corpus: rights_dropped: judged by another RIGHTS_POLICY",
        ),
    ],
)
def test_other_settings_explain_a_difference(
    data: Path, settings: dict[str, str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(data, **settings) == 0
    assert named in capsys.readouterr().out


def test_a_page_that_a_killed_run_left_pending_is_no_fault(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = lone_articles(data)[0]
    leave_pending(data, row)
    assert verify(data) == 0
    assert f"{row['url']} would be in the corpus" in capsys.readouterr().out


def test_a_file_that_a_killed_run_left_open_is_no_fault(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = warc(data)
    path.rename(f"{path}.open")
    assert verify(data) == 0
    assert f"{path.name} is still open: a crawl was killed" in capsys.readouterr().out


def test_other_indexes_are_no_difference(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, row in enumerate(reversed(articles(data))):
        put(data, row, row["month"], row["text"], 100 + number)
    assert verify(data) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_which_of_equal_texts_is_kept_is_no_difference(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = next(row for row in articles(data, everything=True) if row["fate"] == "syndicated")
    kept = next(row for row in articles(data) if row["url"] == other["duplicate_of"])
    put(data, other, other["month"], other["text"], 500)
    change(data, "update article set fate = 'saved', duplicate_of = null where id = ?", other["id"])
    (data / "corpus" / kept["file"]).unlink()
    change(
        data,
        "update article set file = null, number = null, sha256 = null, fate = 'syndicated', duplicate_of = ? "
        "where id = ?",
        *(other["url"], kept["id"]),
    )
    assert verify(data) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


# --- archives of others --------------------------------------------------------------------
def save_page(path: Path, *paragraphs: str) -> Path:
    """A WARC with one page of an invented newspaper."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    page = (
        '<html lang="en"><head><title>Bridge over the Orla reopened</title>'
        '<meta property="article:published_time" content="2021-01-28T10:00:00+01:00"></head>'
        f"<body><article><h1>Bridge over the Orla reopened</h1>{text}</article></body></html>"
    )
    archive = Archive()
    archive.exchange("https://orla.example/bridge", answer(page.encode(), "Content-Type: text/html"))
    return archive.save(path)


def test_a_text_that_a_later_run_replaced_is_derived_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paragraphs = [
        f"The bridge number {number} over the Orla was reopened to traffic on Thursday, " * 3
        + "said the council."
        for number in range(4)
    ]
    data, settings = tmp_path / "data", {"RELEVANCE_MODE": "off"}
    for name, text in (("first", paragraphs[:3]), ("later", paragraphs)):
        path = save_page(tmp_path / f"{name}.warc.gz", *text)
        run_crawl("replay", settings | {"DATA_DIR": str(data)}, path=str(path))
    [row] = articles(data)
    assert (row["fate"], row["text"].count("said the council")) == ("updated", 4)
    assert verify(data, **settings) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    (data / "corpus" / ".revisions" / row["revises"]).unlink()
    assert verify(data, **settings) == 1
    assert f"The seed file .revisions/{row['revises']} of" in capsys.readouterr().out


@pytest.fixture
def foreign(newsroom_crawl: Path, tmp_path: Path) -> Path:
    """An archive out of which articles were derived where it lies."""
    copy = shutil.copytree(newsroom_crawl / "collections" / "news" / "archive", tmp_path / "foreign")
    run_crawl("replay", {"DATA_DIR": str(tmp_path / "data")}, path=str(copy))
    return Path(copy)


def test_articles_from_archives_of_others_are_derived_again(
    foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(foreign.parent / "data") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    extracted_earlier(foreign.parent / "data", articles(foreign.parent / "data")[0], month="2020-12")
    assert verify(foreign.parent / "data") == 0
    assert "would have the month" in capsys.readouterr().out


def test_an_archive_of_others_that_is_gone_is_named_once(
    foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = max(foreign.iterdir())
    sha256 = RecordFile(file).sha256()
    file.unlink()
    assert verify(foreign.parent / "data") == 1
    said = capsys.readouterr().out.splitlines()
    assert str(file) in said[0]
    assert f"SHA-256 {sha256}" in said[0]
    assert len(said) == 2


def test_an_archive_of_others_that_was_changed_is_named(
    foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = max(foreign.iterdir())
    file.write_bytes(file.read_bytes()[:-1])
    assert verify(foreign.parent / "data") == 1
    assert f"{file}, from which articles were derived, was changed" in capsys.readouterr().out


# --- whose data, and where -----------------------------------------------------------------
def test_somebody_elses_archive_is_checked_without_a_key(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = read_key(Path(os.environ[SIGNING_KEY]))
    assert key is not None
    no_key = tmp_path / "none.pem"
    assert verify(data, "--key", key.id, ARCHIVE_SIGNING_KEY=str(no_key)) == 0
    assert not no_key.exists()
    assert verify(data, "--key", "0" * 16, ARCHIVE_SIGNING_KEY=str(no_key)) == 1
    assert f"signed by the key {key.id}, not by {'0' * 16}" in capsys.readouterr().out


def test_a_read_only_copy_is_checked_and_left_as_it_is(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(data)
    make_read_only(data, monkeypatch)
    assert verify(data) == 0
    assert "The data directory is read-only" in capsys.readouterr().out
    assert snapshot(data) == before


def make_read_only(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse what verify writes there; the tests' user may be one whom no file mode stops."""

    def refuse(*_: object) -> NoReturn:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(data))

    def make_folder(prefix: str, dir: Path) -> Any:  # the name that tempfile gave it
        return refuse() if dir == data else TemporaryDirectory(prefix=prefix, dir=dir)

    def open_file(path: Path, mode: str = "r", **how: Any) -> IO[Any]:
        return refuse() if path.is_relative_to(data) and mode[0] != "r" else really_open(path, mode, **how)

    really_open = Path.open
    monkeypatch.setattr(Path, "open", open_file)
    monkeypatch.setattr(rederivation, "TemporaryDirectory", make_folder)


def snapshot(data: Path) -> dict[str, tuple[int, bytes]]:
    files = [path for path in sorted(data.rglob("*")) if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_a_run_that_holds_the_data_keeps_verify_away(data: Path) -> None:
    with DataDir.at(data).held(), pytest.raises(DataDirBusy) as refusal:
        verify(data)
    assert refusal.value.exit_code == 75


def test_a_folder_without_data_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="There is no catalogue in") as refusal:
        verify(tmp_path)
    assert refusal.value.exit_code == 2


def test_a_person_runs_it_in_a_process_of_its_own(data: Path) -> None:
    result = scrapy("verify", "-s", f"DATA_DIR={data}")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stderr == ""
    assert not list(data.glob(".rederived-*"))
