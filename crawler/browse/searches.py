"""Searches as the address of a page has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from crawler.search.hits import FACETS, Search
from crawler.search.named_places import places_named

PER_PAGE = 20
_LAST_START = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a search, and from which hit on."""

    search: Search
    start: int = 0

    @property
    def facets(self) -> dict[str, str]:
        """The facets that are chosen, by name."""
        return {name: value for name in FACETS if (value := getattr(self.search, name))}

    def address(self, start: int = 0, **changes: str) -> str:
        """The address of the same search with some facets changed; an empty value removes one."""
        search = self.search
        known = {
            "q": search.words,
            **{name: getattr(search, name) for name in FACETS},
            "since": search.since.isoformat() if search.since else "",
            "until": search.until.isoformat() if search.until else "",
            "order": "best" if search.best_first else "",
            "start": str(start) if start else "",
        }
        return "/search?" + urlencode({name: value for name, value in {**known, **changes}.items() if value})


def read_address(given: Mapping[str, str]) -> Asked:
    """What the parameters of an address ask for; what cannot be read is as if it were not there."""
    place = given.get("place", "").strip()
    named = places_named(place)
    search = Search(
        words=given.get("q", "").strip()[:1000],
        source=given.get("source", ""),
        language=given.get("language", ""),
        month=given.get("month", ""),
        place=named[0] if named else place,
        fate=given.get("fate", ""),
        cluster=given.get("cluster", ""),
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        best_first=given.get("order") == "best",
    )
    return Asked(search, min(number(given.get("start", ""), 0), _LAST_START))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def number(text: str, default: int) -> int:
    """A number that was given; the default if it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default
