"""`scrapy doctor` says of each thing how it is, and what to do."""

from pathlib import Path

import pytest

from crawler.cli.health import CHECKS
from crawler.exit_codes import FAILED, OK
from tests.support.catalogues import change
from tests.support.commands import call
from tests.support.outcomes import FEED, ended
from tests.support.scripted_runs import run, script


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory in which a run ended well."""
    folder = tmp_path / "data"
    recorder = run(folder, script(lambda recorder: recorder.record(ended(FEED)), FEED))
    assert recorder.closing_line
    return folder


def examined(
    data: Path, capsys: pytest.CaptureFixture[str], code: int, **settings: object
) -> dict[str, tuple[str, str]]:
    """By subject how it is, and the sentence."""
    assert call("doctor", DATA_DIR=str(data), **settings) == code
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(CHECKS)
    return {line[7:17].strip(): (line[:6].strip(), line[18:]) for line in lines}


def test_what_is_well_is_said_to_be(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = examined(data, capsys, OK, OPERATOR="Ada Veld, ada@veld.example")
    assert {health for health, _ in said.values()} <= {"ok", "note"}
    assert said["operator"] == ("ok", "Publishers see: Ada Veld, ada@veld.example.")
    assert said["catalogue"] == ("ok", "0 articles, 1 URL.")
    assert said["last run"][1].startswith("Run 1 (scripted) began at ")


def test_a_folder_in_which_no_run_was_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = examined(tmp_path / "new", capsys, OK)
    assert said["data"][1].endswith("will be made by the first run.")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("subject", "statement", "words"),
    [
        (
            "last run",
            "update run set exit_code = 3, reason = 'disk_short'",
            "ended with exit code 3 (disk_short)",
        ),
        ("clock", "update run set started = '2199-01-01T00:00:00Z'", "set the clock"),
        ("catalogue", "update schema_version set version = 99", "99"),
    ],
)
def test_what_is_wrong_is_a_fault(
    subject: str, statement: str, words: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(data, statement)
    said = examined(data, capsys, FAILED)
    assert [name for name, (health, _) in said.items() if health == "fault"] == [subject]
    assert words in said[subject][1]


def test_settings_that_a_run_would_refuse_are_faults(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "key.pem"
    key.write_text("no key", encoding="utf-8")
    wrong = {"SEEDS_DIR": str(tmp_path / "none"), "SOURCES": [str(tmp_path / "no.toml")]}
    said = examined(data, capsys, FAILED, MIN_FREE_DISK=10**18, ARCHIVE_SIGNING_KEY=str(key), **wrong)
    assert [name for name, (health, _) in said.items() if health == "fault"] == [
        "disk",
        "key",
        "seeds",
        "sources",
    ]


def test_a_killed_run_is_noted(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "run.lock").touch()
    archive = data / "collections" / "news" / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    (archive / "a.warc.gz.open").touch()
    assert examined(data, capsys, OK)["data"][0] == "note"
