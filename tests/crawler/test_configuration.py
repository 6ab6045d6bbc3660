"""Settings can be given in a file and in the environment; a wrong name is refused, never ignored."""

from pathlib import Path

import pytest

from crawler.configuration import ConfigError, read_config
from tests.support.commands import scrapy

KNOWN = {"DATA_DIR", "DOWNLOAD_DELAY", "OPERATOR"}


def write(folder: Path, text: str) -> Path:
    file = folder / "frontwire.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_file_and_environment_nothing_is_given(tmp_path: Path) -> None:
    assert read_config(KNOWN, tmp_path / "frontwire.toml", {"PATH": "/bin"}) == {}


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, 'DATA_DIR = "a"\nDOWNLOAD_DELAY = 2.5\n')
    given = read_config(KNOWN, file, {"FRONTWIRE_DATA_DIR": "b"})
    assert given == {"DATA_DIR": "b", "DOWNLOAD_DELAY": 2.5}


@pytest.mark.parametrize(
    ("text", "environment", "words"),
    [
        ("DATA_DIRR = 'x'", {}, "did you mean DATA_DIR"),
        ("", {"FRONTWIRE_OPERATER": "x"}, "did you mean OPERATOR"),
        ("DATA_DIR = ", {}, "frontwire.toml"),
        ("xyzzy = 1", {}, "crawler/settings.py"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, environment: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        read_config(KNOWN, write(tmp_path, text), environment)


def test_a_wrong_name_in_the_environment_ends_any_command_with_2() -> None:
    result = scrapy("list", environment={"FRONTWIRE_DATADIR": "x"})
    assert result.returncode == 2
    assert result.stderr.strip() == (
        "frontwire: The environment sets FRONTWIRE_DATADIR, which is no setting: did you mean DATA_DIR?"
    )
