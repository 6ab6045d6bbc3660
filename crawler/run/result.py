"""The result of a whole run: its exit code, and one sentence that says why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from crawler.catalogue.tallies import Tally
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.fates import IN_CORPUS, Fate
from crawler.http.requisites import NAMES
from crawler.items import UrlKind

UNREACHED = frozenset(
    {
        Fate.HTTP_ERROR,
        Fate.GONE,
        Fate.TIMEOUT,
        Fate.NETWORK_ERROR,
        Fate.INCOMPLETE,
        Fate.BLOCKED_ADDRESS,
        Fate.BAD_URL,
        Fate.ROBOTS_DISALLOWED,
        Fate.NOT_ARCHIVED,
        Fate.SOFT_404,
        Fate.BOT_CHALLENGE,
        Fate.CONSENT_WALL,
        Fate.REDIRECTED,
        Fate.TRAP,
        Fate.TOO_LARGE,
        Fate.QUARANTINED,
    }
)
"""Fates of URLs whose content was not obtained; the target of a redirect is a URL of its own."""

BROKEN = frozenset({Fate.QUARANTINED, Fate.TOO_LARGE})
"""Fates of archived answers that could not be looked into; a redirect or a 404 is what the archive holds."""

LISTED = frozenset({Fate.DISCOVERY, Fate.PARTLY_READ})
"""Fates of feeds, sitemaps and sections that were read: what they name is what a run is for."""

_NONE: Mapping[UrlKind, Mapping[str, int]] = MappingProxyType({})

STORAGE_REASONS = ("storage_failed", "archive_failed")
"""Reasons with which Scrapy closes a run that could not write."""

DISK_SHORT = "disk_short"
"""The reason of a run that ended before the disk was full: everything that it gathered is written."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended."""

    exit_code: int
    sentence: str
    tally: Tally


def result_of_run(
    reason: str,
    tally: Tally,
    faults: Sequence[str] = (),
    requisites: Mapping[UrlKind, Mapping[str, int]] = _NONE,
    cause: str = "",
    records: str = "",
) -> RunResult:
    """Exit code and sentence for a run that Scrapy closed with `reason`.

    `faults`: sentences on unusable input; `requisites`: number of the files that pages are shown with, by kind and
    fate; `cause`: the most frequent reason of failures; `records`: how the records of archives ended, if the run read
    some.
    """
    if reason in STORAGE_REASONS:
        return RunResult(STORAGE, "Run stopped: what was gathered could not be written.", tally)
    if not tally.reconciles:
        return RunResult(FAILED, f"The numbers do not reconcile: {_sums(tally)}. Please report this.", tally)
    if reason == DISK_SHORT:
        return RunResult(STORAGE, f"Run stopped because the disk is nearly full: {_sums(tally)}.", tally)
    pages = _fates_of_pages(tally, requisites)
    if _all_failed(reason, tally, pages, BROKEN if records else UNREACHED):
        return RunResult(FAILED, f"Everything that was due failed{_failures(tally, cause)}.", tally)
    if Fate.QUARANTINED in pages and _all_failed(reason, tally, pages - LISTED, UNREACHED):
        return RunResult(FAILED, f"No article could be looked into{_failures(tally, cause)}.", tally)
    if reason != "finished" and not reason.startswith("closespider_"):
        return RunResult(FAILED, f"Run stopped early ({reason}): {_sums(tally)}.", tally)
    if faults:
        return RunResult(FAILED, f"Run finished, but {faults[0]} {_sums(tally)}.", tally)
    how = "Run finished" if reason == "finished" else f"Run ended at the limit asked for ({reason})"
    return RunResult(
        OK, f"{how}: {_sums(tally)}{_archived(requisites)}{_nothing_new(tally, records)}.", tally
    )


def _all_failed(reason: str, tally: Tally, pages: set[str], failures: frozenset[Fate]) -> bool:
    if not failures.issuperset(pages):
        return False
    if tally.pending == tally.failing:
        return tally.discovered > 0
    # The other URLs wait for hosts that are left alone because of these failures.
    return reason == "finished" and bool(pages or tally.failing)


def _fates_of_pages(tally: Tally, requisites: Mapping[UrlKind, Mapping[str, int]]) -> set[str]:
    """Fates that not only pictures and the like had: they decide nothing about a run."""
    others = sum(map(Counter, requisites.values()), Counter[str]())
    return {fate for fate, count in tally.fates.items() if count > others[fate]}


def _sums(tally: Tally) -> str:
    return f"{tally.discovered} URLs = {_list(tally.fates)} + {tally.pending} pending"


def _failures(tally: Tally, cause: str) -> str:
    ended = f": {_list(tally.fates)}" if tally.fates else ""
    most = f" (most often: {cause})" if cause else ""
    later = f"; {tally.pending} are left to later runs" if tally.pending else ""
    return f"{ended}{most}{later}"


def _list(fates: dict[str, int]) -> str:
    ordered = sorted(fates.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{count} {fate}" for fate, count in ordered) or "0 ended"


def _archived(requisites: Mapping[UrlKind, Mapping[str, int]]) -> str:
    counts = [
        f"{fates.get(Fate.NOT_HTML, 0) + fates.get(Fate.UNCHANGED, 0)} of {sum(fates.values())} {NAMES[kind]}s"
        for kind, fates in requisites.items()
    ]
    return f"; {', '.join(counts)} archived" if counts else ""


def _nothing_new(tally: Tally, records: str) -> str:
    if IN_CORPUS & tally.fates.keys():
        return ""
    if not tally.discovered:
        return f"; no page in {records}" if records else "; nothing was due"
    return (
        "; nothing has changed" if tally.fates.keys() == {Fate.UNCHANGED} else "; nothing new for the corpus"
    )
