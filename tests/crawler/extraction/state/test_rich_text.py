"""Bodies as editing systems keep them."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from crawler.extraction.lenient_json import Json
from crawler.extraction.state.rich_text import render
from tests.support.briefs import BRIEFS

PICTURE: dict[str, Json] = {
    "type": "image",
    "caption": "The ferry in summer, seen from the mill of Velm.",
    "url": "a.jpg",
}
LANGUAGES = sorted(BRIEFS)


def split(text: str) -> tuple[str, str, str]:
    """A paragraph in three pieces, of which the second can be marked up."""
    third = len(text) // 3
    return text[:third], text[third : 2 * third], text[2 * third :]


def pieces(text: str, key: str, **more: Json) -> list[Json]:
    return [{**more, key: piece} for piece in split(text)]


SHAPES: dict[str, Callable[[list[str]], Any]] = {
    "html": lambda lines: "".join(f"<p>{line}</p>" for line in lines),
    "html with comments": lambda lines: "<!-- <p>old</p> -->" + "".join(f"<p>{line}</p>" for line in lines),
    "text": "\n\n".join,
    "strings": list,
    "content elements of Arc": lambda lines: [
        PICTURE,
        *({"_id": "QXA4WLVZ5FGBJ", "type": "text", "content": line} for line in lines),
        {
            "type": "interstitial_link",
            "content": "Read on: Flour is rationed on the islands.",
            "url": "https://a.example",
        },
    ],
    "Draft.js": lambda lines: {
        "blocks": [
            {"key": "a1", "text": line, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "data": {}}
            for line in lines
        ],
        "entityMap": {"0": {"type": "LINK", "data": {"url": "https://a.example"}}},
    },
    "ProseMirror": lambda lines: {
        "type": "doc",
        "content": [
            PICTURE,
            *(
                {"type": "paragraph", "attrs": {"id": 1}, "content": pieces(line, "text", type="text")}
                for line in lines
            ),
        ],
    },
    "Portable Text": lambda lines: [
        {
            "_type": "block",
            "_key": "a",
            "style": "normal",
            "markDefs": [],
            "children": pieces(line, "text", _type="span"),
        }
        for line in lines
    ],
    "Contentful": lambda lines: {
        "nodeType": "document",
        "data": {},
        "content": [
            {"nodeType": "paragraph", "data": {}, "content": pieces(line, "value", nodeType="text", marks=[])}
            for line in lines
        ],
    },
    "Lexical": lambda lines: {
        "root": {
            "children": [
                {"type": "paragraph", "children": pieces(line, "text", type="text")} for line in lines
            ]
        }
    },
    "Slate": lambda lines: [{"type": "p", "text": "", "children": pieces(line, "text")} for line in lines],
    "EditorJS": lambda lines: {
        "time": 1,
        "blocks": [{"id": "x", "type": "paragraph", "data": {"text": line}} for line in lines],
    },
    "Gutenberg": lambda lines: [
        {"name": "core/paragraph", "attributes": {"content": line, "dropCap": False}, "innerBlocks": []}
        for line in lines
    ],
    "blocks with a model": lambda lines: [
        {"type": "text", "model": {"blocks": [{"type": "paragraph", "model": {"text": line, "blocks": []}}]}}
        for line in lines
    ],
    "html and text of each": lambda lines: [
        {"role": "body", "html": f"{line}&nbsp;", "text": line} for line in lines
    ],
    "serialised DOM": lambda lines: {
        "type": "root",
        "children": [
            {"type": "tag", "name": "p", "children": pieces(line, "data", type="text")} for line in lines
        ],
    },
    "elements as lists": lambda lines: [["p", {"class": "lead"}, *split(line)] for line in lines],
    "elements of React": lambda lines: [["$", "p", None, {"children": list(split(line))}] for line in lines],
    "unknown names": lambda lines: {
        "zones": [{"chunk": {"words": line, "sort": 1, "ref": "b1c2-77"}} for line in lines]
    },
    "JSON in a string": lambda lines: json.dumps([{"role": "body", "html": "<br><br>".join(lines)}]),
}


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paragraph_is_found_once_and_nothing_else(shape: str, language: str) -> None:
    lines = BRIEFS[language][1]
    markup = render(SHAPES[shape](list(lines)), {})
    shown = re.sub(r"<!--.*?-->|</?[^<>]+>|&nbsp;", " ", markup)
    assert " ".join(shown.split()) == " ".join(" ".join(lines).split())
    if shape != "JSON in a string":
        assert markup.count("<p>") == 3 or "html" in shape


def test_lists_and_headings_stay_what_they_are() -> None:
    body: Json = [
        {"type": "heading", "data": {"text": "The dead", "level": 2}},
        {"type": "list", "data": {"style": "unordered", "items": ["Ana Veld, 34", "Odo Brann, 71"]}},
        {"type": "paragraph", "data": {"text": "So ist es & bleibt es: 3 < 4."}},
    ]
    assert render(body, {}) == (
        "<h2>The dead</h2>\n<li>Ana Veld, 34</li>\n<li>Odo Brann, 71</li>\n<p>So ist es & bleibt es: 3 < 4.</p>"
    )


def test_what_stands_beside_a_story_is_left_out() -> None:
    line = "The ferry was hit by two shells before dawn on Monday."
    for key in (
        "relatedArticles",
        "newsletterSignup",
        "image_caption",
        "authorBio",
        "seoDescription",
        "comments",
    ):
        assert render({"parts": [{key: line}, {"words": f"{line} Indeed."}]}, {}) == f"<p>{line} Indeed.</p>"
        assert render([{"type": key, "text": line}], {}) == ""


def test_references_into_a_store_are_followed_and_circles_end() -> None:
    store: dict[str, Json] = {
        "Paragraph:1": {"__typename": "Paragraph", "text": "Two shells hit the ferry."},
        "Paragraph:2": {"__typename": "Paragraph", "text": "The crossing is closed."},
        "Body:1": {
            "parts": [
                {"__ref": "Paragraph:1"},
                {"type": "id", "generated": False, "id": "Paragraph:2"},
                {"__ref": "Body:1"},
            ]
        },
    }
    assert (
        render({"__ref": "Body:1"}, store)
        == "<p>Two shells hit the ferry.</p>\n<p>The crossing is closed.</p>"
    )


def test_addresses_names_and_numbers_are_no_prose() -> None:
    body: Json = {
        "a": "https://a.example/one-two-three-four-five",
        "b": "ece-auto-gen-706e8b39-28d3-4466-a15c",
        "c": 17,
        "d": "Velm",
    }
    assert render(body, {}) == ""
    assert render(None, {}) == render([], {}) == ""
