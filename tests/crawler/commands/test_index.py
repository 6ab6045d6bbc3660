"""`scrapy index`: from our index to a table, and to what of it is wanted."""

import gzip
import json
from pathlib import Path

import pytest

from crawler.errors import OperatorError
from tests.support.commands import call

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

LINE = 'example,tolm)/{0} 2021012810000{0} {{"url": "https://tolm.example/{0}", "mime": "text/html", "status": "200", '
LINE += '"digest": "sha1:A", "length": "9", "offset": "1", "filename": "a.warc.gz"}}\n'


def test_the_index_of_the_data_directory_is_written_and_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    indexes, out = tmp_path / "collections" / "news" / "indexes", str(tmp_path / "index.parquet")
    indexes.mkdir(parents=True)
    (indexes / "index.cdxj").write_text(LINE.format(1) + LINE.format(3), encoding="utf-8")
    (indexes / "index-1.cdxj").write_text(LINE.format(2), encoding="utf-8")
    assert call("index", "export", "--output", out, DATA_DIR=str(tmp_path)) == 0
    assert "3 records in" in capsys.readouterr().err

    assert (
        call("index", "query", out, "--host", "tolm.example", "--mime", "text/html", "--since", "2021-01")
        == 0
    )
    shown = [json.loads(each)["url"] for each in capsys.readouterr().out.splitlines()]
    assert shown == [f"https://tolm.example/{number}" for number in (1, 2, 3)]
    assert call("index", "query", out, "--status", "404", "--count") == 0
    assert capsys.readouterr().out == "0\n"


def test_indexes_of_others_are_read_compressed_too_and_damage_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cdx-00000.cdxj.gz"
    file.write_bytes(gzip.compress(LINE.format(1).encode() + b"example,tolm)/2 no line\n"))
    assert call("index", "export", str(file), "--output", str(tmp_path / "index.parquet")) == 1
    shown = capsys.readouterr().err
    assert "1 records in" in shown and "1 damaged lines" in shown


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("export",), "usage: "),
        (("query",), "usage: "),
        (("look", "a"), "usage: "),
        (("export", "gone.cdxj", "--output", "a.parquet"), "no index .* at gone.cdxj"),
        (("query", "a.parquet", "--status", "4xx"), "--status is '4xx'"),
        (("query", "a.parquet", "--since", "yesterday"), "--since is 'yesterday'"),
        (("query", "gone.parquet"), "Cannot read gone.parquet"),
    ],
)
def test_wrong_arguments_are_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(OperatorError, match=sentence):
        call("index", *arguments)
