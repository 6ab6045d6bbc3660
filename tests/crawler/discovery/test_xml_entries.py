"""Entries are found in the markup: what is broken or cut costs no more than itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.xml_entries import (
    MAX_ENTITIES,
    MAX_ENTITY_CHARS,
    MAX_EXPANDED_CHARS,
    Entries,
    declared_entities,
    expand,
)


def found(document: str) -> tuple[list[str], bool]:
    entries = Entries(document, ("url", "sitemap"), ("urlset", "sitemapindex"))
    pieces = [document[each.start : each.end] + ("" if each.is_whole else "|cut") for each in entries]
    return pieces, entries.is_closed


A, B = "<url><loc>a</loc></url>", "<url><loc>b</loc></url>"


@pytest.mark.parametrize(
    ("document", "pieces", "is_closed"),
    [
        (f"<urlset>{A}\n{B}</urlset>", [A, B], True),
        (f"<urlset>{A}{B}</urlset><!-- end --> <url", [A, B], True),
        (f"<urlset>{A}{B}", [A, B], False),
        (f"<urlset>{A}<url><loc>https://or", [A, "<url><loc>https://or|cut"], False),
        (f"<urlset>{A}<url", [A], False),
        (f"<urlset><url><loc>a</loc>{B}</urlset>", ["<url><loc>a</loc>", B], True),
        (f"<urlset>{A}<url><loc>b</loc></urlset>", [A, "<url><loc>b</loc></urlset>"], True),
        (f"<urlset><!-- {B} -->{A}<url/></urlset>", [A, "<url/>"], True),
        ("<urlset><url><loc><![CDATA[</url>]]></loc></url></urlset>",
         ["<url><loc><![CDATA[</url>]]></loc></url>"], True),
        ("<urlset><url><v:url>x</v:url></url></urlset>", ["<url><v:url>x</v:url></url>"], True),
        ("<s:urlset><s:url/><S:URL></S:URL></s:urlset>", ["<s:url/>", "<S:URL></S:URL>"], True),
        (f"<sitemapindex><sitemap>x</sitemap>{A}</sitemapindex>", ["<sitemap>x</sitemap>", A], True),
        (f"<urlset>{A}</urlset><urlset>{B}", [A, B], False),
        (f"<urlset>{A}</urlset>{B}", [A, B], False),
        (f"<urlset>{A}</urlset><url/>", [A, "<url/>"], False),
        ("<urlset/>", [], True),
        ("<urlset>", [], False),
        (f"<urlset>{A}<!-- never closed {B}</urlset>", [A], False),
    ],
)  # fmt: skip
def test_each_entry_is_found_and_whether_the_list_came_to_its_end(
    document: str, pieces: list[str], is_closed: bool
) -> None:
    assert found(document) == (pieces, is_closed)


@given(st.text("<url>/ -![CDATA]set:"))
def test_pieces_follow_one_another(text: str) -> None:
    end = 0
    for piece in Entries(f"<urlset><url>{text}", ("url",), ("urlset",)):
        assert end <= piece.start < piece.end
        end = piece.end


@pytest.mark.parametrize(
    ("declared", "markup", "expanded"),
    [
        ('<!ENTITY site "https://orla.example">', "&site;/a &amp; &b;", "https://orla.example/a &amp; &b;"),
        ("<!ENTITY a 'x'><!ENTITY b 'y'>", "&a;&b;&a;", "xyx"),
        ('<!ENTITY a "x"><!ENTITY b "&a;&a;">', "&b;", "\ufffd"),
        ('<!ENTITY s SYSTEM "file:///etc/passwd">', "&s;", "\ufffd"),
        ('<!ENTITY t "<loc>">', "&t;", "\ufffd"),
        (f'<!ENTITY q "{"A" * 50_000}">', "&q;", "\ufffd"),
        ("", "&site;/a", "&site;/a"),
    ],
)
def test_entities_are_plain_words_or_leave_a_mark(declared: str, markup: str, expanded: str) -> None:
    assert expand(markup, declared_entities(f"<!DOCTYPE urlset [{declared}]>")) == expanded


def test_entities_do_not_grow_beyond_a_limit() -> None:
    entities = declared_entities(f'<!DOCTYPE a [<!ENTITY a "{"A" * 900}">]>')
    assert len(expand("&a;" * 10_000, entities)) < MAX_EXPANDED_CHARS + 10_000


@pytest.mark.parametrize(("length", "is_read"), [(MAX_ENTITY_CHARS, True), (MAX_ENTITY_CHARS + 1, False)])
def test_an_entity_of_just_the_longest_text_is_read(length: int, is_read: bool) -> None:
    text = length * "ж"
    assert expand("&a;", declared_entities(f'<!ENTITY a "{text}">')) == (text if is_read else "\ufffd")


def test_of_too_many_entities_the_first_are_read() -> None:
    declared = "".join(f'<!ENTITY a{n} "{n}">' for n in range(MAX_ENTITIES + 2))
    assert list(declared_entities(declared)) == [f"a{n}" for n in range(MAX_ENTITIES)]
    last = MAX_ENTITIES - 1
    assert expand(f"&a{last};&a{last + 1};", declared_entities(declared)) == f"{last}&a{last + 1};"


@pytest.mark.parametrize(
    ("room", "expanded"), [(5, "ab\ufffd\ufffd"), (6, "abcdef\ufffd"), (7, "abcdef\ufffd")]
)
def test_what_fits_just_into_the_room_is_read(
    monkeypatch: pytest.MonkeyPatch, room: int, expanded: str
) -> None:
    monkeypatch.setattr("crawler.discovery.xml_entries.MAX_EXPANDED_CHARS", room)
    entities = {"x": "ab", "y": "cdef"}
    assert expand("&x;&y;&x;", entities) == expanded


def test_long_runs_cost_no_time() -> None:
    for piece in ("<url>", "<url", "<!--", "<![CDATA[", "</url>", "<", "<url><!--"):
        list(Entries(piece * 20_000, ("url",), ("urlset",)))
        declared_entities(f"<!ENTITY {piece * 5_000}")
