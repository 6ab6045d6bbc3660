"""Pages whose document shows no story, and whose data for scripts has it."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from crawler.extraction import extract
from crawler.extraction.story import APP_ROOTS, has_empty_root
from crawler.items import Article
from tests.support.briefs import BRIEFS
from tests.support.pages import news_page, parsed_page, raw_page, story

URL = "https://news.example/world/ferry-hit-20481"
Data = dict[str, Any]


def data_of(language: str) -> Data:
    """The article as an editing system gives it to a page's script."""
    title, lines = BRIEFS[language]
    blocks = [{"type": "text", "content": line} for line in (*lines, *(f"{line} {line}" for line in lines))]
    return {
        "headline": title,
        "date_published": "2021-01-28T10:00:00Z",
        "byline": "Ana Veld",
        "content_elements": blocks,
    }


def shell(language: str, script: str, body: str = "") -> str:
    title = BRIEFS[language][0]
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><title>{title} - The Example</title></head><body>{body}'
        f'<div id="app"></div>{script}<script src="/app.js"></script></body></html>'
    )


def flattened(value: object) -> list[object]:
    """A value as Nuxt 3 writes it."""
    items: list[object] = []

    def add(item: object) -> int:
        place = len(items)
        items.append(None)
        if isinstance(item, dict):
            items[place] = {key: add(part) for key, part in item.items()}
        elif isinstance(item, list):
            items[place] = [add(part) for part in item]
        else:
            items[place] = item
        return place

    add(value)
    return items


def in_json(id_: str, value: object, more: str = "") -> str:
    return f'<script id="{id_}" type="application/json"{more}>{json.dumps(value)}</script>'


def assigned(name: str, value: str) -> str:
    return f"<script>(function(){{}})();{name} = {value};(function(){{}})();</script>"


def literal(value: Data) -> str:
    """A JavaScript object whose keys have no quotes."""
    items = ",".join(f"{key}:{json.dumps(item, ensure_ascii=False)}" for key, item in value.items())
    return f"{{article:{{{items},draft:undefined,}}}}"


FORMS: dict[str, Callable[[Data], str]] = {
    "Next": lambda data: in_json(
        "__NEXT_DATA__", {"props": {"pageProps": {"article": data}}, "buildId": "x"}
    ),
    "Next's server components": lambda data: "".join(
        f"<script>self.__next_f.push([1,{json.dumps(part)}])</script>"
        for part in (
            "0:null\n",
            "5:" + json.dumps(["$", "$L6", None, {"story": data}])[:400],
            json.dumps(["$", "$L6", None, {"story": data}])[400:] + "\n",
        )
    ),
    "Nuxt 2": lambda data: (
        f"<script>window.__NUXT__=(function(a,b){{return {{data:[{{article:{{title:a,published_at:b,body:"
        f'{json.dumps(data["content_elements"])}}}}}]}}}}({json.dumps(data["headline"])},"2021-01-28T10:00:00Z"));</script>'
    ),
    "Nuxt 3": lambda data: in_json("__NUXT_DATA__", flattened([{"data": {"article": data}}][0])),
    "Fusion": lambda data: assigned("Fusion.globalContent", json.dumps(data)),
    "Apollo": lambda data: assigned(
        "window.__APOLLO_STATE__",
        json.dumps(
            {
                "ROOT_QUERY": {"article": {"__ref": "Article:1"}},
                "Article:1": {**data, "content_elements": [{"__ref": f"Text:{n}"} for n in range(6)]},
                **{f"Text:{n}": item for n, item in enumerate(data["content_elements"])},
            }
        ),
    ),
    "Redux": lambda data: assigned("window.__PRELOADED_STATE__", json.dumps({"page": {"story": data}})),
    "a bracketed name": lambda data: assigned('window["__INITIAL_STATE__"]', json.dumps({"story": data})),
    "a string of JSON": lambda data: assigned(
        "window.__STATE__", f"JSON.parse({json.dumps(json.dumps(data))})"
    ),
    "an encoded string": lambda data: assigned(
        "window.__DATA__", f'JSON.parse(decodeURIComponent("{quote(json.dumps(data))}"))'
    ),
    "a literal": lambda data: assigned("window.__STORE__", literal(data)),
    "Inertia": lambda data: (
        f"<div id='page' data-page='{json.dumps({'props': {'post': data}}).replace(chr(39), '&#39;')}'></div>"
    ),
    "any JSON": lambda data: in_json("page-data", {"story": data}),
}


