"""README is right about commands, settings and files."""

import re
import shlex
from argparse import ArgumentError, ArgumentParser
from importlib import import_module
from itertools import dropwhile, takewhile
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


def commands(page: str = README) -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    whole = [block.replace("\\\n", " ") for block in blocks]
    lines = [line.partition(" #")[0].strip() for block in whole for line in block.splitlines()]
    return [shlex.split(line) for line in lines if line]


def scrapy_commands(page: Path) -> list[list[str]]:
    """What a page gives to `scrapy`, without redirections; lines that say what may be given are left out."""
    found = []
    for words in commands(page.read_text(encoding="utf-8")):
        given = [*dropwhile(lambda word: word not in ("scrapy", ".venv/bin/scrapy"), words)][1:]
        given = [*takewhile(lambda word: word not in (">", "&&", "||"), given)]
        if given and not re.search(r"[|\[…<]|\b[A-Z]{3,}\b(?!=)", " ".join(given)):
            found.append(given)
    return found


def refused(words: list[str]) -> str | None:
    """Why `scrapy` would refuse a command before it does anything; None if it would not."""
    name, *arguments = words
    if not (ROOT / "crawler" / "commands" / f"{name}.py").is_file():
        return f"there is no command {name}"
    command = import_module(f"crawler.commands.{name}").Command()
    command.settings = get_project_settings()
    parser = ArgumentParser(exit_on_error=False)
    command.add_options(parser)
    try:
        _, rest = parser.parse_known_args(arguments)
    except ArgumentError as error:
        return str(error)
    unknown = [each for each in rest if each.startswith("-") and each != "-"]
    settings = [each.partition("=")[0] for at, each in enumerate(arguments) if arguments[at - 1] == "-s"]
    return ", ".join([*unknown, *(each for each in settings if each not in command.settings)]) or None


def test_no_answer_to_a_daily_question_would_be_refused() -> None:
    page = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    given = [shlex.split(text)[1:] for text in re.findall(r"`(scrapy [^`>]*)", page)]
    assert len(given) > 30
    assert [each for each in [(words, refused(words)) for words in given] if each[1]] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_command_of_a_page_would_be_refused(page: Path) -> None:
    found = [(words, refused(words)) for words in scrapy_commands(page)]
    assert [each for each in found if each[1]] == []


def test_the_commands_of_pages_are_found() -> None:
    assert {"demo", "crawl", "trace", "export"} <= {words[0] for words in scrapy_commands(ROOT / "README.md")}
    assert refused(["search", "--no-such-option", "drones"]) == "--no-such-option"
    assert refused(["searhc"]) == "there is no command searhc"
    assert refused(["verify", "-s", "NO_SUCH_SETTING=1"]) == "NO_SUCH_SETTING"


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
