"""How a catalogue differs from one that was derived again from the same archive, page by page.

What a page gives is a function of its record, and must be the same to the letter. Which of several equal
or near texts is in the corpus, and under which index, depends on the order in which runs ended: that is no difference.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crawler.catalogue.pages import End, Row, end_of, page_urls, pages_of
from crawler.catalogue.redactions import redacted_keys
from crawler.catalogue.reviews import rulings
from crawler.catalogue.store import Store
from crawler.fates import IN_CORPUS, Fate
from crawler.frontier.states import DONE
from crawler.http.url_identity import url_key

_PASSED = IN_CORPUS | {Fate.UNCHANGED, Fate.DUPLICATE, Fate.SYNDICATED}
"""Fates of articles that belong into the corpus, by their own file or by that of an equal text."""

_EXTRACTED = (
    *("source", "via", "canonical_url", "title", "text", "language", "authors", "agency", "published"),
    *("modified", "month", "date_source", "date_conflict", "rights", "verdict", "dates"),
    *("length", "payload_digest", "captured"),
)
_JUDGED = ("conflict", "related", "terms")
_MEANS = ("extractor", "model")


class ChangeKind(StrEnum):
    """What would become of a page."""

    NEW = "new"
    TEXT = "another text"
    MONTH = "another month"
    WITHDRAWN = "withdrawn"
    FATE = "another fate"
    ENTRY = "another entry"
    """The corpus stays as it is; the catalogue would describe the page otherwise."""
    LOST = "not derivable"


_RULED_KINDS = frozenset({ChangeKind.NEW, ChangeKind.WITHDRAWN, ChangeKind.FATE})
"""What a person's decision about a page can change; what is said of the page it cannot."""

