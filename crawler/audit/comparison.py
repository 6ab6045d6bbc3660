"""How a catalogue differs from one that was derived again from the same archive, page by page.

What a page gives is a function of its record, and must be the same to the letter. Which of several equal
or near texts is in the corpus, and under which number, depends on the order in which runs ended: that is no difference.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from crawler.audit.differences import DECIDED_KINDS, ChangeKind, Difference, in_corpus
from crawler.audit.explanations import Explanations
from crawler.catalogue import corpus_texts
from crawler.catalogue.article_row import ArticleRow, names
from crawler.catalogue.articles import page_urls, pages_of
from crawler.catalogue.columns import Use
from crawler.catalogue.places import EVERYWHERE, is_of
from crawler.catalogue.visits import status_of
from crawler.database.catalogue import Catalogue
from crawler.fates import IN_CORPUS, Fate

_PASSED = IN_CORPUS | {Fate.UNCHANGED, Fate.DUPLICATE, Fate.SYNDICATED}
"""Fates of articles that belong into the corpus, by their own file or by that of an equal text."""


class Comparison:
    """Compares two catalogues; memory does not depend on their size."""

    def __init__(
        self,
        live: Catalogue,
        again: Catalogue,
        is_out_of_reach: Callable[[ArticleRow], bool] = lambda _: False,
        place: str = EVERYWHERE,
    ) -> None:
        """`is_out_of_reach` is true of rows of the live catalogue whose record could not be read again.

        `place` is the data directory from whose archive `again` was derived: only its rows are compared.
        """
        self._live, self._again, self._is_out_of_reach = live, again, is_out_of_reach
        self._place = place
        self._explanations = Explanations(live, again)

    def run(self) -> Iterator[Difference]:
        """Every difference, in the order in which the live catalogue came to know the pages."""
        for url in page_urls(self._live, self._place):
            if not self._explanations.is_redacted(url):
                yield from self._compare(url, self._own(pages_of(self._live, url)))
        for url in page_urls(self._again):
            if not (self._explanations.is_redacted(url) or pages_of(self._live, url)):
                yield from self._compare(url, [])

    def _compare(self, url: str, before: list[ArticleRow]) -> Iterator[Difference]:
        after = self._derived(url)
        change = self._change(url, before, after)
        concerned: set[str | None] = set()
        if change is not None:
            yield change
            concerned |= {row.record_id for row in before if row.id == change.before}
            concerned |= {row.record_id for row in after if row.id == change.after}
        derived = {row.record_id: row for row in after}
        for row in _newest(before):
            if row.record_id not in concerned:
                yield from self._compare_entry(row, derived.get(row.record_id))

    def _own(self, rows: Sequence[ArticleRow]) -> list[ArticleRow]:
        return [row for row in rows if is_of(row, self._place)]

    def _derived(self, url: str) -> list[ArticleRow]:
        return [row for row in pages_of(self._again, url) if row.fate != Fate.QUARANTINED]

    # --- the corpus -------------------------------------------------------------------------
    def _change(
        self, url: str, before: Sequence[ArticleRow], after: Sequence[ArticleRow]
    ) -> Difference | None:
        """What would happen in the corpus, if anything."""
        kept, derived = in_corpus(before), in_corpus(after)
        if kept is not None and derived is not None:
            return self._changed_text(kept, derived)
        if kept is not None and after:
            return self._withdrawn(kept, _of_record(after, kept.record_id))
        if derived is not None:
            return self._added(url, _of_record(before, derived.record_id) if before else None, derived)
        return None

    def _changed_text(self, kept: ArticleRow, derived: ArticleRow) -> Difference | None:
        if kept.month != derived.month:
            sentence = f"{kept.file} would have the month {derived.month}"
            return self._difference(ChangeKind.MONTH, sentence, kept, derived)
        if kept.sha256 != derived.sha256:
            return self._difference(ChangeKind.TEXT, f"{kept.file} would have another text", kept, derived)
        return None

    def _withdrawn(self, kept: ArticleRow, after: ArticleRow) -> Difference | None:
        if self._is_kept_by_another(kept, after.duplicate_of):
            return None
        sentence = f"{kept.file} would not be in the corpus: {after.fate}"
        return self._difference(ChangeKind.WITHDRAWN, sentence, kept, after)

    def _is_kept_by_another(self, kept: ArticleRow, twin: str | None) -> bool:
        """Whether another page with the same text would be in the corpus instead."""
        if twin is None or in_corpus(pages_of(self._live, twin)) is not None:
            return False
        derived, rows = in_corpus(pages_of(self._again, twin)), pages_of(self._live, twin)
        if derived is None or not rows or _of_record(rows, derived.record_id).fate not in _PASSED:
            return False  # it comes in itself: see `_added`
        return derived.body_hash == kept.body_hash or any(row.duplicate_of == kept.url for row in rows)

    def _added(self, url: str, before: ArticleRow | None, derived: ArticleRow) -> Difference | None:
        if before is not None and before.fate in _PASSED and self._is_known(before, derived):
            return None
        if self._is_elsewhere(url):
            return None  # another worker's record of the page came later, and gave its present text
        status = status_of(self._live, url)
        found = before.fate if before else (status and status.fate) or "not known as extracted"
        sentence = f"{url} would be in the corpus; it is {found}"
        return self._difference(ChangeKind.NEW, sentence, before, derived)

    def _is_known(self, before: ArticleRow, derived: ArticleRow) -> bool:
        """Whether the corpus has the text of a page, or most of it, by another page's, and goes on to have it."""
        assert derived.body_hash is not None, "every text of the corpus has one"
        with self._live.read() as connection:
            same = corpus_texts.same_text(connection, derived.body_hash)
        twins = (same.url if same else None, before.duplicate_of)
        return any(self._stays(twin) for twin in twins if twin is not None)

    def _is_elsewhere(self, url: str) -> bool:
        """Whether the corpus has the article of a page in another data directory, which sees to it."""
        kept = in_corpus(pages_of(self._live, url))
        return kept is not None and not is_of(kept, self._place)

    def _stays(self, url: str) -> bool:
        """Whether the corpus has an article of a page and would keep it as it is."""
        if self._is_elsewhere(url):
            return True
        rows = self._own(pages_of(self._live, url))
        return in_corpus(rows) is not None and self._change(url, rows, self._derived(url)) is None

    # --- the rows ---------------------------------------------------------------------------
    def _compare_entry(self, row: ArticleRow, derived: ArticleRow | None) -> Iterator[Difference]:
        if derived is None:
            if not self._is_out_of_reach(row):
                sentence = f"{row.file or row.url} cannot be derived again from the archive"
                yield self._difference(ChangeKind.LOST, sentence, row, None)
        elif _class_of(row) != _class_of(derived):
            sentence = f"{row.url} would be {derived.fate}; it is {row.fate}"
            yield self._difference(ChangeKind.FATE, sentence, row, derived)
        elif changed := [name for name in _COMPARED if getattr(row, name) != getattr(derived, name)]:
            sentence = f"The catalogue has another {', '.join(changed)} of {row.url} than its record gives"
            yield self._difference(ChangeKind.ENTRY, sentence, row, derived)

    def _difference(
        self, kind: ChangeKind, sentence: str, before: ArticleRow | None, after: ArticleRow | None
    ) -> Difference:
        row = before or after
        assert row is not None, "one of the two is there"
        reason = self._explanations.explain(row.url, before, after)
        if not reason and kind in DECIDED_KINDS:
            reason = self._explanations.explain_by_decisions(row.url, before, after)
        return Difference(
            row.url, kind, sentence, reason, before.id if before else None, after.id if after else None
        )


_COMPARED = names(Use.EXTRACTED | Use.JUDGED | Use.MEANS)
"""What must be the same in both rows of a record."""


def _newest(rows: Sequence[ArticleRow]) -> Iterator[ArticleRow]:
    """The last row of each record, unless its text was replaced by another one."""
    by_record: defaultdict[str | None, list[ArticleRow]] = defaultdict(list)
    for row in rows:
        by_record[row.record_id].append(row)
    return (rows[-1] for record, rows in by_record.items() if record and not rows[-1].is_retired)


def _of_record(rows: Sequence[ArticleRow], record_id: str | None) -> ArticleRow:
    return next((row for row in reversed(rows) if row.record_id == record_id), rows[-1])


def _class_of(row: ArticleRow) -> str:
    return Fate.SAVED if row.fate in _PASSED else row.fate
