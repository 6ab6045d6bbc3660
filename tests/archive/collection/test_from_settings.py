"""What the settings of a project make of its collection."""

from pathlib import Path

import pytest
from scrapy.settings import Settings

from archive.collection.from_settings import make_collection, make_manifest
from archive.errors import InvalidSetting, KeyForeign
from archive.evidence.manifest import Manifest
from archive.warc.closed_file import ClosedWarc
from archive.warc.response import TransferCoding


def settings(folder: Path, **given: object) -> Settings:
    return Settings({"DATA_DIR": str(folder / "data"), "BOT_NAME": "valdorie", **given})


@pytest.mark.parametrize("prefix", ["_news", "-news", ".news", "a/b", "a b", "ü", "news\n"])
def test_a_prefix_that_is_no_name_of_a_file_is_refused(tmp_path: Path, prefix: str) -> None:
    with pytest.raises(InvalidSetting, match=r"^ARCHIVE_PREFIX is '.*': file names may begin"):
        make_collection(settings(tmp_path, ARCHIVE_PREFIX=prefix))


@pytest.mark.parametrize("size", [0, -1])
def test_a_file_has_at_least_a_byte(tmp_path: Path, size: int) -> None:
    with pytest.raises(InvalidSetting, match=f"^ARCHIVE_MAX_BYTES is {size}: "):
        make_collection(settings(tmp_path, ARCHIVE_MAX_BYTES=size))
    make_collection(settings(tmp_path, ARCHIVE_MAX_BYTES=1))


@pytest.mark.parametrize(
    ("given", "coding"),
    [({}, "decoded"), ({"ARCHIVE_TRANSFER_CODING": "as-received"}, "as-received")],
)
def test_chunks_are_joined_unless_they_are_asked_for(
    tmp_path: Path, given: dict[str, str], coding: str
) -> None:
    assert make_collection(settings(tmp_path, **given)).coding is TransferCoding(coding)


@pytest.mark.parametrize(
    ("given", "name"),
    [({}, "valdorie"), ({"ARCHIVE_PREFIX": "a.b-c_1"}, "a.b-c_1"), ({"ARCHIVE_PREFIX": ""}, "valdorie")],
)
def test_files_have_the_prefix_or_the_name_of_the_bot(
    tmp_path: Path, given: dict[str, str], name: str
) -> None:
    collection = make_collection(settings(tmp_path, **given))
    collection.state("review", {"who": "Ada"})
    collection.finish_file()
    [path] = (tmp_path / "data" / "collections" / "news" / "archive").iterdir()
    assert path.name.startswith(f"{name}-20")
    assert collection.manifest is None


@pytest.mark.parametrize(
    "place", ["data/key.pem", "data/keys/key.pem", "elsewhere/key.pem", "elsewhere/archive/k"]
)
def test_a_key_among_the_data_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.chdir(tmp_path)
    for data, key in (("data", tmp_path / place), (tmp_path / "data", Path(place))):
        given = settings(tmp_path, ARCHIVE_SIGNING_KEY=str(key), DATA_DIR=str(data))
        with pytest.raises(
            InvalidSetting, match=f"^ARCHIVE_SIGNING_KEY is {tmp_path / place}, among the data"
        ):
            make_manifest(given, Path("elsewhere"))


def test_a_key_that_cannot_go_on_is_refused_before_anything_is_fetched(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "collections" / "news"
    Manifest(folder, tmp_path / "old.pem").add(ClosedWarc("news-0.warc.gz", 100, 64 * "0", 3, "", ""))
    Manifest(folder, tmp_path / "new.pem").make_key()

    assert make_collection(settings(tmp_path, ARCHIVE_SIGNING_KEY=str(tmp_path / "old.pem"))).manifest
    with pytest.raises(KeyForeign):
        make_collection(settings(tmp_path, ARCHIVE_SIGNING_KEY=str(tmp_path / "new.pem")))
