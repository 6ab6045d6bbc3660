"""Finds the page's own article among the data that it carries for its scripts."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.extraction.jsonld import Node, is_same_headline, letters
from crawler.extraction.lenient_json import Json, load_values
from crawler.extraction.state.fields import node_of
from crawler.extraction.state.rich_text import is_beside_story, plain_length, render, words_of

_LEAST, _LEAST_UNNAMED = 250, 400
"""Reading length of the sentences of a story; and of one that neither headline nor address tells."""

_DEEPEST = 40
_MOST_OBJECTS = 100_000
_MOST_RENDERED = 60
_MOST_KEYS = 200
"""Keys of an object: a larger one is a store of many."""

_NEAR = 2
"""How many objects deep the headline of an article lies in it."""

_MOST = 0.7
"""Of nested objects the inner one is the article if it has this share of the text."""

_HEADLINE_WORDS = "headline headlines title titles heading hedline"
_BODY_WORDS = """
blocks body components content contents copy elements html markdown modules paragraph paragraphs stages text
"""
_ADDRESS_KEYS = """
canonical_url canonicalUrl canonicalPath canonical url uri permalink path slug websiteUrl website_url shareUrl href id
_id
"""
_HEADLINES, _ADDRESSES = frozenset(_HEADLINE_WORDS.split()), _ADDRESS_KEYS.split()
_BODIES = frozenset(_BODY_WORDS.split())
"""Words in the names of keys below which the text of an article is."""

_ARTICLES = frozenset(("article", "post", "story"))
"""The same where the value is no object: that is an article itself."""

_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class StateArticle:
    """An article as the state of a page has it."""

    node: Node
    """What is known of it, under schema.org's names, its body as markup."""
    markup: str
    """Its body."""


@dataclass(frozen=True, slots=True)
class _Page:
    """How an object is known to be the article of the page."""

    paths: frozenset[str]
    headlines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    data: Node
    title: str
    score: int
    markup: str
    length: int
    """Reading length of its sentences."""


def find_article(
    values: Iterable[Json], addresses: Collection[str], titles: Collection[str]
) -> StateArticle | None:
    """The article of the page with these addresses and titles; None if there is none, or no telling which.

    It is known by its headline or its address. Where the headline only stands near, it must be dated; without either it
    must also be the only one with a long text.
    """
    page = _Page(frozenset(filter(None, map(_path, addresses))), tuple(filter(None, map(letters, titles))))
    candidates = list(_candidates(list(values), page))
    best = max((found.score for found in candidates), default=0)
    own = [found for found in candidates if found.score == best]
    if not own:
        return None
    longest = max(found.length for found in own)
    chosen = [found for found in own if found.length >= _MOST * longest][
        -1
    ]  # inner objects come after outer ones
    node = node_of(chosen.data, chosen.title, chosen.markup)
    is_sure = best > 1 or ("datePublished" in node and (best or _is_only(own)))
    return StateArticle(node, chosen.markup) if is_sure else None


def _is_only(candidates: list[_Candidate]) -> bool:
    return len({found.title for found in candidates}) == 1 and candidates[-1].length >= _LEAST_UNNAMED


def _candidates(values: list[Json], page: _Page) -> Iterator[_Candidate]:
    references = {
        key: item
        for value in values
        if isinstance(value, dict) and "ROOT_QUERY" in value
        for key, item in value.items()
    }
    left = _MOST_RENDERED
    for data in _objects(values):
        title = _title_of(data, page.headlines)
        score = _headline_score(data, title, page.headlines) + 2 * _has_address(data, page.paths)
        bodies = [value for key, value in data.items() if _is_body(key, value)] if title or score else []
        if not bodies or left <= 0 or len(data) > _MOST_KEYS:
            continue
        left -= 1
        markups = [render(body, references) for body in bodies]
        markup = max(markups, key=plain_length)
        if (length := plain_length(markup)) >= _LEAST:
            yield _Candidate(data, title, score, markup, length)


def _is_body(key: str, value: Json) -> bool:
    is_string = isinstance(value, str)
    if not value or not isinstance(value, (dict, list, str)) or (is_string and len(value) < _LEAST // 3):
        return False
    words = words_of(key)
    is_named = not _BODIES.isdisjoint(words) or (
        not _ARTICLES.isdisjoint(words) and not isinstance(value, dict)
    )
    return is_named and not is_beside_story(key)


def _objects(values: list[Json]) -> Iterator[Node]:
    """All objects, in their order, outer ones before inner ones; JSON in strings is read."""
    left = _MOST_OBJECTS
    waiting: list[tuple[Json, int]] = [(value, 0) for value in reversed(values)]
    while waiting and left:
        item, depth = waiting.pop()
        left -= 1
        if isinstance(item, str):
            item = load_values(item)
        if isinstance(item, dict):
            yield item
        parts = list(item.values()) if isinstance(item, dict) else item if isinstance(item, list) else []
        if depth < _DEEPEST:
            waiting.extend((part, depth + 1) for part in reversed(parts) if _has_objects(part))


def _has_objects(value: Json) -> bool:
    if isinstance(value, str):
        return len(value) > _LEAST and value[:2] in ('{"', "[{")
    return isinstance(value, (dict, list)) and bool(value)


def _title_of(data: Node, headlines: tuple[str, ...]) -> str:
    """The title of an object: of several that of the page, else the first."""
    values = (value for key, value in data.items() if not _HEADLINES.isdisjoint(words_of(key)))
    titles = [_TAG.sub("", text).strip() for value in values for text in _strings(value) if text]
    own = (title for title in titles if _is_headline(title, headlines))
    return next(own, next(iter(titles), ""))


def _is_headline(text: str, headlines: tuple[str, ...]) -> bool:
    own = letters(text)
    return any(is_same_headline(own, headline) for headline in headlines)


def _strings(value: Json) -> Iterator[str]:
    for item in value.values() if isinstance(value, dict) else (value,):
        if isinstance(item, str):
            yield item


def _headline_score(data: Node, title: str, headlines: tuple[str, ...]) -> int:
    """2 if an object has the headline of the page as its own, 1 if it stands near, else 0."""
    return 2 if _is_headline(title, headlines) else int(_has_headline(data, headlines, _NEAR))


def _has_headline(data: Node, headlines: tuple[str, ...], depth: int) -> bool:
    """Whether the headline of the page stands in an object, or a little below it."""
    for key, value in data.items():
        if isinstance(value, str):
            if 8 <= len(value) <= 400 and _is_headline(value, headlines):
                return True
        elif (
            isinstance(value, dict)
            and depth
            and not is_beside_story(key)
            and _has_headline(value, headlines, depth - 1)
        ):
            return True
    return False


def _has_address(data: Node, paths: frozenset[str]) -> bool:
    """Whether an object has an address of the page, or its last part."""
    names = (str(data[key]) for key in _ADDRESSES if isinstance(data.get(key), (str, int)))
    return any(_is_part(own, path) for own in map(_path, names) if len(own) >= 5 for path in paths)


def _is_part(own: str, path: str) -> bool:
    at = path.find(own)
    around = path[at - 1 : at] + path[at + len(own) : at + len(own) + 1] if at >= 0 else ""
    return at >= 0 and (own == path or (len(own) >= 6 and not any(sign.isalnum() for sign in around)))


def _path(url: str) -> str:
    try:
        return urlsplit(url.strip()).path.strip("/") if len(url) < 2000 else ""
    except ValueError:
        return ""
