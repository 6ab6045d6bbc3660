"""Which declarations reserve a use; declarations in text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Declaration
from crawler.rights.declarations import changes, dump_declared, load_declared, reserved
from tests.support.checkout import ROOT

HTML, HTTP, FILE, ROBOTS = "html", "http", "tdmrep.json", "robots.txt"


def said(*rows: tuple[str, str] | tuple[str, str, str]) -> tuple[Declaration, ...]:
    return tuple(Declaration(*row) for row in rows)


@pytest.mark.parametrize(
    ("declared", "rights"),
    [
        (said(), ()),
        (said((ROBOTS, "unknown"), (FILE, "unknown")), ()),
        (said((HTTP, "noindex"), (HTML, "noarchive")), ("noarchive", "noindex")),
        (said((HTML, "none")), ("noindex",)),
        (said((HTML, "noindex", "veldbot")), ()),
        (said((HTTP, "noai", "GPTBot")), ("ai-agents",)),
        (said((ROBOTS, "disallow", "CCBot"), (ROBOTS, "allow", "GPTBot")), ("ai-agents",)),
        (said((ROBOTS, "allow", "GPTBot"), (ROBOTS, "unknown", "CCBot")), ()),
        (said((ROBOTS, "ai-train=no"), (ROBOTS, "search=yes"), (ROBOTS, "ai-input=yes")), ("ai-train=no",)),
        (said((HTML, "noimageai"), (HTML, "nosnippet"), (ROBOTS, "rsl=https://tarn.example/l.xml")), ()),
        (said((HTML, "rsl-prohibits: ai-train")), ("rsl-prohibits",)),
        (said((FILE, "tdm-reservation=1")), ("tdm-reservation",)),
        (said((FILE, "tdm-reservation=1"), (HTTP, "tdm-reservation=0")), ()),
        (
            said((FILE, "tdm-reservation=0"), (HTTP, "tdm-reservation=0"), (HTML, "tdm-reservation=1")),
            ("tdm-reservation",),
        ),
    ],
)
def test_what_is_reserved_follows_from_what_was_declared(
    declared: tuple[Declaration, ...], rights: tuple[str, ...]
) -> None:
    assert reserved(declared) == rights


texts = st.text(max_size=30)


@given(st.none() | st.lists(st.builds(Declaration, texts, texts, texts), max_size=5).map(tuple))
def test_declarations_survive_the_catalogue_and_the_archive(declared: tuple[Declaration, ...] | None) -> None:
    text = dump_declared(declared)
    assert load_declared(text) == declared
    assert text is None or "\n" not in text


@pytest.mark.parametrize(
    "text", [None, "", "null", "{}", "[1]", '[["a"]]', '[["a", 1]]', "[" * 9999, f'[["a", "{"x" * 99_999}"]]']
)
def test_what_another_archive_says_under_the_name_is_not_taken_for_declarations(text: str | None) -> None:
    assert load_declared(text) is None


def test_changes_name_what_came_and_what_went() -> None:
    before, after = said((HTML, "noai"), (HTML, "noindex")), said((HTML, "noindex"), (HTTP, "noarchive"))
    assert [*changes(before, after)] == ["+ http: noarchive", "- html: noai"]


def test_the_documented_list_of_robots_is_the_one_in_use() -> None:
    from crawler.rights.ai_agents import AGENTS, LISTED

    page = (ROOT / "docs" / "rights.md").read_text(encoding="utf-8")
    rows = [f"| `{each.name}` | {each.operator} | {each.use} | {each.since} |" for each in AGENTS]
    assert "\n".join(rows) in page
    assert LISTED in page
