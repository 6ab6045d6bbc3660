"""Whatever ends a command, a person reads one sentence."""

import argparse

import pytest

from crawler.cli.base import FrontwireCommand
from crawler.errors import OperatorError


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
