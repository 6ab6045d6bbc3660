"""Reads the registry of sources: which publishers are crawled, and from which URLs."""

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from crawler.sources.choice import Choice
from crawler.sources.entries import RegistryError, read_source
from crawler.sources.source import Source
from crawler.sources.start_urls import read_urls

BUILT_IN = files("crawler") / "sources" / "countries"
"""The built-in registry; a Traversable, because scrapyd runs the project from a zip file."""


def load_sources(path: Path | None, choice: Choice, own: Sequence[Path] = ()) -> list[Source]:
    """The enabled sources of a registry that a choice takes.

    `path` is a registry (.toml), a folder of such, or a text file with one feed, sitemap or section URL per line; None
    is the built-in registry, with the operator's `own`. OperatorError if anything is wrong or no source is left.
    """
    sources = _load(path) if path else every_source(own)
    enabled = [source for source in sources if source.enabled]
    return choice.of_sources(enabled, str(path or "The built-in registry"))


def every_source(own: Sequence[Path]) -> list[Source]:
    """The built-in sources, then those of further registries; an entry of theirs replaces one with the same id.

    Disabled ones too.
    """
    sources = {source.id: source for source in built_in()}
    seen: dict[str, Path] = {}
    for path in own:
        for source in _load(path):
            if source.id in seen:
                raise RegistryError(
                    f"{path}, source {source.id!r}: {seen[source.id]} has this id too; choose one of its own."
                )
            seen[source.id] = path
            sources[source.id] = source
    return list(sources.values())


@cache
def built_in() -> tuple[Source, ...]:
    """Every source of the built-in registry, read once a process."""
    return tuple(_load(BUILT_IN))


def load_registry(paths: Iterable[Traversable]) -> list[Source]:
    """All sources of registry files in order, disabled ones too; RegistryError if anything is wrong."""
    sources: dict[str, Source] = {}
    for path in paths:
        for number, table in enumerate(_read_tables(path), 1):
            where = f"{path}, source {table.get('id', number)!r}"
            source = read_source(table, where)
            if source.id in sources:
                raise RegistryError(f"{where}: another source has this id; choose one of its own.")
            sources[source.id] = source
    return list(sources.values())


def _load(place: Traversable) -> list[Source]:
    if place.is_dir():
        return load_registry(sorted((file for file in place.iterdir() if _is_toml(file)), key=str))
    return load_registry([place]) if _is_toml(place) else read_urls(_read_text(place), str(place))


def _is_toml(file: Traversable) -> bool:
    return file.name.endswith(".toml")


def _read_tables(path: Traversable) -> list[dict[str, object]]:
    text = _read_text(path)
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RegistryError(f"{path} is not valid TOML: {error}; correct it.") from None
    if unknown := sorted(document.keys() - {"source"}):
        raise RegistryError(f"{path}: unknown key {unknown[0]!r}; begin each source with [[source]].")
    if text.strip() and not document:  # comments only: nothing was added yet
        return []
    tables = document.get("source")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RegistryError(f"{path} has no list of sources; begin each source with [[source]].")
    return tables


def _read_text(path: Traversable) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RegistryError(
            f"Cannot read {path}: {error.strerror}; name a file or folder of sources."
        ) from None
    except UnicodeDecodeError:
        raise RegistryError(f"{path} is not in UTF-8; convert it.") from None
