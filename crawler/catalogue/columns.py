"""What a field of a row says about itself: what it is for, where its value comes from, how the database has it."""

import json
from collections.abc import Callable, Collection
from dataclasses import astuple, dataclass, field, fields, replace
from enum import Flag, auto
from typing import Any

from crawler.items import Article, Part, Reason


class Use(Flag):
    """What a column of an article is for."""

    NONE = 0
    DESCRIBES = auto()
    """It follows from the page's record and from what is installed and set: `scrapy rederive` refreshes it."""
    DECIDES = auto()
    """It says what became of the page, which depends on other pages too."""
    EXTRACTED = auto()
    """The same extractor gives the same value again."""
    JUDGED = auto()
    """The same model gives the same value again."""
    MEANS = auto()
    """It names the extractor or the model."""
    EXPORTED = auto()
    """`scrapy export` writes it; the order of the fields is the order of the export's keys."""
    EXPLAINED = auto()
    """`scrapy explain` shows it under its name."""


KEPT: object = object()
"""Instead of the value after a redaction: the value stays."""


def same(value: Any) -> Any:
    return value


def or_none(value: Any) -> Any:
    return value or None


@dataclass(frozen=True, slots=True)
class Column:
    """The metadata of one field."""

    name: str = ""
    use: Use = Use.NONE
    of: Callable[[Article], Any] | None = None
    """How the value follows from an article; None where it does not."""
    erased: object = KEPT
    """The value after a redaction, or KEPT."""
    is_stored: bool = True
    """Whether the table `article` has it; other values come from other tables when a row is read."""
    dump: Callable[[Any], object] = same
    load: Callable[[Any], Any] = same
    """From the value to the database's and back."""


def stored(
    use: Use = Use.NONE,
    of: Callable[[Article], Any] | None = None,
    erased: object = None,
    dump: Callable[[Any], object] = same,
    load: Callable[[Any], Any] = same,
) -> Any:
    """A field that is a column of the table `article`."""
    return field(metadata={"column": Column("", use, of, erased, True, dump, load)})


def joined(default: object, use: Use = Use.NONE, load: Callable[[Any], Any] = same) -> Any:
    """A field whose value comes from another table, or from other columns, when a row is read."""
    return field(default=default, metadata={"column": Column("", use, is_stored=False, load=load)})


def columns_of(row_type: type[Any]) -> tuple[Column, ...]:
    """The columns of a dataclass of such fields, in their order."""
    return tuple(replace(each.metadata["column"], name=each.name) for each in fields(row_type))


def attribute(name: str) -> Callable[[Article], Any]:
    """The attribute of an article."""
    return lambda article: getattr(article, name)


def relevance(name: str, otherwise: object = None) -> Callable[[Article], Any]:
    """The attribute of an article's relevance, or another value where nothing was judged."""
    return lambda article: getattr(article.relevance, name) if article.relevance else otherwise


def from_hex(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


def to_hex(value: bytes | None) -> str | None:
    return None if value is None else bytes(value).hex()


def json_list(values: Collection[object]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def strings(text: str) -> tuple[str, ...]:
    try:
        return tuple(json.loads(text))
    except (TypeError, ValueError):
        return (text,)  # the row was changed by hand: `scrapy verify` reports that


def json_parts(parts: Collection[Part]) -> str:
    return json_list([astuple(each) for each in parts])


def read_parts(text: str | None) -> tuple[Part, ...]:
    return tuple(Part(*each) for each in json.loads(text or "[]"))


def json_reasons(reasons: Collection[Reason] | None) -> str | None:
    return None if reasons is None else json_list([astuple(each) for each in reasons])


def read_reasons(text: str | None) -> tuple[Reason, ...] | None:
    return None if text is None else tuple(Reason(*each) for each in json.loads(text))
