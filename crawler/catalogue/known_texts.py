"""Whether the corpus has a text already, to the letter or nearly: which article it repeats, and how much of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import Connection, func, select

from crawler.catalogue import corpus_texts
from crawler.fates import Fate
from crawler.http.url_identity import is_renamed
from crawler.http.urls import is_same_host
from crawler.items import Article
from crawler.outcome import Outcome
from crawler.texts.corpus_text import CorpusText
from crawler.texts.similarity import ComparedText, Overlap, compare

_LOCK = 0x7265706561747321
"""PostgreSQL's advisory lock of those who add to the corpus: any number that no other program uses."""

_RENAMED = 0.5
"""Share of one text that must be in the other, for two addresses with the same number to be of one article."""

_WHOLE = Overlap(later_in_earlier=1.0, earlier_in_later=1.0)


class Texts(Protocol):
    """The texts of the corpus that one reader can see."""

    def same_text(self, body_hash: bytes) -> CorpusText | None: ...
    def text_of_url(self, url: str) -> CorpusText | None: ...
    def near_texts(self, bands: tuple[int, ...]) -> list[CorpusText]: ...


@dataclass(frozen=True, slots=True)
class CommittedTexts:
    """The texts that all runs but one have committed."""

    connection: Connection
    run_id: int

    def same_text(self, body_hash: bytes) -> CorpusText | None:
        return corpus_texts.same_text(self.connection, body_hash, besides=self.run_id)

    def text_of_url(self, url: str) -> CorpusText | None:
        return corpus_texts.text_of_url(self.connection, url)

    def near_texts(self, bands: tuple[int, ...]) -> list[CorpusText]:
        return corpus_texts.nearest(corpus_texts.near_texts(self.connection, bands, besides=self.run_id))


@dataclass(frozen=True, slots=True)
class Repeat:
    """An article that is not for the corpus, because another one represents it."""

    article: Article
    """With the URL of the other, and how much they have in common."""
    fate: Fate
    """duplicate if the other is of the same site, else syndicated."""
    reason: str


def find_repeat(article: Article, corpus: Texts) -> Repeat | None:
    """What the corpus has of an article: first the same words, then what `Overlap.is_repeat` says of near texts.

    A text that has more of its own URL's present one than of any other is a revision and no repeat; so is one whose
    address was renamed (`find_renamed`).
    """
    assert article.body_hash is not None
    if twin := corpus.same_text(article.body_hash):
        return _repeat(article, twin, _WHOLE, f"same text as {twin.url}")
    found = _nearest(article, corpus.near_texts(article.bands))
    if found is None:
        return None
    twin, overlap = found
    own = corpus.text_of_url(article.url)
    if own and (own.file == twin.file or _compare(article, own).later_in_earlier >= overlap.later_in_earlier):
        return None
    return _repeat(article, twin, overlap, f"the text is in {twin.url}, {overlap.later_in_earlier:.0%} of it")


def find_renamed(article: Article, corpus: Texts) -> CorpusText | None:
    """The earlier text of an article whose address is another one now: half of one text is in the other."""
    for kept in corpus.near_texts(article.bands):
        if is_renamed(article.url, kept.url):
            overlap = _compare(article, kept)
            if max(overlap.later_in_earlier, overlap.earlier_in_later) >= _RENAMED:
                return kept
    return None


def decide_again(connection: Connection, run_id: int, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes of a run, with those articles refused that other workers have committed meanwhile.

    Each worker decides by what it can see; here they decide one after the other, because they share a lock that
    is held to the end of the transaction. An outcome that stays is the same object.
    """
    if all(outcome.article is None or outcome.article.file is None for outcome in outcomes):
        return list(outcomes)
    # Before any row is locked: workers that take locks in other orders would deadlock.
    connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    others = CommittedTexts(connection, run_id)
    return [_decide(outcome, others) for outcome in outcomes]


def _decide(outcome: Outcome, others: CommittedTexts) -> Outcome:
    article = outcome.article
    if article is None or article.file is None or (repeat := find_repeat(article, others)) is None:
        return outcome
    refused = replace(repeat.article, file=None, content=None, revises=None, silent_edit=None)
    return replace(outcome, fate=repeat.fate, reason=repeat.reason, article=refused, links=())


def is_same_publisher(article: Article, kept: CorpusText) -> bool:
    """True if one publisher owns both pages: by the registry where it knows, else by host name."""
    if article.evidence.source and kept.source:
        return article.evidence.source == kept.source
    return is_same_host(article.url, kept.url)


def _repeat(article: Article, twin: CorpusText, overlap: Overlap, reason: str) -> Repeat:
    known = replace(
        article, duplicate_of=twin.url, known=overlap.later_in_earlier, covered=overlap.earlier_in_later
    )
    return Repeat(known, Fate.DUPLICATE if is_same_publisher(article, twin) else Fate.SYNDICATED, reason)


def _nearest(article: Article, candidates: list[CorpusText]) -> tuple[CorpusText, Overlap] | None:
    """The candidate that has the most of an article which repeats it; of equal ones the first."""
    later = ComparedText("\n\n".join(article.paragraphs))
    compared = [(kept, compare(later, ComparedText(kept.text))) for kept in candidates]
    repeated = [
        (kept, overlap)
        for kept, overlap in compared
        if overlap.is_repeat(is_same_publisher(article, kept)) and not is_renamed(article.url, kept.url)
    ]
    return max(repeated, key=lambda each: each[1].later_in_earlier, default=None)


def _compare(article: Article, kept: CorpusText) -> Overlap:
    return compare(ComparedText("\n\n".join(article.paragraphs)), ComparedText(kept.text))
