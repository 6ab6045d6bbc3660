"""`scrapy verify` names what was changed in archive, catalogue or corpus."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.warc.files import RecordFile
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from tests.support.catalogues import (
    articles,
    ask,
    change,
    known,
    put,
)
from tests.support.verifying import verify, warc

pytestmark = pytest.mark.usefixtures("replays_here")


def page_record(data: Path) -> WarcRecord:
    """The response record of an article of the corpus."""
    row = articles(data)[0]
    records = read_records(RecordFile(warc(data)), pytest.fail)
    return next(record for record in records if record.offset == row.offset)


def first_file(data: Path) -> Path:
    return min((data / "corpus").glob("2*/*.txt"))


def change_a_byte(data: Path) -> str:
    record, path = page_record(data), warc(data)
    content = bytearray(path.read_bytes())
    content[record.offset + record.length // 2] ^= 1
    path.write_bytes(content)
    return f"{path.name} was changed"


def write_another_body(data: Path) -> str:
    record, path = page_record(data), warc(data)
    content, end = path.read_bytes(), record.offset + record.length
    text = bytearray(gzip.decompress(content[record.offset : end]))
    text[-200] ^= 1
    path.write_bytes(content[: record.offset] + gzip.compress(bytes(text)) + content[end:])
    return "does not have its payload digest"


def remove_a_record(data: Path) -> str:
    record, path = page_record(data), warc(data)
    content = path.read_bytes()
    path.write_bytes(content[: record.offset] + content[record.offset + record.length :])
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
    name = put(data, row, known(row.month), row.text + " And so on.", known(row.number))
    return f"{name} would have another text"


def move_to_another_month(data: Path) -> str:
    row = articles(data)[0]
    return f"{put(data, row, '2020-12', row.text, 0)} would have the month {row.month}"


def remove_article_and_row(data: Path) -> str:
    row = articles(data)[0]
    (data / "corpus" / known(row.file)).unlink()
    change(data, "delete from date_evidence where article_id = ?", row.id)
    change(data, "delete from article where id = ?", row.id)
    return f"{row.url} would be in the corpus"


def change_column(column: str, value: object) -> Callable[[Path], str]:
    def change_it(data: Path) -> str:
        row = articles(data)[0]
        change(data, f"update article set {column} = ? where id = ?", value, row.id)
        return f"The catalogue has another {column} of {row.url}"

    change_it.__name__ = f"change_the_{column}"
    return change_it


def change_a_text(data: Path) -> str:
    row = articles(data)[0]
    change(data, "update article set text = 'Nothing.' where id = ?", row.id)
    return f"The row of {row.file} of {row.url} was changed: its parts do not fit together"


def name_a_file_elsewhere(data: Path) -> str:
    row = articles(data)[0]
    change(data, "update article set file = '/dev/zero', number = 'x' where id = ?", row.id)
    return f"The row of /dev/zero of {row.url} was changed"


def make_a_file_a_folder(data: Path) -> str:
    file = first_file(data)
    file.unlink()
    file.mkdir()
    return f"The seed file {file.parent.name}/{file.name} of"


def change_a_place(data: Path) -> str:
    row = articles(data)[0]
    change(data, "update capture set offset = 0 where record_id = ?", row.record_id)
    return f"At byte 0 of {row.warc} lies another record than that of the page {row.url}"


def change_a_fate(data: Path) -> str:
    [url] = ask(data, "select url from url where fate = 'off_topic' limit 1")[0]
    change(data, "update article set fate = 'undated' where url_id = (select id from url where url = ?)", url)
    return f"{url} would be off_topic; it is undated"


def change_date_evidence(data: Path) -> str:
    row = articles(data)[0]
    change(data, "update date_evidence set value = '1999-01' where article_id = ?", row.id)
    return f"The catalogue has another dates of {row.url}"


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


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_tampering_is_named(
    data: Path, tamper: Callable[[Path], str], capsys: pytest.CaptureFixture[str]
) -> None:
    named = tamper(data)
    assert verify(data) == 1
    said = capsys.readouterr().out
    assert named in said
    assert "fault" in said.splitlines()[-1]
