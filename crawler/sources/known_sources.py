"""What the registry knows of sources that are in the catalogue, those that are no longer crawled included."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from crawler.sources.choice import suggest
from crawler.sources.entries import RegistryError
from crawler.sources.registry import every_source
from crawler.sources.source import Source


def known_sources(path: Path | None, own: Sequence[Path]) -> dict[str, Source]:
    """By id the sources of a registry file, those of the operator and the built-in ones."""
    files = [*own, path] if path and path not in own else own
    return {source.id: source for source in every_source(files)}


def ids_from(countries: Sequence[str], known: Mapping[str, Source]) -> tuple[str, ...]:
    """The ids of all sources from these countries; RegistryError for one from which there is none."""
    by_country = {source.country.casefold(): source.country for source in known.values() if source.country}
    for country in countries:
        if country.casefold() not in by_country:
            raise RegistryError(f"No source is from {country!r}; {suggest(country, {*by_country.values()})}")
    wanted = {country.casefold() for country in countries}
    return tuple(source.id for source in known.values() if source.country.casefold() in wanted)
