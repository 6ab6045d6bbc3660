"""The file of a responsive image that a desktop browser fetches is found, and the largest one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.images.srcset import (
    VIEWPORT_PX,
    Candidate,
    applies,
    pick_largest,
    pick_shown,
    read_srcset,
    slot_px,
)

WIDTHS = "a.jpg 320w, b.jpg 640w, c.jpg 1280w, d.jpg 2560w"


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("", []),
        (" , ", []),
        ("a.jpg", [Candidate("a.jpg")]),
        ("a.jpg 1x, b.jpg 2.5x", [Candidate("a.jpg"), Candidate("b.jpg", density=2.5)]),
        ("a.jpg 300w,b.jpg 600w 400h", [Candidate("a.jpg", 300), Candidate("b.jpg", 600)]),
        ("\n/w_300,h_200/a.jpg 300w,\n/b.jpg", [Candidate("/w_300,h_200/a.jpg", 300), Candidate("/b.jpg")]),
        ("a.jpg, b.jpg 2x,", [Candidate("a.jpg"), Candidate("b.jpg", density=2)]),
        ("a.jpg big, b.jpg -2x", [Candidate("a.jpg"), Candidate("b.jpg")]),
    ],
)
def test_candidates_are_read_as_browsers_read_them(text: str, candidates: list[Candidate]) -> None:
    assert [each for each in read_srcset(text) if each.url] == candidates


@pytest.mark.parametrize(
    ("srcset", "sizes", "shown"),
    [
        (WIDTHS, "640px", "b.jpg"),
        (WIDTHS, "(max-width: 700px) 100vw, 700px", "c.jpg"),
        (WIDTHS, "(min-width: 1300px) 25vw, 100vw", "b.jpg"),
        (WIDTHS, "", "d.jpg"),
        (WIDTHS, "calc(50vw - 3em)", "d.jpg"),
        ("a.jpg 320w, b.jpg 640w", "", "b.jpg"),
        ("a.jpg, b.jpg 2x", "", "a.jpg"),
        ("b.jpg 2x, a.jpg 1x", "", "a.jpg"),
        ("b.jpg 3x, a.jpg 2x", "", "a.jpg"),
    ],
)
def test_what_fills_its_place_is_shown(srcset: str, sizes: str, shown: str) -> None:
    assert pick_shown(read_srcset(srcset), sizes).url == shown


def test_the_largest_has_the_most_pixels() -> None:
    assert pick_largest(read_srcset(WIDTHS)).url == "d.jpg"
    assert pick_largest(read_srcset("a.jpg, b.jpg 3x, c.jpg 2x")).url == "b.jpg"


@pytest.mark.parametrize(
    ("media", "is_true"),
    [
        ("", True),
        ("screen", True),
        ("(min-width: 760px)", True),
        ("(min-width: 40em) and (max-width: 90em)", False),
        ("(max-width: 600px)", False),
        ("only screen and (min-width:1000px), print", True),
        ("print", False),
        ("(prefers-color-scheme: dark)", False),
        ("(min-width: 900px) and (orientation: portrait)", False),
    ],
)
def test_media_queries_are_judged_for_a_wide_plain_screen(media: str, is_true: bool) -> None:
    assert applies(media) is is_true


def test_a_length_without_end_is_no_size() -> None:
    assert slot_px("9" * 1_000_000) == VIEWPORT_PX


@given(st.text(alphabet="a1.,x w()px:-", max_size=60), st.text(alphabet="(min-width: 1px)2vw,", max_size=40))
def test_any_text_gives_a_choice_or_none(srcset: str, sizes: str) -> None:
    candidates = read_srcset(srcset)
    if candidates:
        assert pick_shown(candidates, sizes) in candidates
    assert slot_px(sizes) >= 1
