"""The seeds that people put into their folder."""

from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.errors import OperatorError
from crawler.relevance.seeds import profile_in_force, read_seeds


def test_seeds_are_read_in_the_order_of_their_names_hidden_files_left_out(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"\xef\xbb\xbfdate 2021-02 Tarn burned.\r\n")
    (tmp_path / "a.txt").write_bytes(b" date 2021-01 Vella fell.")
    (tmp_path / ".a.txt.swp.txt").write_bytes(b"an editor's own")
    (tmp_path / "notes.md").write_bytes(b"no seed")
    assert read_seeds(tmp_path) == [("Vella fell.",), ("Tarn burned.",)]


def test_a_seed_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_bytes("date 2021-01 Vella\n\ncafé".encode("latin-1"))
    with pytest.raises(
        OperatorError, match=r"own\.txt is not a seed document: Line 3 .* save the file as UTF-8"
    ):
        read_seeds(tmp_path)


@pytest.mark.parametrize("kind", ["folder", "dangling link", "unreadable"])
def test_a_file_that_cannot_be_opened_is_one_sentence(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.txt"
    if kind == "folder":
        file.mkdir()
    elif kind == "dangling link":
        file.symlink_to(tmp_path / "gone")
    else:
        file.touch()
        monkeypatch.setattr(Path, "read_bytes", _refuse)
    with pytest.raises(OperatorError, match=rf"Cannot read the seed document {file}: [A-Z].*-a seeds="):
        read_seeds(tmp_path)


def test_a_folder_that_cannot_be_read_is_not_called_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "iterdir", _refuse)
    with pytest.raises(
        OperatorError, match=rf"Cannot read the folder of seeds {tmp_path}: Permission denied"
    ):
        read_seeds(tmp_path)


@pytest.mark.parametrize("name", ["empty", "absent", "file"])
def test_a_folder_without_seeds_says_what_to_do(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(OperatorError, match="No seed document"):
        read_seeds(tmp_path / name)


def _refuse(*_: object) -> bytes:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("setting", [True, False])
def test_the_encoder_is_asked_where_the_settings_have_it_and_the_caller_wants_it(
    asks: bool, setting: bool, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_bytes(b" date 2021-01 Vella fell.")
    values = {
        "SEEDS_DIR": str(tmp_path),
        "RELEVANCE_MODE": "both",
        "RELEVANCE_ENCODER": setting,
        "DATA_DIR": str(tmp_path / "data"),
    }
    assert profile_in_force(Settings(values), asks).asks_encoder is (asks and setting)
