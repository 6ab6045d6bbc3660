"""Commands in sentences are as they have to be typed where the sentence is read."""

import logging
import sys
from pathlib import Path

import pytest

from crawler.errors import OperatorError, leave
from crawler.program import HOME, as_typed, program, remember_data_dir, remember_program
from crawler.terminal import prepare

SENTENCE = (
    "Nothing waits: `scrapy review list` shows it, or scrapy browse. It is Scrapy's own; see myscrapy crawl."
)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.program._given", {})
    monkeypatch.delenv("PYTHONPATH", raising=False)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A virtual environment in the folder in which commands are given, not activated."""
    script = tmp_path / ".venv" / "bin" / "scrapy"
    script.parent.mkdir(parents=True)
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [".venv/bin/scrapy", "crawl", "news"])
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return script


def test_the_program_is_named_as_it_was_typed(environment: Path) -> None:
    assert as_typed(SENTENCE) == (
        "Nothing waits: `.venv/bin/scrapy review list` shows it, or .venv/bin/scrapy browse. "
        "It is Scrapy's own; see myscrapy crawl."
    )
    assert as_typed(as_typed(SENTENCE)) == as_typed(SENTENCE)


def test_in_an_activated_environment_its_name_is_enough(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{environment.parent}:/usr/bin")
    monkeypatch.setattr(sys, "argv", [str(environment)])
    assert as_typed(SENTENCE) == SENTENCE


def test_a_folder_of_ones_own_needs_the_path_of_the_checkout(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HOME))
    assert as_typed("scrapy doctor says it.") == f"PYTHONPATH={HOME} .venv/bin/scrapy doctor says it."
    monkeypatch.chdir(HOME)
    assert "PYTHONPATH" not in as_typed("scrapy doctor says it.")


def test_commands_are_about_the_data_that_was_named() -> None:
    remember_data_dir("my data")
    assert as_typed("`scrapy review list`") == "`scrapy review list -s 'DATA_DIR=my data'`"
    assert as_typed("Next: scrapy verify -s DATA_DIR=other") == "Next: scrapy verify -s DATA_DIR=other"
    assert as_typed("usage: scrapy audit [draw]") == "usage: scrapy audit [draw]"
    assert as_typed(as_typed("scrapy gaps.")) == "scrapy gaps -s 'DATA_DIR=my data'."


def test_errors_and_the_log_say_it_so(
    environment: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    prepare()
    with pytest.raises(SystemExit):
        leave(OperatorError("None was drawn: scrapy audit draw does it."))
    assert capsys.readouterr().err == "frontwire: None was drawn: .venv/bin/scrapy audit draw does it.\n"
    made = logging.getLogger("crawler").makeRecord("crawler", logging.INFO, "", 1, SENTENCE, (), None)
    assert made.getMessage() == as_typed(SENTENCE)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("/opt/env/bin/frontwire", "/opt/env/bin/frontwire"),
        ("-c", "scrapy"),
        ("crawler/__main__.py", "scrapy"),
    ],
)
def test_the_program_of_an_installation_is_named(typed: str, named: str) -> None:
    remember_program(typed)
    assert program() == named
