"""What people read on a terminal is one line for one thing."""

import pytest

from crawler.catalogue.history import Revision
from crawler.cli.console import print_history


def revision(text: str) -> Revision:
    return Revision("2021-01/000_0.txt", None, None, None, text, False)


def test_a_change_that_spans_paragraphs_stays_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_history([revision("A bridge fell.\n\nNobody died."), revision("A dam fell.\n\nNobody slept.")])
    assert capsys.readouterr().out.splitlines()[1:] == [
        " paragraph 1  A [-bridge-] {+dam+} fell. Nobody [-died.-] {+slept.+} "
    ]
