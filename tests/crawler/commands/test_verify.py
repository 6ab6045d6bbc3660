"""`scrapy verify`: what is intact has no fault, and whose data it checks where."""

import errno
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, NoReturn

import pytest

from archive.evidence.signing import read_key
from crawler.audit import rederivation
from crawler.data_dir import DataDir, DataDirBusy
from crawler.errors import OperatorError
from tests.support.commands import start_scrapy
from tests.support.session import SIGNING_KEY
from tests.support.verifying import verify

pytestmark = pytest.mark.usefixtures("replays_here")


def test_what_is_intact_has_no_fault(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(data) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("Checked ")
    assert line.endswith("and derived the corpus again: no fault.")


def test_another_persons_archive_is_checked_without_a_key(
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
    result = start_scrapy("verify", "-s", f"DATA_DIR={data}")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stderr == ""
    assert not list(data.glob(".rederived-*"))
