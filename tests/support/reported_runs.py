"""A catalogue of two runs whose pages ended in many ways, in several scripts, some of them hostile."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from archive.warc.location import RecordLocation
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run, end_run
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.url_rows import enter
from crawler.items import Article, Decision, Relevance, UrlKind
from crawler.outcome import Outcome
from tests.support.outcomes import FEED, MOMENT, Shelved, article, ended, filed, link, outcome_of

Ended = tuple[Outcome, RecordLocation | None]

INJECTED = (
    '<script>document.title = "owned"</script><img src=x onerror="document.title=1"> \u202eevil\x1b[31m'
)
ARABIC = "قُصف ميناء «مريسول» صباح اليوم"
SYRIAN = Relevance(0.9, True, 0.5, True, 0.8, Decision.ACCEPT, ("Aleppo", "shelling"))


class Reported(NamedTuple):
    """A data directory, and the numbers of its runs."""

    data: Path
    first: int
    second: int


def report_two_runs(data: Path, store_url: str = "") -> Reported:
    """Fill a new data directory."""
    with closing(Catalogue.open(store_url, data)) as catalogue:
        first = _run(catalogue, list(_first()))
        second = _run(catalogue, list(_second()))
    return Reported(data, first, second)


def _run(catalogue: Catalogue, outcomes: list[Ended]) -> int:
    run = begin_run(catalogue, "news", {}, "frontwire/0", "0" * 16)
    enter(catalogue, run, [link("waiting-1"), link("waiting-2")], False, False)
    commit_outcomes(catalogue, run, outcomes)
    end_run(catalogue, run, "finished", 0)
    return run


def _first() -> Iterator[Ended]:
    saved = article("arabic", "قُصف الميناء.", title=ARABIC, language="ar", relevance=SYRIAN)
    yield _shelved(filed(saved, 0), 0)
    yield _shelved(filed(article("will-vanish", "Le phare brûle.", language="fr"), 1), 1)
    yield _shelved(filed(article("hostile", "Tarn tombe.", title=INJECTED, language="fr"), 2), 2)
    copy = article("copy", "Le phare brûle.", duplicate_of=link("will-vanish").url, known=1.0)
    yield _shelved(copy, 3, Fate.DUPLICATE)
    yield _shelved(article("soup", "La soupe."), 4, Fate.OFF_TOPIC, "conflict 0.00, related 0.01")
    yield _shelved(article("perhaps", "Peut-être.", title="Peut-être"), 5, Fate.REVIEW)
    yield _shelved(article("when", "Un jour.", month=None), 6, Fate.UNDATED)
    failed = ended(link("slow"), Fate.TIMEOUT)
    yield replace(failed, reason="https://marisol.example/slow took longer than 60 s"), None
    yield replace(ended(FEED, Fate.HTTP_ERROR), reason="HTTP 503"), Shelved(7).durable()


def _second() -> Iterator[Ended]:
    gone = replace(ended(link("will-vanish"), Fate.GONE), reason="HTTP 404")
    yield gone, Shelved(8, captured=MOMENT + timedelta(days=1)).durable()
    changed = filed(article("arabic", "قُصف الميناء مرتين.", title=ARABIC, language="ar"), 3)
    earlier = filed(article("arabic", "قُصف الميناء.", title=ARABIC, language="ar"), 0).file
    revised = replace(changed, revises=earlier, silent_edit=True)
    yield _shelved(revised, 9, Fate.UPDATED)


def _shelved(made: Article, serial: int, fate: Fate = Fate.SAVED, reason: str = "") -> Ended:
    captured = replace(made, capture=Shelved(serial))
    return replace(outcome_of(captured, fate), reason=reason, kind=UrlKind.ARTICLE), Shelved(serial).durable()
