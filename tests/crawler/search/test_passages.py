"""What was looked for is marked where a person would see it."""

import pytest

from crawler.search.passages import marked, passage
from crawler.search.search_query import read_query


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("port", "The Port, the port", ["Port", "port"]),
        ("боев", "После боёв в порту", ["боёв"]),
        ("حرب", "والحَرب مستمرة", ["والحَرب"]),
        ("京", "北京市", ["京"]),
        ("北京市", "在北京市中心", ["北京市"]),
        ('"old port"', "old walls, an old port", ["old port"]),
        ("shell*", "shelling and shells", ["shelling", "shells"]),
        ("port -dyke", "port and dyke", ["port"]),
        ("ﾃﾞﾓ", "デモ", ["デモ"]),
        ("none", "The port", []),
    ],
)
def test_hits_are_marked(typed: str, text: str, found: list[str]) -> None:
    pieces = marked(text, read_query(typed))
    assert [piece.text for piece in pieces if piece.is_found] == found
    assert "".join(piece.text for piece in pieces) == text


def test_a_passage_is_around_the_first_hit() -> None:
    text = f"{'A quiet day. ' * 40}The dyke broke. {'Boats left. ' * 40}"
    shown = "".join(piece.text for piece in passage(text, read_query("dyke")))
    assert "The dyke broke." in shown
    assert shown.startswith("… ") and shown.endswith(" …")
    assert len(shown) < 400


def test_without_a_hit_a_passage_is_the_beginning() -> None:
    assert "".join(each.text for each in passage("One.\n\nTwo.", read_query("three"))) == "One. Two."
