"""The TDM Reservation Protocol in its three forms: a file of the site, header fields, and meta elements.

https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from crawler.http.robots_rules import RobotsRules
from crawler.http.standard_urls import clean_url
from crawler.items import Declaration
from crawler.rights.declarations import HTML, HTTP, TDM_RESERVATION, TDMREP

PATH = "/.well-known/tdmrep.json"
_MOST_RULES = 1000


class NoRules(ValueError):
    """The file is not what the protocol says: it sets nothing, and what was meant is not known."""


@dataclass(frozen=True, slots=True)
class _Rule:
    covers: RobotsRules
    """Disallows what the rule's location covers: `*` and `$` mean what they mean in robots.txt."""
    reservation: str
    policy: str


@dataclass(frozen=True, slots=True)
class SiteReservations:
    """The rules of a tdmrep.json, in their order."""

    rules: tuple[_Rule, ...] = ()

    @classmethod
    def read(cls, body: bytes) -> Self:
        """The rules of a file; none of an empty one, which is none. NoRules if it is no array of objects."""
        if not body:
            return cls()
        try:
            rows = json.loads(body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise NoRules("it is no JSON") from None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise NoRules("it is no array of rules")
        return cls(tuple(_rule(row) for row in rows[:_MOST_RULES] if isinstance(row.get("location"), str)))

    def of(self, url: str, site: str) -> Iterator[Declaration]:
        """What the first rule says that covers a URL (TDMRep, "TDM File on the Origin Server")."""
        found = next((rule for rule in self.rules if not rule.covers.allow(url)), None)
        if found is not None:
            yield from _said(TDMREP, found.reservation, found.policy, site)


def _rule(row: Mapping[str, object]) -> _Rule:
    policy = row.get("tdm-policy")
    value = row.get("tdm-reservation")
    # `true` is no value of the protocol, though it equals 1 in Python.
    reservation = "" if isinstance(value, bool) else str(value)
    return _Rule(
        RobotsRules.against(str(row["location"])), reservation, policy if isinstance(policy, str) else ""
    )


def in_headers(headers: Mapping[str, str], url: str) -> Iterator[Declaration]:
    """What the header fields of an answer say; names in lower case."""
    yield from _said(HTTP, headers.get("tdm-reservation", ""), headers.get("tdm-policy", ""), url)


def in_metas(metas: Mapping[str, Sequence[str]], url: str) -> Iterator[Declaration]:
    """What the meta elements of a page say; of several the last counts."""
    reservation, policy = (metas.get(name, [""])[-1] for name in ("tdm-reservation", "tdm-policy"))
    yield from _said(HTML, reservation, policy, url)


def _said(where: str, reservation: str, policy: str, base: str) -> Iterator[Declaration]:
    """Other values than 0 and 1 are errors, and set nothing."""
    if (value := reservation.strip()) in ("0", "1"):
        yield Declaration(where, f"{TDM_RESERVATION}{value}")
        if policy.strip() and (address := clean_url(policy, base)):
            yield Declaration(where, f"tdm-policy={address}")
