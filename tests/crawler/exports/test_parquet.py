"""Parquet files and the folder of a dataset are read back as they were written."""

import io
from pathlib import Path

import pytest

from crawler.errors import OperatorError
from crawler.exports import dataset_folder, parquet
from crawler.exports.export_columns import COLUMNS
from tests.support.exported_rows import article_row, bytes_of, export_of

pq = pytest.importorskip("pyarrow.parquet", reason="the extra `parquet` is not installed")

ROWS = [
    article_row(title="قُصف الميناء", conflict=0.5, offset=0, terms=("قصف", "Tarn")),
    article_row(title=None, language=None, published=None, month=None),
    article_row(title="港口", language="zh"),
]
EVERY = tuple(COLUMNS)


def test_values_and_types_are_kept() -> None:
    written = bytes_of(parquet.write_parquet, export_of(*ROWS, columns=EVERY))
    table = pq.read_table(io.BytesIO(written))
    assert table.column_names == list(EVERY)
    first, second, _ = table.to_pylist()
    assert (first["title"], first["terms"], first["offset"]) == ("قُصف الميناء", ["قصف", "Tarn"], 0)
    assert (first["date_conflict"], first["conflict"], second["title"]) == (False, 0.5, None)


def test_a_corpus_without_articles_has_its_columns() -> None:
    table = pq.read_table(io.BytesIO(bytes_of(parquet.write_parquet, export_of(columns=EVERY))))
    assert (table.num_rows, table.column_names) == (0, list(EVERY))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_dataset_has_all_articles_and_a_card(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "AT_ONCE", 1)
    monkeypatch.setattr(dataset_folder, "GROUPS_A_FILE", 2)
    folder = tmp_path / "set"
    dataset_folder.write_dataset(export_of(*ROWS[:count], columns=("title", "terms")), folder)
    files = sorted((folder / "data").iterdir())
    assert len(files) == max(1, (count + 1) // 2)
    titles = [title for file in files for title in pq.read_table(file)["title"].to_pylist()]
    assert titles == [row.title for row in ROWS[:count]]
    card = (folder / "README.md").read_text("utf-8")
    assert f"\n{count} news articles" in card
    assert "path: data/train-*.parquet" in card
    assert [each.name for each in tmp_path.iterdir()] == ["set"]


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="exists: name a new folder"):
        dataset_folder.write_dataset(export_of(), tmp_path)


def test_what_broke_off_leaves_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OperatorError, match="Not a directory"):
        dataset_folder.write_dataset(export_of(), tmp_path / "file" / "set")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
