"""What an article is to those of the corpus: which one it repeats, to the letter or nearly, or tells on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, func, select

from crawler.catalogue import corpus_texts, sketches
from crawler.catalogue.sketches import Kept, Told
from crawler.catalogue.translated_texts import Meanings, with_translation
from crawler.fates import Fate
from crawler.http.url_identity import is_renamed, url_key
from crawler.http.urls import is_same_host
from crawler.items import Article, Relation
from crawler.outcome import Outcome
from crawler.texts.corpus_text import CorpusText
from crawler.texts.overlap import Overlap
from crawler.texts.similarity import ComparedText, compare

_LOCK = 0x7265706561747321
"""PostgreSQL's advisory lock of those who add to the corpus: any number that no other program uses."""

_RENAMED = 0.5
"""Share of one text that must be in the other, for two addresses with the same number to be of one article."""

_SAME_NEWS = timedelta(days=3)
"""Time between two reports of one event; later ones that share passages share its background."""

_NEAREST_FIRST = (Relation.DEVELOPS, Relation.REPORT)

_WHOLE = Overlap(later_in_earlier=1.0, earlier_in_later=1.0)


class Texts(Meanings, Protocol):
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

    def sketches_around(self, day: str) -> list[Kept]:
        return sketches.latest(sketches.sketches_around(self.connection, day, besides=self.run_id))

    def told(self, articles: Sequence[int | str]) -> Mapping[int | str, Told]:
        return sketches.told(self.connection, articles)


@dataclass(frozen=True, slots=True)
class Repeat:
    """An article that is not for the corpus, because another one represents it."""

    article: Article
    """With the URL of the other, and how much they have in common."""
    fate: Fate
    """duplicate if the other is of the same site, else syndicated."""
    reason: str


class _Near(NamedTuple):
    """A text that has something of an article."""

    kept: CorpusText
    overlap: Overlap
    relation: Relation


def relate(article: Article, corpus: Texts) -> Article | Repeat:
    """The article with what it is to one of the corpus, if anything; a Repeat if it adds nothing to that one.

    First the same words, then what `Overlap.relation` says of near texts, then other languages. A text that has more of
    its own URL's present one than of any other is a revision and no repeat; so is one whose address was renamed.
    """
    assert article.body_hash is not None
    if twin := corpus.same_text(article.body_hash):
        return _repeat(article, twin, _WHOLE, f"same text as {twin.url}")
    near = _near(article, corpus.near_texts(article.bands))
    repeated = max((each for each in near if each.relation is Relation.COPY), key=_share, default=None)
    if repeated is None:
        return with_translation(_with_kin(article, near), corpus)
    twin, overlap, _ = repeated
    own = corpus.text_of_url(article.url)
    if own and (own.file == twin.file or _compare(article, own).later_in_earlier >= overlap.later_in_earlier):
        return article
    return _repeat(article, twin, overlap, f"the text is in {twin.url}, {overlap.later_in_earlier:.0%} of it")


def _with_kin(article: Article, near: Sequence[_Near]) -> Article:
    """The article with the text that it tells on, or else a report of the same news; the one with the most of it."""
    for relation in _NEAREST_FIRST:
        its = [
            each
            for each in near
            if each.relation is relation and url_key(each.kept.url) != url_key(article.url)
        ]
        if its:
            return replace(
                article, kinship=relation, kin=max(its, key=lambda each: each.overlap.common).kept.url
            )
    return article


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
    if article is None or article.file is None:
        return outcome
    found = relate(article, others)
    if isinstance(found, Repeat):
        refused = replace(
            found.article, file=None, content=None, revises=None, silent_edit=None, kinship=None, kin=None
        )
        return replace(outcome, fate=found.fate, reason=found.reason, article=refused, links=())
    if article.kin is not None or article.revises is not None or found.kin is None:
        return outcome
    return replace(outcome, article=found)


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


def _near(article: Article, candidates: list[CorpusText]) -> list[_Near]:
    """What an article is to each text with which it has something in common."""
    later = ComparedText(article.text)
    found = []
    for kept in candidates:
        overlap = compare(later, ComparedText(kept.text))
        relation = overlap.relation(is_same_publisher(article, kept))
        if relation is Relation.REPORT and not _is_same_news(article.published, kept.published):
            continue
        if relation is not None and not is_renamed(article.url, kept.url):
            found.append(_Near(kept, overlap, relation))
    return found


def _share(near: _Near) -> float:
    return near.overlap.later_in_earlier


def _is_same_news(one: str | None, other: str | None) -> bool:
    """Whether two texts were published within days; False if that is not known."""
    try:
        days = [datetime.fromisoformat(str(each)[:10]) for each in (one, other)]
    except ValueError:  # not known, or to the month only
        return False
    return abs(days[0] - days[1]) <= _SAME_NEWS


def _compare(article: Article, kept: CorpusText) -> Overlap:
    return compare(ComparedText(article.text), ComparedText(kept.text))
