"""README is right about commands, settings and files."""

import re
import shlex
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from crawler.fates import Fate
from tests.support.checkout import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").glob("*.md")),
]


def commands() -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [shlex.split(line) for line in lines if line]


def test_each_command_exists() -> None:
    used = {words[words.index(".venv/bin/scrapy") + 1] for words in commands() if ".venv/bin/scrapy" in words}
    assert {"demo", "crawl", "trace", "export"} <= used
    for name in used:
        assert (ROOT / "crawler" / "commands" / f"{name}.py").is_file(), name


def test_each_setting_exists() -> None:
    settings = get_project_settings()
    for words in commands():
        for name in re.findall(r"-s (\w+)=", " ".join(words)):
            assert name in settings, name


def test_each_link_leads_to_a_file() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).is_file(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_named_file_of_the_project_is_there(page: Path) -> None:
    named = re.findall(
        r"`((?:crawler|pipelines|archive|tests|bench|seeds|docs|deploy)/[\w./*]*)`",
        page.read_text(encoding="utf-8"),
    )
    examples = ("crawler/commands/NAME.py", "crawler/cli/NAME.py")
    assert [name for name in named if name not in examples and not list(ROOT.glob(name.rstrip("/")))] == []


def test_lock_files_name_no_registry() -> None:
    for lock in sorted(Path(ROOT).glob("requirements*.lock")):
        assert "://" not in lock.read_text(encoding="utf-8"), lock


def test_every_fate_is_explained() -> None:
    explained = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "fates.md").read_text(encoding="utf-8")))
    assert {str(fate) for fate in Fate} <= explained


def test_the_line_for_cron_is_that_of_the_file() -> None:
    [line] = [line for line in README.splitlines() if line.startswith("*/15 ")]
    assert line in (ROOT / "deploy" / "frontwire.cron").read_text(encoding="utf-8").splitlines()
