"""How the commands that we print are typed here: they are pasted, and a newcomer has `.venv/bin/scrapy` only.

All sentences say `scrapy COMMAND`; what goes to a terminal or a log passes through `as_typed` at the end.
"""

import os
import re
import shlex
import shutil
import sys
from contextlib import suppress
from pathlib import Path

HOME = Path(__file__).parent.parent

_COMMAND = re.compile(
    r"`scrapy (?P<whole>[^`\n]+)`|(?<!usage: )(?<![\w./`-])scrapy (?P<name>(?:crawl )?[a-z]+)\b"
)
"""One whose end is marked; of others the name is known, after which options may stand, too."""

_NAMES = ("scrapy", "frontwire")

_given: dict[str, str] = {}
"""How this command was given: the program as it was typed, and the data that it was told to take."""


def remember_program(typed: str) -> None:
    """Let printed commands begin with this, if it is a program of ours; else with what Python was told to run."""
    _given["program"] = typed


def remember_data_dir(given: str | None) -> None:
    """Let printed commands be about the data that `-s DATA_DIR` named for this one, if it named any."""
    _given["data"] = f" -s {shlex.quote(f'DATA_DIR={given}')}" if given else ""


def as_typed(sentence: str) -> str:
    """A sentence with its commands as they work when pasted where this one was given."""
    return _COMMAND.sub(_typed, sentence) if "scrapy " in sentence else sentence


def _typed(command: re.Match[str]) -> str:
    rest = command["whole"] or command.string[command.start() :].partition("\n")[0]
    data = "" if "DATA_DIR=" in rest else _given.get("data", "")
    given = f"{program()} {command['whole'] or command['name']}{data}"
    return f"`{given}`" if command["whole"] else given


def program() -> str:
    """What is typed for `scrapy`."""
    given = _given.get("program", sys.argv[0])
    name = Path(given).name
    if name not in _NAMES:
        return "scrapy"
    return f"{_path_of_code()}{name if _is_on_path(given) else shlex.quote(given)}"


def _is_on_path(given: str) -> bool:
    with suppress(OSError):
        found = shutil.which(Path(given).name)
        return found is not None and Path(found).samefile(given)
    return False


def _path_of_code() -> str:
    """What goes before in a folder of one's own, where the checkout is found by this variable only."""
    is_needed = str(HOME) in os.environ.get("PYTHONPATH", "").split(os.pathsep)
    from scrapy.utils.conf import closest_scrapy_cfg  # not above: crawler.__main__ comes before Scrapy

    project = closest_scrapy_cfg()
    is_inside = bool(project) and Path(project).parent == HOME
    return f"PYTHONPATH={shlex.quote(str(HOME))} " if is_needed and not is_inside else ""
