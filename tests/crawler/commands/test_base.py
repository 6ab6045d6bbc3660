"""A command that cannot do its work ends with one sentence; a defect of ours keeps its traceback."""

import argparse
import subprocess
import sys

import pytest

from archive.errors import ArchiveUnreadable
from crawler.cli.base import FrontwireCommand
from crawler.errors import OperatorError
from tests.support.checkout import ROOT


class Ending(FrontwireCommand):
    """A command that ends in an exception."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def short_desc(self) -> str:
        return "Ends"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        raise self.error


@pytest.mark.parametrize(
    ("error", "exit_code", "sentence"),
    [
        (OperatorError("The disk is full.", 3), 3, "frontwire: The disk is full.\n"),
        (ArchiveUnreadable("a.warc.gz is empty."), 1, "frontwire: a.warc.gz is empty.\n"),
        (KeyboardInterrupt(), 1, "frontwire: Stopped before the end.\n"),
    ],
)
def test_its_end_is_a_sentence_and_an_exit_code(
    error: BaseException, exit_code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        Ending(error).run([], argparse.Namespace())
    assert end.value.code == exit_code
    assert capsys.readouterr().err == sentence


def test_a_defect_keeps_its_traceback() -> None:
    with pytest.raises(ValueError, match="not enough values to unpack"):
        Ending(ValueError("not enough values to unpack")).run([], argparse.Namespace())


HEAVY = ("sqlalchemy", "trafilatura", "fastwarc", "warcio", "rich", "jinja2", "numpy")


def test_the_start_of_a_command_loads_nothing_that_does_work() -> None:
    program = (
        "import sys\n"
        "from scrapy.cmdline import _get_commands_dict\n"
        "from scrapy.utils.project import get_project_settings\n"
        "assert 'verify' in _get_commands_dict(get_project_settings(), True)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    started = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert started.stdout == "[]\n"
