"""What follows from a country: its top-level domain, and its time zone if it has just one."""

from functools import cache
from importlib.resources import files

_DOMAINS = {"uk": "GB"}
"""Top-level domains of countries that are not their ISO 3166-1 codes."""

_FREE = frozenset({"AI", "CO", "FM", "IO", "LY", "ME", "TO", "TV", "WS"})
"""Countries whose domains anybody takes, for what they spell."""


def country_of_host(host: str) -> str:
    """The country (ISO 3166-1 alpha-2) whose domain a host is in; empty if that says nothing."""
    last = host.rpartition(".")[2].lower()
    country = _DOMAINS.get(last, last.upper())
    return country if country in _zones() and country not in _FREE else ""


def zone_of(country: str) -> str:
    """The IANA zone of a country that has just one; else empty."""
    zones = _zones().get(country, [])
    return zones[0] if len(zones) == 1 else ""


@cache
def _zones() -> dict[str, list[str]]:
    """The zones of each country, as the tz database has them."""
    zones: dict[str, list[str]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones.setdefault(country, []).append(zone)
    return zones
