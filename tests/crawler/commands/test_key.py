"""`scrapy key` shows and rotates the signing key, whatever was left by a rotation before."""

from pathlib import Path

import pytest

from archive.errors import KeyMissing
from archive.evidence.manifest import Manifest
from archive.evidence.signing import read_key, read_or_make_key, renew_key
from archive.warc.closed_file import ClosedWarc
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from tests.support.commands import call


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "key.pem"


def manifest(data: Path, path: Path) -> Manifest:
    return Manifest(data / "collections" / "news", path)


def signed(data: Path, path: Path) -> Manifest:
    """A data directory with a file that the key has signed."""
    made = manifest(data, path)
    made.add(ClosedWarc(f"news-{data.name}.warc.gz", 100, 64 * "0", 3, "", ""))
    return made


def key(*arguments: str, data: Path, path: Path) -> int:
    return call("key", *arguments, DATA_DIR=str(data), ARCHIVE_SIGNING_KEY=str(path))


def test_a_key_is_shown_with_what_the_manifest_expects(
    tmp_path: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert key("show", data=tmp_path, path=path) == OK
    assert "none yet" in capsys.readouterr().out
    assert not path.exists()
    signed(tmp_path, path)
    assert key("show", data=tmp_path, path=path) == OK
    assert capsys.readouterr().out.count(read_or_make_key(path).id) == 2


def test_a_rotation_makes_one_new_key_for_which_the_old_one_vouches(tmp_path: Path, path: Path) -> None:
    chain = signed(tmp_path, path)
    old = read_or_make_key(path)
    assert key("rotate", data=tmp_path, path=path) == OK
    new = read_or_make_key(path)
    assert new.id != old.id
    assert [line.public_key for line in chain.lines()] == [old.public_key] * 2
    assert chain.public_key == new.public_key


def test_a_rotation_that_was_killed_goes_on_with_its_key(tmp_path: Path, path: Path) -> None:
    chain = signed(tmp_path, path)
    new = renew_key(path)  # and the manifest was not told
    assert key("rotate", data=tmp_path, path=path) == OK
    assert read_or_make_key(path).id == new.id
    assert chain.public_key == new.public_key


def test_a_second_data_directory_takes_the_key_that_is_there(tmp_path: Path, path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    chains = [signed(each, path) for each in (first, second)]
    for data in (first, second):
        assert key("rotate", data=data, path=path) == OK
    keys = {chain.public_key for chain in chains}
    assert keys == {read_or_make_key(path).public_key}


def test_a_lost_key_is_replaced_only_if_it_is_lost(tmp_path: Path, path: Path) -> None:
    chain = signed(tmp_path, path)
    old = read_or_make_key(path)
    with pytest.raises(OperatorError, match=r"is not lost, it is at .*key\.pem: leave --lost out"):
        key("rotate", "--lost", data=tmp_path, path=path)
    assert read_or_make_key(path).id == old.id
    path.unlink()
    with pytest.raises(KeyMissing):
        key("rotate", data=tmp_path, path=path)
    assert read_key(path) is None
    assert key("rotate", "--lost", data=tmp_path, path=path) == OK
    assert chain.public_key == read_or_make_key(path).public_key


@pytest.mark.parametrize("arguments", [[], ["hide"], ["show", "--lost"]])
def test_other_arguments_are_refused(tmp_path: Path, path: Path, arguments: list[str]) -> None:
    with pytest.raises(OperatorError, match="usage: scrapy key"):
        key(*arguments, data=tmp_path, path=path)


def test_without_a_file_there_is_no_key_to_show(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="ARCHIVE_SIGNING_KEY is empty"):
        call("key", "show", DATA_DIR=str(tmp_path), ARCHIVE_SIGNING_KEY="")
