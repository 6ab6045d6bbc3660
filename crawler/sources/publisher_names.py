"""The front page of a publisher that a list names in words, as lists of Fundus do (`us.TheGuardian`)."""

import importlib
import importlib.util
import re
from collections.abc import Iterable, Iterator
from functools import cache

from crawler.sources.registry import built_in

_GROUP = re.compile(r"(?:PublisherCollection\.)?[a-z]{2}\.(?=[A-Z])")
"""The country before a name in Fundus."""


def homepage_of(name: str) -> str:
    """The front page of the publisher with a name; empty if neither Fundus, if installed, nor the registry has it."""
    return _homepages().get(_folded(name), "")


@cache
def _homepages() -> dict[str, str]:
    """By name; of equal ones Fundus' counts, whose names these are."""
    named = ((source.name, source.homepage) for source in built_in())
    return {key: url for name, url in (*named, *_of_fundus()) if (key := _folded(name))}


def _of_fundus() -> Iterator[tuple[str, str]]:
    if importlib.util.find_spec("fundus") is None:
        return
    publishers: Iterable[object] = importlib.import_module("fundus").PublisherCollection
    for each in publishers:
        for name in (getattr(each, "name", ""), getattr(each, "__name__", "")):
            yield str(name), str(getattr(each, "domain", ""))


def _folded(name: str) -> str:
    """A name without what its spellings differ in: case, signs, blanks, and the country before it."""
    return re.sub(r"[\W_]", "", _GROUP.sub("", name.strip()).casefold())