CORPUS_KINDS = frozenset({ChangeKind.NEW, ChangeKind.TEXT, ChangeKind.MONTH, ChangeKind.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Difference:
    """One page that ends otherwise when it is derived again."""

    url: str
    kind: ChangeKind
    sentence: str
    reason: str
    """Why that is no fault: what derived the page then is not what derives it now; empty if it is one."""
    before: int | None
    """Id of the row that it concerns; None if there is none yet."""
    after: int | None
    """Id of the row that was derived again."""


class Comparison:
    """Holds two catalogues against each other; memory does not depend on their size."""

    def __init__(
        self, live: Store, again: Store, is_out_of_reach: Callable[[Row], bool] = lambda _: False
    ) -> None:
        """Take the catalogues, and which rows of the live one have a record that could not be read again."""
        self._live, self._again, self._is_out_of_reach = live, again, is_out_of_reach
        self._redacted, self._rulings = redacted_keys(live), rulings(live)

    def run(self) -> Iterator[Difference]:
        """Every difference, in the order in which the live catalogue came to know the pages."""
        for url in page_urls(self._live):
            if not self._is_redacted(url):
                yield from self._compare(url, pages_of(self._live, url))
        for url in page_urls(self._again):
            if not (self._is_redacted(url) or pages_of(self._live, url)):
                yield from self._compare(url, [])

    def _is_redacted(self, url: str) -> bool:
        """Whether a page was taken down: an archive of others may hold it still."""
        return bool(self._redacted) and url_key(url) in self._redacted

    def _compare(self, url: str, before: list[Row]) -> Iterator[Difference]:
        after = self._derived(url)
        change = self._change(url, before, after)
        concerned: set[str | None] = set()
        if change is not None:
            yield change
            ids = {change.before, change.after}
            concerned = {row["record_id"] for row in (*before, *after) if row["id"] in ids}
        derived = {row["record_id"]: row for row in after}
        for row in _newest(before):
            if row["record_id"] not in concerned:
                yield from self._compare_entry(row, derived.get(row["record_id"]))

    def _derived(self, url: str) -> list[Row]:
        return [row for row in pages_of(self._again, url) if row["fate"] != Fate.QUARANTINED]

    # --- the corpus -------------------------------------------------------------------------
    def _change(self, url: str, before: list[Row], after: list[Row]) -> Difference | None:
        """What would happen in the corpus, if anything."""
        kept, derived = in_corpus(before), in_corpus(after)
        if kept is not None and derived is not None:
            return self._changed_text(kept, derived)
        if kept is not None and after:
            return self._withdrawn(kept, _of_record(after, kept["record_id"]))
        if derived is not None:
            return self._added(url, _of_record(before, derived["record_id"]) if before else None, derived)
        return None

    def _changed_text(self, kept: Row, derived: Row) -> Difference | None:
        if kept["month"] != derived["month"]:
            sentence = f"{kept['file']} would have the month {derived['month']}"
            return self._difference(ChangeKind.MONTH, sentence, kept, derived)
        if kept["sha256"] != derived["sha256"]:
            return self._difference(ChangeKind.TEXT, f"{kept['file']} would have another text", kept, derived)
        return None

    def _withdrawn(self, kept: Row, after: Row) -> Difference | None:
        if self._is_kept_by_another(kept, after["duplicate_of"]):
            return None
        sentence = f"{kept['file']} would not be in the corpus: {after['fate']}"
        return self._difference(ChangeKind.WITHDRAWN, sentence, kept, after)

    def _is_kept_by_another(self, kept: Row, twin: str | None) -> bool:
        """Whether another page with the same text would be in the corpus instead."""
        if twin is None or in_corpus(pages_of(self._live, twin)) is not None:
            return False
        derived, rows = in_corpus(pages_of(self._again, twin)), pages_of(self._live, twin)
        if derived is None or not rows or _of_record(rows, derived["record_id"])["fate"] not in _PASSED:
            return False  # it comes in itself: see `_added`
        return bool(derived["body_hash"] == kept["body_hash"]) or any(
            row["duplicate_of"] == kept["url"] for row in rows
        )

    def _added(self, url: str, before: Row | None, derived: Row) -> Difference | None:
        if before is not None and before["fate"] in _PASSED and self._is_known(before, derived):
            return None
        end = end_of(self._live, url)
        found = before["fate"] if before else end.fate if end and end.fate else "not known as extracted"
        return self._difference(
            ChangeKind.NEW, f"{url} would be in the corpus; it is {found}", before, derived
        )

    def _is_known(self, before: Row, derived: Row) -> bool:
        """Whether the corpus has the text of a page, or most of it, by another page's, and goes on to have it."""
        same = self._live.same_text(derived["body_hash"])
        twins = (same.url if same else None, before["duplicate_of"])
        return any(self._stays(twin) for twin in twins if twin is not None)

    def _stays(self, url: str) -> bool:
        """Whether the corpus has an article of a page and would keep it as it is."""
        rows = pages_of(self._live, url)
        return in_corpus(rows) is not None and self._change(url, rows, self._derived(url)) is None

    # --- the rows ---------------------------------------------------------------------------
    def _compare_entry(self, row: Row, derived: Row | None) -> Iterator[Difference]:
        if derived is None and self._is_out_of_reach(row):
            return
        if derived is None:
            name = row["file"] or row["url"]
            yield self._difference(
                ChangeKind.LOST, f"{name} cannot be derived again from the archive", row, None
            )
        elif _class_of(row) != _class_of(derived):
            sentence = f"{row['url']} would be {derived['fate']}; it is {row['fate']}"
            yield self._difference(ChangeKind.FATE, sentence, row, derived)
        elif names := [name for name in (*_EXTRACTED, *_JUDGED, *_MEANS) if row[name] != derived[name]]:
            sentence = f"The catalogue has another {', '.join(names)} of {row['url']} than its record gives"
            yield self._difference(ChangeKind.ENTRY, sentence, row, derived)

    def _difference(
        self, kind: ChangeKind, sentence: str, before: Row | None, after: Row | None
    ) -> Difference:
        url = (before or after or {})["url"]
        reason = self._explain(url, before, after)
        if not reason and kind in _RULED_KINDS:
            reason = self._explain_rulings(url, before, after)
        return Difference(
            url, kind, sentence, reason, before["id"] if before else None, after["id"] if after else None
        )

    # --- why --------------------------------------------------------------------------------
    def _explain(self, url: str, before: Row | None, after: Row | None) -> str:
        """Why a page may end otherwise than it did; empty if nothing explains it.

        `before` is None if the catalogue has no row for it, `after` if the archive gives none.
        """
        live, again = end_of(self._live, url), end_of(self._again, url)
        if Fate.QUARANTINED in _fates(before, after, live, again):
            return "a limit of time or memory struck once (EXTRACTION_TIMEOUT_S, EXTRACTION_MAX_BYTES)"
        is_pending = live is not None and live.state != DONE
        if is_pending and after and (before is None or before["record_id"] != after["record_id"]):
            return "a run was killed before it came to this page"
        if before is None or after is None:
            return ""
        return _other_means(before, after) or self._explain_twins(before, after)

    def _explain_twins(self, before: Row, after: Row) -> str:
        """Whether the page whose text this one repeats, then or now, was derived by other means."""
        for url in filter(None, (before["duplicate_of"], after["duplicate_of"])):
            if self._is_redacted(url):
                return f"{url}, whose text it repeats, was redacted"
            derived = {row["record_id"]: row for row in pages_of(self._again, url)}
            for row in pages_of(self._live, url):
                if row["record_id"] in derived and (why := _other_means(row, derived[row["record_id"]])):
                    return f"{url}, whose text it repeats, was {why}"
        return ""

    def _explain_rulings(self, url: str, before: Row | None, after: Row | None) -> str:
        """Whether a person decided about the page, all texts of which that concerns, or about one that it repeats."""
        twins = [row["duplicate_of"] for row in (before, after) if row and row["duplicate_of"]]
        for each in (url, *twins):
            if ruling := self._rulings.get(url_key(each)):
                whose = "" if each == url else f"{each}, whose text it repeats, was "
                return f"{whose}{ruling.kind}ed by {ruling.who} on {ruling.ruled[:10]}"
        return ""


def in_corpus(rows: Sequence[Row]) -> Row | None:
    """The row whose file the corpus holds."""
    return next((row for row in reversed(rows) if row["file"] is not None), None)


def is_retired(row: Row) -> bool:
    """True of an earlier text: its file lies in `.revisions`, and its row stays as it was."""
    return row["file"] is None and row["sha256"] is not None


def _newest(rows: Sequence[Row]) -> Iterator[Row]:
    """The last row of each record, unless its text was replaced by another one."""
    by_record: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        by_record[row["record_id"]].append(row)
    return (rows[-1] for record, rows in by_record.items() if record and not is_retired(rows[-1]))


def _of_record(rows: Sequence[Row], record_id: str | None) -> Row:
    return next((row for row in reversed(rows) if row["record_id"] == record_id), rows[-1])


def _class_of(row: Row) -> str:
    return Fate.SAVED if row["fate"] in _PASSED else row["fate"]


def _fates(before: Row | None, after: Row | None, *ends: End | None) -> set[str | None]:
    return {row["fate"] for row in (before, after) if row} | {end.fate for end in ends if end}


def _other_means(before: Row, after: Row) -> str:
    """What derived a page otherwise, in words; empty if the means are the same."""
    if before["extractor"] != after["extractor"]:
        return f"extracted by {before['extractor']}, now {after['extractor']}"
    if None not in (before["model"], after["model"]) and before["model"] != after["model"]:
        then, now = (row["model"].split(", ") for row in (before, after))
        changed = [part for part in then if part not in now], [part for part in now if part not in then]
        return "judged by {}, now {}".format(*map(", ".join, changed))
    if (before["fate"] == Fate.RIGHTS_DROPPED) != (after["fate"] == Fate.RIGHTS_DROPPED):
        return "judged by another RIGHTS_POLICY"
    return ""
