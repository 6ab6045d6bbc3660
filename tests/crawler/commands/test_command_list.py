"""`scrapy` alone lists our commands by purpose; shells complete them."""

import re
import shutil
import subprocess
from argparse import ArgumentParser
from pkgutil import iter_modules

import pytest
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

import crawler.commands
from crawler.cli.command_list import GROUPS, OF_SCRAPY, REFUSED, groups_of
from crawler.cli.completion import SHELLS, completed
from crawler.exit_codes import OK, USAGE
from tests.support.commands import scrapy

OURS = {module.name for module in iter_modules(crawler.commands.__path__)}


def settings() -> Settings:
    made = Settings()
    made.setmodule("crawler.settings")
    return made


def test_every_command_of_ours_has_a_purpose() -> None:
    grouped = {name for names in GROUPS.values() for name in names}
    assert OURS - grouped - {*OF_SCRAPY, *REFUSED} == set()
    assert grouped <= OURS


@pytest.mark.parametrize("name", sorted(OURS - {*REFUSED}))
def test_the_default_that_help_names_is_the_one_that_holds(name: str) -> None:
    command = load_object(f"crawler.commands.{name}.Command")()
    command.settings = settings()
    parser = ArgumentParser()
    command.add_options(parser)
    for action in parser._actions:
        if named := re.search(r"default: (\d+)\b", action.help or ""):
            assert str(action.default) == named[1], action.option_strings


def test_what_is_in_no_group_is_listed_too() -> None:
    assert [*groups_of(["crawl", "news_room"])] == [("Gather", ["crawl"]), ("More", ["news_room"])]


def test_without_a_command_the_list_is_shown() -> None:
    shown = scrapy()
    assert shown.returncode == OK
    assert "\nGather\n  crawl " in shown.stdout
    assert "\nScrapy's own\n  bench check" in shown.stdout


def completions(shell: str) -> str:
    return "\n".join(SHELLS[shell](completed(settings())))


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["scrapy", "cr"], "crawl"),
        (["scrapy", "crawl", "re"], "replay"),
        (["scrapy", "sources", "ch"], "check"),
        (["scrapy", "-L", "INFO", "verify", "--al"], ""),
        (["frontwire", "verify", "--al"], "--all-places"),
    ],
)
def test_bash_completes(words: list[str], offered: str) -> None:
    ask = f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; _frontwire; echo ${{COMPREPLY[*]}}"
    ran = subprocess.run(
        ["bash", "-c", f"{completions('bash')}\n{ask}"], capture_output=True, text=True, check=True
    )
    assert (ran.stdout.strip(), ran.stderr) == (offered, "")


@pytest.mark.parametrize(("shell", "check"), [("zsh", ["-n"]), ("fish", ["--no-execute"])])
def test_other_shells_can_read_theirs(shell: str, check: list[str]) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    subprocess.run([program, *check], input=completions(shell), text=True, check=True)


def test_a_shell_must_be_named() -> None:
    refused = scrapy("completion", "tcsh")
    assert (refused.returncode, refused.stderr) == (
        USAGE,
        "frontwire: Name your shell: scrapy completion bash | zsh | fish.\n",
    )
