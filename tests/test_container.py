"""What the container file names is there, and is what the settings call it; no engine is needed to see that."""

import re
import subprocess
import sys
from pathlib import Path

from crawler.configuration import PREFIX
from crawler.settings import table
from tests.support.checkout import ROOT

FILE = ROOT / "deploy" / "Containerfile"
TEXT = FILE.read_text(encoding="utf-8")


def test_what_is_copied_is_in_the_checkout() -> None:
    copied = [path for line in re.findall(r"^COPY (.*) \S+$", TEXT, re.MULTILINE) for path in line.split()]
    assert {"crawler", "archive", "pipelines", "seeds", "scrapy.cfg", "requirements.lock"} <= {*copied}
    assert [path for path in copied if not (ROOT / path).exists()] == []


def test_what_it_sets_are_settings_and_lies_in_its_volumes() -> None:
    given = dict(re.findall(rf"{PREFIX}(\w+)=(\S+)", TEXT))
    assert given.keys() == {"DATA_DIR", "ARCHIVE_SIGNING_KEY"} <= table.keys()
    assert all(any(path.startswith(volume) for volume in ("/data", "/keys")) for path in given.values())
    assert 'VOLUME ["/data", "/keys"]' in TEXT


def test_it_does_not_run_as_root() -> None:
    assert TEXT.index("\nUSER 10001\n") < TEXT.index("\nENTRYPOINT ")


def test_its_python_is_one_that_frontwire_runs_on() -> None:
    [minor] = re.findall(r"^FROM \S+/python:3\.(\d+)-slim", TEXT, re.MULTILINE)
    assert int(minor) >= 11


def test_the_linter_of_container_files_finds_nothing() -> None:
    subprocess.run([Path(sys.executable).parent / "hadolint", FILE], check=True)