def check(article: Article, language: str) -> None:
    title, lines = BRIEFS[language]
    assert article.paragraphs == (*lines, *(f"{line} {line}" for line in lines))
    assert (article.verdict, article.title, article.month) == (None, title, "2021-01")


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("language", ["en", "el", "uk", "ar", "hi", "th", "ko", "ja", "ka", "km"])
def test_the_story_that_a_script_would_show_is_read_from_its_data(form: str, language: str) -> None:
    page = shell(language, FORMS[form](data_of(language)))
    check(extract(raw_page(page, URL)), language)


@pytest.mark.parametrize("language", ["en", "uk", "zh"])
def test_a_banner_beside_an_empty_frame_is_not_the_story(language: str) -> None:
    banner = "".join(
        f"<p>We and our partners keep small files on your machine, number {n}, so that this site remembers you.</p>"
        for n in range(6)
    )
    page = shell(
        language, FORMS["Next"](data_of(language)), f'<div class="notice"><h2>Your choice</h2>{banner}</div>'
    )
    check(extract(raw_page(page, URL)), language)


@pytest.mark.parametrize("form", ["Next", "Fusion", "Redux", "any JSON"])
def test_a_document_that_shows_its_story_is_read_as_it_is(form: str) -> None:
    data = data_of("en") | {
        "headline": "Bridge of Varosk falls after night of shelling",
        "date_published": "2019-05-05",
    }
    article = extract(raw_page(news_page().replace("</body>", f"{FORMS[form](data)}</body>")))
    assert article.paragraphs == story()
    assert (article.month, article.date_source) == ("2019-05", "script")  # which nothing but the data gives


def test_a_beginning_that_is_shown_is_not_continued_from_the_state() -> None:
    data = data_of("en")
    lines = [str(block["content"]) for block in data["content_elements"]]
    shown = f"<main><article><h1>{data['headline']}</h1><p>{'</p><p>'.join(lines[:3])}</p></article></main>"
    article = extract(raw_page(shell("en", FORMS["Redux"](data), shown), URL))
    assert article.paragraphs == tuple(lines[:3])


@pytest.mark.parametrize(
    "script",
    ["{", "[" * 5000, '{"a":' * 5000, '{"title": "x", "body": [1, 2', "null", "(function(a){return {"],
)
def test_state_that_cannot_be_read_leaves_a_shell(script: str) -> None:
    padding = " " * 500
    for page in (
        shell("en", f'<script type="application/json">{script}{padding}</script>'),
        shell("en", f"<script>window.__STATE__ = {script}{padding}</script>"),
        shell("en", f'<script id="__NUXT_DATA__" type="application/json">{script}{padding}</script>'),
        shell("en", f'<script>self.__next_f.push([1,"{script}{padding}"])</script>'),
    ):
        assert extract(raw_page(page, URL)).verdict == "js_shell"


@pytest.mark.parametrize("id_", sorted(APP_ROOTS))
@pytest.mark.parametrize("tag", ["div", "app-root", "main"])
def test_an_element_that_a_script_fills_is_empty_with_next_to_nothing_in_it(tag: str, id_: str) -> None:
    for length, is_empty in ((0, True), (249, True), (250, False)):
        page = parsed_page(f'<body><{tag} id="{id_}"><b>{"ж" * length}</b></{tag}>{"x" * 300}</body>')
        assert has_empty_root(page) is is_empty
    assert not has_empty_root(parsed_page(f'<body><{tag} id="my-{id_}"></{tag}>{"x" * 300}</body>'))
