"""What is wrong with a value, and what to give instead."""

import pytest
from scrapy.settings import BaseSettings

from crawler.setting_types import Setting

COUNT, SECONDS = Setting("X", 5, "", least=1), Setting("X", 5.0, "", least=0)
SHARE, ANY, SWITCH = Setting("X", 1, "", least=0.5), Setting("X", 5, ""), Setting("X", False, "")
TEXT, ITEMS = Setting("X", "some", ""), Setting("X", [], "")
MODE, ONE, MAYBE = (Setting("X", "", "", choices=each) for each in (("a", "b"), ("a",), ("", "a")))
PERHAPS = Setting("X", "", "", choices=("", "a", "b"))


@pytest.mark.parametrize(
    ("setting", "right", "wrong", "fault"),
    [
        (
            COUNT,
            ["1", 1, "7", 7.0],
            ["0", 0, "1.5", 1.5, "x", "", None, "nan", "inf"],
            "a whole number of at least 1",
        ),
        (SECONDS, ["0", "0.5", 3, 1e9], ["-0.1", -1, "x", None, "nan"], "a number of at least 0"),
        (SHARE, ["0.5", 1, 0.7], ["0.4", 0], "a number of at least 0.5"),
        (ANY, ["-7", 0, 7], ["0.5", "x"], "a whole number"),
        (SWITCH, ["0", "1", True, False, "true", "False", 1], ["maybe", ""], "0 or 1"),
        (TEXT, ["", "x"], [3, None, ["x"]], "a text"),
        (ITEMS, ["a,b", [], None, 3], [], ""),
        (MODE, ["a", "b"], ["c", "", None, "A"], "one of a, b"),
        (ONE, ["a"], ["b", ""], "a"),
        (MAYBE, ["a", ""], ["b"], "a, or leave it empty"),
        (PERHAPS, ["a", "b", ""], ["c"], "one of a, b, or leave it empty"),
    ],
)
def test_a_value_that_does_not_fit_is_told_what_does(
    setting: Setting, right: list[object], wrong: list[object], fault: str
) -> None:
    assert [setting.fault(BaseSettings({"X": value})) for value in right] == [""] * len(right)
    assert [setting.fault(BaseSettings({"X": value})) for value in wrong] == [f"give {fault}"] * len(wrong)


@pytest.mark.parametrize(
    ("setting", "kind"),
    [
        (COUNT, "whole number of at least 1"),
        (SECONDS, "number of at least 0"),
        (SHARE, "number of at least 0.5"),
        (ANY, "whole number"),
        (SWITCH, "0 or 1"),
        (TEXT, "text"),
        (ITEMS, "list, separated by commas"),
        (Setting("X", {}, ""), "JSON object"),
        (Setting("X", None, ""), "text"),
        (PERHAPS, "empty, a, b"),
    ],
)
def test_what_a_setting_takes_is_said_in_words(setting: Setting, kind: str) -> None:
    assert setting.kind == kind
