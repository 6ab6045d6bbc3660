"""The words in which declarations are kept, and which of them reserve a use.

`docs/rights.md` explains each. Nothing here says what the law makes of a declaration: it was made, or it was not, or
nobody knows.
"""

import json
from collections.abc import Collection, Iterator

from crawler.http.standard_urls import MAX_URL_CHARS
from crawler.items import Declaration
from crawler.rights.ai_agents import AGENTS

ROBOTS_TXT, TDMREP, RSL_FILE, HTTP, HTML = "robots.txt", "tdmrep.json", "rsl", "http", "html"
"""Where declarations are made."""

OF_SITES = frozenset({ROBOTS_TXT, TDMREP, RSL_FILE})
"""The files of a site, which speak of many pages."""

UNKNOWN = "unknown"
"""What is said where nobody could look: neither that something was declared, nor that nothing was."""

TDM_RESERVATION = "tdm-reservation="
_LATER_COUNTS = (TDMREP, HTTP, HTML)
"""Of the forms of TDMRep each one supersedes those before it (TDMRep, "Processing priority")."""

_RESERVING = {
    **{word: word for word in ("noarchive", "noindex", "noai")},
    "none": "noindex",  # robots directives: `none` is `noindex, nofollow`
    **{word: word for word in ("ai-train=no", "ai-input=no", "search=no", "rsl-prohibits")},
}
"""What reserves a use where it is said to all, and the word for it in an article's `rights`."""

_REFUSING = frozenset(
    {"disallow", "noindex", "none", "noarchive", "noai", "ai-train=no", "ai-input=no", "search=no"}
)
"""What reserves a use where it is said to a robot that gathers for AI or mining."""

REFUSED_USE = "=n"
"""How a refusal of Content-Usage ends, whose words are not settled: each is a word of its own."""

AI_AGENTS = "ai-agents"
_MOST, _LONGEST = 300, MAX_URL_CHARS + 100
_NAMES = frozenset(agent.name for agent in AGENTS)


def reserved(declared: Collection[Declaration]) -> tuple[str, ...]:
    """The uses that a publisher reserves by these declarations, each once, as `rights` of an article name them."""
    words = [_RESERVING.get(each.says.partition(":")[0]) for each in declared if not each.whom]
    found = [word for name in dict.fromkeys(_RESERVING.values()) for word in words if word == name]
    if _tdm_reservation(declared) == "1":
        found.append("tdm-reservation")
    found += [each.says for each in declared if not each.whom and each.says.endswith(REFUSED_USE)]
    if any(each.whom in _NAMES and _refuses(each.says) for each in declared):
        found.append(AI_AGENTS)
    return tuple(dict.fromkeys(found))


def _refuses(says: str) -> bool:
    return says in _REFUSING or says.endswith(REFUSED_USE)


def _tdm_reservation(declared: Collection[Declaration]) -> str:
    said = {each.where: each.says for each in declared if each.says.startswith(TDM_RESERVATION)}
    values = [said[where].removeprefix(TDM_RESERVATION) for where in _LATER_COUNTS if where in said]
    return values[-1] if values else ""


def dump_declared(declared: Collection[Declaration] | None) -> str | None:
    """Declarations as JSON on one line: lists of where, what and, if it is not said to all, to whom."""
    if declared is None:
        return None
    rows = [[each.where, each.says, each.whom] if each.whom else [each.where, each.says] for each in declared]
    return json.dumps(rows, ensure_ascii=False)


def load_declared(text: str | None) -> tuple[Declaration, ...] | None:
    """Declarations from such JSON; None if it is none: the metadata of other archives may say anything."""
    try:
        rows = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(rows, list) or len(rows) > _MOST or not all(map(_is_row, rows)):
        return None
    return tuple(Declaration(*row) for row in rows)


def _is_row(row: object) -> bool:
    return (
        isinstance(row, list)
        and len(row) in (2, 3)
        and all(isinstance(value, str) and len(value) <= _LONGEST for value in row)
    )


def changes(earlier: Collection[Declaration], later: Collection[Declaration]) -> Iterator[str]:
    """What is declared anew, and what no longer."""
    yield from (f"+ {each}" for each in later if each not in earlier)
    yield from (f"- {each}" for each in earlier if each not in later)
