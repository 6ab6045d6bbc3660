"""Why a page may end otherwise when it is derived again, although nothing is wrong."""

from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import pages_of
from crawler.catalogue.visits import UrlStatus, status_of, visits_of
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.states import DONE
from crawler.http.reasons import NOT_READ
from crawler.run.past_decisions import PastDecisions


class Explanations:
    """What explains differences between two catalogues, in words."""

    def __init__(self, live: Catalogue, again: Catalogue) -> None:
        self._live, self._again = live, again
        self._decisions = PastDecisions.read(live)

    def is_redacted(self, url: str) -> bool:
        """Whether a page was taken down: an archive of others may hold it still."""
        return self._decisions.is_taken_down(url)

    def explain(self, url: str, before: ArticleRow | None, after: ArticleRow | None) -> str:
        """Why a page may end otherwise than it did; empty if nothing explains it.

        `before` is None if the catalogue has no row for it, `after` if the archive gives none.
        """
        live, again = status_of(self._live, url), status_of(self._again, url)
        if Fate.QUARANTINED in _fates(before, after, live, again):
            return self._what_struck(url)
        is_pending = live is not None and live.state != DONE
        if is_pending and after and (before is None or before.record_id != after.record_id):
            return "a run was killed before it came to this page"
        if before is None and self._was_not_read(url):
            return NOT_READ
        if before is None or after is None:
            return ""
        return _other_means(before, after) or self._explain_by_twins(before, after)

    def explain_by_decisions(self, url: str, before: ArticleRow | None, after: ArticleRow | None) -> str:
        """What a person says of this page, or of the page it duplicates; empty if nobody does."""
        twins = [row.duplicate_of for row in (before, after) if row and row.duplicate_of]
        for each in (url, *twins):
            if decision := self._decisions.decision_on(each):
                whose = "" if each == url else f"{each}, whose text it repeats, was "
                return f"{whose}{decision.choice}ed by {decision.who} on {decision.decided[:10]}"
            if stated := self._decisions.month_of(each):
                whose = "" if each == url else f"{each}, whose text it repeats, was "
                return f"{whose}dated {stated.month} by {stated.who} on {stated.dated[:10]}"
        return ""

    def _was_not_read(self, url: str) -> bool:
        """Whether a pre-filter ruled a page out by its beginning."""
        *_, last = ["", *(visit.reason or "" for visit in visits_of(self._live, url))]
        return last.startswith(NOT_READ)

    def _what_struck(self, url: str) -> str:
        """Why a page was quarantined: what it was once may not happen again."""
        visits = [*visits_of(self._live, url), *visits_of(self._again, url)]
        reasons = (visit.reason for visit in reversed(visits) if visit.fate == Fate.QUARANTINED)
        return next(filter(None, reasons), "a limit of time or memory struck once")

    def _explain_by_twins(self, before: ArticleRow, after: ArticleRow) -> str:
        """Whether the page whose text this one repeats, then or now, was derived by other means."""
        for url in filter(None, (before.duplicate_of, after.duplicate_of)):
            if self.is_redacted(url):
                return f"{url}, whose text it repeats, was redacted"
            derived = {row.record_id: row for row in pages_of(self._again, url)}
            for row in pages_of(self._live, url):
                if row.record_id in derived and (why := _other_means(row, derived[row.record_id])):
                    return f"{url}, whose text it repeats, was {why}"
        return ""


def _fates(
    before: ArticleRow | None, after: ArticleRow | None, *statuses: UrlStatus | None
) -> set[str | None]:
    return {row.fate for row in (before, after) if row} | {status.fate for status in statuses if status}


def _other_means(before: ArticleRow, after: ArticleRow) -> str:
    """What derived a page otherwise, in words; empty if the means are the same."""
    if before.extractor != after.extractor:
        return f"extracted by {before.extractor}, now {after.extractor}"
    if before.declared is None and after.declared is not None:
        return "extracted by an earlier version, which did not keep what publishers declare"
    if before.model and after.model and before.model != after.model:
        then, now = before.model.split(", "), after.model.split(", ")
        changed = [part for part in then if part not in now], [part for part in now if part not in then]
        return "judged by {}, now {}".format(*map(", ".join, changed))
    if (before.fate == Fate.RIGHTS_DROPPED) != (after.fate == Fate.RIGHTS_DROPPED):
        return "judged by another RIGHTS_POLICY"
    return ""
