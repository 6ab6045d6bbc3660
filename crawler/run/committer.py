"""One thread that makes outcomes durable, in the order of truth: record, seed file, catalogue."""

import queue
import threading
from collections.abc import Callable, Sequence

from archive.warc.location import RecordLocation
from crawler.fates import Fate
from crawler.items import Article
from crawler.outcome import Outcome
from crawler.run.corpus import Corpus

Ended = tuple[Outcome, RecordLocation | None]
"""How a URL ended, and where its record lies if it has one."""

BATCH = 64
"""Outcomes that share one fsync of the archive and one transaction."""

LINKS = 5_000
"""Links of a batch above which it is not made larger: other writers wait for the end of its transaction."""

HIGH_WATER = 512
"""Outcomes waiting above which producers should pause."""


class Committer:
    """Takes outcomes from the reactor thread and commits them in a thread of its own.

    After the first failure nothing more is committed: an article without its record, or a row
    without its file, is worse than none. `on_failure` is then called once, from this thread.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[Ended]], Sequence[Outcome]],
        corpus: Corpus,
        on_failure: Callable[[Exception], object],
        on_commit: Callable[[Sequence[Article]], None] | None = None,
    ) -> None:
        """`commit` makes rows durable, and gives the outcomes whose files are not for the corpus, with their fates.

        `on_commit` gets, in this thread, the articles that are committed.
        """
        self.failure: Exception | None = None
        self._commit_rows, self._corpus = commit, corpus
        self._on_failure = on_failure
        self._on_commit = on_commit
        self._put = self._done = 0
        self._counting = threading.Lock()
        self._waiting: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="committer", daemon=True)
        self._thread.start()

    @property
    def is_full(self) -> bool:
        return self._waiting.qsize() > HIGH_WATER

    @property
    def is_idle(self) -> bool:
        """Whether everything is committed that was put so far."""
        return self._done == self._put

    @property
    def has_put(self) -> int:
        """How many outcomes were put."""
        return self._put

    @property
    def has_done(self) -> int:
        """How many of them are committed: the first ones."""
        return self._done

    def put(self, outcome: Outcome) -> None:
        with self._counting:
            self._put += 1
        self._waiting.put(outcome)

    def close(self) -> None:
        """Commit what is waiting and end the thread."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while self._work_on_next_batch():
            pass

    def _work_on_next_batch(self) -> bool:
        """Commit what is waiting, and let it go before the next wait; False after the last."""
        batch, has_ended = self._next_batch()
        if batch and self.failure is None:
            try:
                self._commit(batch)
            except Exception as error:  # a defect of ours too: nothing may follow what is not committed
                self.failure = error
                self._on_failure(error)
        with self._counting:
            self._done += len(batch)
        return not has_ended

    def _next_batch(self) -> tuple[list[Outcome], bool]:
        """The outcomes that are waiting, at least one; True after the last."""
        batch: list[Outcome] = []
        links = 0
        outcome = self._waiting.get()
        while outcome is not None:
            batch.append(outcome)
            links += len(outcome.links)
            if len(batch) == BATCH or links > LINKS or self._waiting.empty():
                return batch, False
            outcome = self._waiting.get()
        return batch, True

    def _commit(self, batch: Sequence[Outcome]) -> None:
        ended: list[Ended] = [
            (outcome, outcome.capture.durable() if outcome.capture else None) for outcome in batch
        ]
        articles = [outcome.article for outcome in batch if outcome.article is not None]
        self._corpus.write(
            (article.file, article.content)
            for article in articles
            if article.file is not None and article.content is not None
        )
        lost = {id(outcome.article): outcome.fate for outcome in self._commit_rows(ended)}
        if self._on_commit is not None:
            self._on_commit(articles)
        for article in articles:  # last: a kill before it leaves one file too many, never one too few
            fate = lost.get(id(article))
            superseded = article.revises if fate is None else article.file
            if superseded is not None and fate is Fate.RIGHTS_DROPPED:
                self._corpus.discard(superseded)
            elif superseded is not None:
                self._corpus.retire(superseded)
