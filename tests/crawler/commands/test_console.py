"""What people read on a terminal is one line for one thing."""

import pytest

from crawler.catalogue.history import Revision
from crawler.cli.console import print_history, printable


def revision(text: str) -> Revision:
    return Revision("2021-01/000_0.txt", None, None, None, text, False)


def test_a_change_that_spans_paragraphs_stays_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_history([revision("A bridge fell.\n\nNobody died."), revision("A dam fell.\n\nNobody slept.")])
    assert capsys.readouterr().out.splitlines()[1:] == [
        " paragraph 1  A [-bridge-] {+dam+} fell. Nobody [-died.-] {+slept.+} "
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Tahmar\u00a0: 95\u202ffrappes",
        "می\u200cرفتند",
        "क्\u200dष",
        "وحدة \u200eT-14\u200f، \u061cأمس",
        "Waf\u00adfen\u2060ruhe\u3000",
        "\u0600٣",
        "👩\u200d🚒\ufe0f",
    ],
)
def test_what_belongs_to_words_is_printed_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    "character",
    [
        "\x1b",
        "\r",
        "\n",
        "\t",
        "\x00",
        "\x9b",
        "\x85",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
        "\u2069",
        "\ud83d",
        "\U000e0041",
    ],
)
def test_what_could_forge_a_line_is_not_printed(character: str) -> None:
    assert printable(f"a{character}b") == "a\N{REPLACEMENT CHARACTER}b"
