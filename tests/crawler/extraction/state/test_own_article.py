"""Which object of a page's state is its article."""

import pytest

from crawler.extraction.lenient_json import Json
from crawler.extraction.state.own_article import find_article
from tests.support.briefs import BRIEFS

URL = "https://news.example/world/ferry-hit-20481"
TITLE, LINES = BRIEFS["en"]
BODY = "".join(f"<p>{line}</p>" for line in LINES)
OTHER = "".join(f"<p>{line} It was the third one in a week, and not the last.</p>" for line in LINES)
LONG = BODY + "".join(f"<p>{line.replace('ferry', 'boat')} So it is said.</p>" for line in LINES)


def found(*values: Json, url: str = URL, title: str = TITLE) -> str:
    """The body of the article that is found, without its markup at both ends."""
    article = find_article(values, [url], [title, "News"])
    return article.markup if article else ""


@pytest.mark.parametrize(
    "own",
    [
        {"headline": TITLE},
        {"title": f"{TITLE} | News"},
        {"headlines": {"basic": TITLE, "web": "Ferry hit"}},
        {"title": {"rendered": TITLE}},
        {"name": "x", "seoTitle": TITLE},
        {"headline": "Night on the quay", "url": URL},
        {"headline": "Night on the quay", "canonical_url": "/world/ferry-hit-20481/"},
        {"headline": "Night on the quay", "slug": "ferry-hit-20481"},
        {"headline": "Night on the quay", "id": 20481000, "path": "world/ferry-hit-20481"},
        {"header": {"title": TITLE}, "publishTime": "2021-01-28T10:00:00Z"},
    ],
)
def test_the_own_article_is_known_by_headline_or_address(own: dict[str, Json]) -> None:
    others: list[Json] = [
        {
            "headline": f"Flour is rationed again, part {n}",
            "date": "2021-01-01",
            "url": f"https://news.example/{n}/flour",
            "body": OTHER * 2,
        }
        for n in range(5)
    ]
    assert found({"props": {"feed": others, "story": {**own, "body": BODY}}}) == BODY


@pytest.mark.parametrize(("depth", "is_own"), [(1, True), (2, True), (3, False)])
def test_a_headline_belongs_to_an_object_in_which_it_lies_at_most_two_deep(depth: int, is_own: bool) -> None:
    head: dict[str, Json] = {"title": TITLE}
    for _ in range(depth - 1):
        head = {"inner": head}
    text: dict[str, Json] = {"publishTime": "2021-01-28T10:00:00Z", "body": BODY}
    assert found({"story": {"header": head, **text}}) == (BODY if is_own else "")


def test_the_only_long_text_is_the_article_if_it_is_dated() -> None:
    text: dict[str, Json] = {"headline": "Night on the quay", "content": LONG}
    assert found({"a": {**text, "publishedAt": "2021-01-28"}}) == LONG
    assert found({"a": text}) == ""
    assert found({"a": {**text, "publishedAt": "2021-01-28", "content": BODY}}) == "", "too short to be sure"
    other: dict[str, Json] = {"headline": "Another night", "content": LONG, "publishedAt": "2021-01-27"}
    assert found({"a": {**text, "publishedAt": "2021-01-28"}, "b": other}) == "", "no telling which"


def test_of_objects_within_each_other_the_inner_one_is_the_article() -> None:
    story: Json = {"headline": TITLE, "body": BODY}
    assert (
        found(
            {
                "title": TITLE,
                "content": {"main": story, "zones": [{"words": "All about the islands, every day."}]},
            }
        )
        == BODY
    )


def test_what_is_known_of_the_article_goes_by_the_names_of_schema_org() -> None:
    article = find_article(
        [
            {
                "headline": TITLE,
                "first_publish_date": "2021-01-28T10:00:00+03:00",
                "last_updated_date": 1611900000000,
                "credits": {"by": [{"name": "Ana Veld"}, {"firstName": "Odo", "lastName": "Brann"}]},
                "dek": "The crossing is closed.",
                "content_elements": [{"type": "text", "content": line} for line in LINES],
            }
        ],
        [URL],
        [TITLE],
    )
    assert article is not None
    body = "\n".join(f"<p>{line}</p>" for line in LINES)
    assert article.node == {
        "@type": "Article",
        "headline": TITLE,
        "datePublished": "2021-01-28T10:00:00+03:00",
        "dateModified": "2021-01-29T06:00:00+00:00",
        "author": [{"name": "Ana Veld"}, {"name": "Odo Brann"}],
        "description": "The crossing is closed.",
        "articleBody": body,
    }


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "text",
        {"headline": TITLE},
        {"headline": TITLE, "body": ""},
        {"headline": TITLE, "body": "The crossing is closed."},
        {"headline": TITLE, "body": ["https://a.example/1", "https://a.example/2"] * 50},
        {"headline": TITLE, "comments": OTHER, "authorBio": OTHER, "relatedText": OTHER},
        {"headline": [TITLE], "body": {"body": {"body": 1}}},
        {f"key{n}": {"title": TITLE, "body": n} for n in range(1000)},
    ],
)
def test_state_without_a_story_gives_none(value: Json) -> None:
    assert found(value) == ""


@pytest.mark.parametrize(("layers", "is_found"), [(19, True), (20, True), (21, False)])
def test_an_article_is_looked_for_forty_values_deep(layers: int, is_found: bool) -> None:
    deep: Json = {"headline": TITLE, "body": BODY}
    for _ in range(layers):
        deep = {"inner": [deep]}
    assert found(deep) == (BODY if is_found else "")


def test_a_deep_or_wide_state_ends() -> None:
    deep: Json = {"headline": TITLE, "body": BODY}
    for _ in range(300):
        deep = {"content": [deep]}
    assert found(deep) in ("", BODY)
    assert found([{"title": "x", "content": [[[n]]]} for n in range(20_000)]) == ""
