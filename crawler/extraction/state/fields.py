"""Reads what is known of an article in a page's state, under the names of schema.org."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from crawler.extraction.jsonld import Node
from crawler.extraction.lenient_json import Json

_PUBLISHED = """
datepublished publisheddate publishedat publisheddatetime publishdate publishedtime publishedon publishat publishtime
publicationdate publicationtime firstpublisheddate firstpublishedat firstpublished firstpublishdate published
displaydate pubdate originalpublishdate releasedate onlinedate datecreated createdat createddate created date postdate
"""
_MODIFIED = """
datemodified modifieddate modifiedat updatedat updateddate updateddatetime lastmodified lastupdated lastupdateddate
lastmodifieddate modifiedtime modified updated lastupdatedat lastedited
"""
"""Names of dates as letters only, the most telling first."""

_AUTHORS = "authors author bylines byline by credits writers creator"
_DESCRIPTIONS = "description subheadline standfirst summary excerpt dek"
_LONGEST_NAME = 200
_NOT_LETTER = re.compile(r"[^a-z]")


def node_of(data: Node, headline: str, body: str) -> Node:
    """The article that an object describes, as JSON-LD would state it."""
    by_letters = {_NOT_LETTER.sub("", key.lower()): value for key, value in data.items()}
    found: dict[str, Json] = {
        "headline": headline,
        "datePublished": next(_times(by_letters, _PUBLISHED.split()), None),
        "dateModified": next(_times(by_letters, _MODIFIED.split()), None),
        "author": _authors(data),
        "description": next(filter(None, map(_text, map(data.get, _DESCRIPTIONS.split()))), None),
        "articleBody": body,
    }
    node: Node = {"@type": "Article"}
    node.update((key, value) for key, value in found.items() if value)
    return node


def _times(data: Mapping[str, Json], names: Iterable[str]) -> Iterator[str]:
    """Times as they are written, or as ISO 8601 where they are seconds or milliseconds since 1970."""
    for name in names:
        value = data.get(name)
        if isinstance(value, dict):
            value = _first(value, ("iso", "date", "value", "timestamp", "utc"))
        if isinstance(value, str) and value.isdecimal() and len(value) in (10, 13):
            value = int(value)
        if isinstance(value, str) and value.strip():
            yield value
        elif (
            isinstance(value, (int, float))
            and 5e8 < (seconds := value / 1000 if value > 1e11 else value) < 5e9
        ):
            yield datetime.fromtimestamp(seconds, UTC).isoformat()


def _authors(data: Node) -> list[Json]:
    """The people of the first key that names any, each as an object."""
    for value in map(data.get, _AUTHORS.split()):
        if isinstance(value, dict):
            value = _first(value, ("by", "items", "nodes")) or [value]
        names = map(_name_of, value if isinstance(value, list) else [value])
        people: list[Json] = [{"name": name} for name in names if 0 < len(name) < _LONGEST_NAME]
        if people:
            return people
    return []


def _name_of(item: Json) -> str:
    if not isinstance(item, dict):
        return _text(item)
    keys = ("name", "displayName", "fullName", "full_name", "title", "text")
    parts = (_text(item.get("firstName")), _text(item.get("lastName")))
    return next(filter(None, map(_text, map(item.get, keys))), "") or " ".join(filter(None, parts))


def _first(data: Node, keys: Iterable[str]) -> Json:
    return next((value for key in keys if (value := data.get(key))), None)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
