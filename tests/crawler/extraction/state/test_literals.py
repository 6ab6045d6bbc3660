"""What scripts assign, read without running them."""

import pytest

from crawler.extraction.state.literals import read_value

MOST = 100_000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, null]};', {"a": [1, 2.5, None]}),
        ("{a: 1, 'b': \"x\", c: undefined, d: !0, e: !1, f: void 0, g: [1, 2,],}", None),
        ('{new: "x", function: 1, 7: -.5e-3}', {"new": "x", "function": 1, "7": -0.0005}),
        ('{at: new Date("2021-01-28"), big: `two\nlines`}', {"at": "2021-01-28", "big": "two\nlines"}),
        (r"""{a: 'it\'s \x41 \u0042 \u{43}', b: "\ud83d\ude80"}""", {"a": "it's A B C", "b": "🚀"}),
        (r'JSON.parse("{\"a\":\"\\u003Cp\\u003E\"}")', {"a": "<p>"}),
        (r"""JSON.parse('{"a":"it\'s"}')""", {"a": "it's"}),
        ('JSON.parse(decodeURIComponent("%7B%22a%22%3A1%7D"))', {"a": 1}),
        (
            '(function(a, b, c){return {t: a, u: [b, c], w: "a"}}("x", null, void 0));',
            {"t": "x", "u": [None, None], "w": "a"},
        ),
        ('(function(a,b){a.x=1;b.y="return {";return {t:a,u:b}}({},"y"))', {"t": {}, "u": "y"}),
        ('((a)=>{return [a, {a: a}]})("q")', ["q", {"a": "q"}]),
        ("(function(){return {a:1}})()", {"a": 1}),
    ],
)
def test_plain_values_are_read_however_they_are_written(text: str, value: object) -> None:
    expected = value or {"a": 1, "b": "x", "c": None, "d": True, "e": False, "f": None, "g": [1, 2]}
    assert read_value(f"x={text}", 2, MOST)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "{a: function(){return 1}}",
        "{a: b}",
        "{a: 1",
        "[" * 50_000,
        "JSON.parse(x)",
        "(function(){})()",
        '{"',
        "{a: location.href}",
    ],
)
def test_what_would_have_to_be_run_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_value(text, 0, MOST)


def test_a_literal_longer_than_the_limit_is_refused() -> None:
    text = "{a: '" + "x" * 1000 + "'}"
    assert read_value(text, 0, 2000)[0] == {"a": "x" * 1000}
    with pytest.raises(ValueError, match="close"):
        read_value(text, 0, 500)
