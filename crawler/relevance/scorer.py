"""How much a text speaks of armed conflict, and how much of what the seed documents speak of."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from crawler.items import Decision, Reason, Relevance
from crawler.relevance.conflict import BIAS, ConflictModel, Profile, load_model
from crawler.relevance.embedding import SHARE, Embedder
from crawler.relevance.features import Reading, describe, read
from crawler.relevance.lexicon import OTHER, Lexicon, load_lexicon, word_lists_hash
from crawler.relevance.related import NOTHING, Likeness, SeedDocument, unknown_names
from crawler.relevance.terms import TermIndex
from crawler.relevance.topic import NO_TOPIC, Thresholds, Topic

MODES = ("both", "conflict", "related", "off")
"""Which of the two scores must accept an article."""

MAX_TERMS = 12
MAX_REASONS = 24


@dataclass(frozen=True, slots=True)
class Judgement:
    """One of the two scores, and what it means."""

    score: float
    threshold: float
    review: float

    @property
    def decision(self) -> Decision:
        """Whether the text is wanted by this score alone."""
        if self.score >= self.threshold:
            return Decision.ACCEPT
        return Decision.REVIEW if self.score >= self.review else Decision.REFUSE

    @property
    def scaled(self) -> float:
        """The score on a scale on which 0.5 is the threshold."""
        if self.score < self.threshold:
            return 0.5 * self.score / self.threshold
        rest = 1.0 - self.threshold
        return 0.5 + 0.5 * (self.score - self.threshold) / rest if rest > 0 else 1.0


class Scorer:
    """Scores texts by a lexicon of armed conflict and by their likeness to the seed documents."""

    def __init__(
        self,
        seeds: Sequence[Sequence[str]],
        lexicon: Lexicon,
        conflict: ConflictModel,
        thresholds: Thresholds,
        mode: str = "both",
        topic: str = "",
        embedder: Embedder | None = None,
    ) -> None:
        """Take seed documents by their paragraphs, and a name of what an operator added to the lexicon.

        ValueError if there is no such mode.
        """
        self._embedder = embedder
        self._vectors = [embedder.vector(None, seed) for seed in seeds] if embedder else []
        if mode not in MODES:
            raise ValueError(f"RELEVANCE_MODE is {mode!r}: give one of {', '.join(MODES)}.")
        self._mode, self._thresholds, self._conflict = mode, thresholds, conflict
        self._lexicon = lexicon.with_names(unknown_names(seeds, TermIndex(lexicon.terms)))
        self._index = TermIndex(self._lexicon.terms)
        self.languages = frozenset(term.language for term in lexicon.terms if term.concept in lexicon.groups)
        """Those (ISO 639-1) of whose words for concepts there are lists: in others conflict cannot be judged."""
        self._seeds = [SeedDocument.of(self._read(None, seed).presence, self._lexicon) for seed in seeds]
        self.model = (
            f"mode {mode}, thresholds {thresholds}, "
            f"word lists {word_lists_hash()}, seeds {_hash_seeds(seeds)}{topic and f', topic {topic}'}"
        )
        if embedder:
            self.model += f", embedder {embedder.digest}"

    @classmethod
    def from_seeds(
        cls,
        seeds: Iterable[Sequence[str]],
        mode: str = "both",
        topic: Topic = NO_TOPIC,
        embedder: Embedder | None = None,
    ) -> Self:
        """A scorer for seed documents, each given by its paragraphs, with what the operator adds."""
        lexicon, conflict = topic.extend(load_lexicon()), load_model(topic.weights)
        return cls(list(seeds), lexicon, conflict, topic.thresholds, mode, topic.digest, embedder)

    def score(self, title: str | None, paragraphs: Sequence[str]) -> Relevance:
        """Judge a text of any language, a headline alone too; the mode says which score decides."""
        reading = self._read(title, paragraphs)
        features = describe(reading, self._lexicon)
        profile = self._conflict.profile_for(reading)
        likeness = self._with_meaning(self._likeness(reading), title, paragraphs)
        limits = self._thresholds
        conflict = Judgement(round(profile.probability(features), 4), limits.conflict, limits.conflict_review)
        related = Judgement(round(likeness.score, 4), limits.related, limits.related_review)
        deciding = self._deciding(conflict, related)
        return Relevance(
            conflict=conflict.score,
            conflict_accept=conflict.decision is Decision.ACCEPT,
            related=related.score,
            related_accept=related.decision is Decision.ACCEPT,
            score=round(min((each.scaled for each in deciding), default=1.0), 4),
            decision=min((each.decision for each in deciding), default=Decision.ACCEPT),
            terms=self._terms(reading),
            reasons=self._reasons(profile, features, reading, likeness),
            model=self.model,
        )

    def promise(self, title: str, words: Sequence[str]) -> float:
        """How likely a text is what is sought, 0 to 1, by its title and what else is known before it is fetched."""
        found = self.score(title, words)
        related = found.related / (found.related + self._thresholds.related) if found.related else 0.0
        if self._mode == "both":
            return (found.conflict + related) / 2
        return related if self._mode == "related" else found.conflict

    def _read(self, title: str | None, paragraphs: Sequence[str]) -> Reading:
        return read(self._index, self._lexicon, title, paragraphs)

    def _likeness(self, reading: Reading) -> Likeness:
        """That to the seed document which is most like the text."""
        text = SeedDocument.of(reading.presence, self._lexicon)
        return max((seed.likeness(text) for seed in self._seeds), key=_score_of, default=NOTHING)

    def _with_meaning(self, likeness: Likeness, title: str | None, paragraphs: Sequence[str]) -> Likeness:
        """Likeness with the word of the sentence model, where there is one."""
        if self._embedder is None:
            return likeness
        vector = self._embedder.vector(title, paragraphs)
        nearest = max((float(vector @ seed) for seed in self._vectors), default=0.0)
        shared = {name: (1 - SHARE) * value for name, value in likeness.shared.items()}
        shared["meaning"] = SHARE * max(nearest, 0.0)
        return Likeness((1 - SHARE) * likeness.score + shared["meaning"], shared)

    def _deciding(self, conflict: Judgement, related: Judgement) -> list[Judgement]:
        return {"both": [conflict, related], "conflict": [conflict], "related": [related], "off": []}[
            self._mode
        ]

    def _terms(self, reading: Reading) -> tuple[str, ...]:
        telling = {**self._lexicon.rarity, **self._lexicon.entities}
        names = [name for name in reading.surfaces if self._lexicon.groups.get(name) != OTHER]
        found = sorted(names, key=lambda name: -telling[name] * reading.presence[name])
        return tuple(dict.fromkeys(reading.surfaces[name] for name in found))[:MAX_TERMS]

    def _reasons(
        self, profile: Profile, features: Mapping[str, float], reading: Reading, likeness: Likeness
    ) -> tuple[Reason, ...]:
        """What moved the two scores, the strongest first; without what moved them least in long texts."""
        added = {BIAS: profile.weights[BIAS], **profile.contributions(features)}
        reasons = [
            Reason(
                name=f"{name} ({profile.name})" if name == BIAS else name,
                seen=reading.surfaces.get(name, ""),
                conflict=round(added.get(name, 0.0), 3),
                related=round(likeness.shared.get(name, 0.0), 3),
            )
            for name in {**added, **likeness.shared}
        ]
        reasons.sort(key=lambda reason: (-abs(reason.conflict) - 10 * reason.related, reason.name))
        return tuple(reasons[:MAX_REASONS])


def _score_of(likeness: Likeness) -> float:
    return likeness.score


def _hash_seeds(seeds: Sequence[Sequence[str]]) -> str:
    """Eight hex digits that tell one set of seed documents from another, whatever their order."""
    texts = sorted("\n\n".join(seed) for seed in seeds)
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]
