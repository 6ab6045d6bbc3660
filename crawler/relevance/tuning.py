"""Thresholds moved for one installation, as people decided about its pages: a file that one command makes and removes.

Only the thresholds move, each by one number, a shift of the log odds: so few decisions can say no more. The scores
stay what they are, and what they are made of.
"""

import hashlib
import tomllib
from dataclasses import dataclass, replace
from math import exp, isfinite, log
from pathlib import Path
from typing import Self

from crawler.errors import OperatorError
from crawler.relevance.topic import Thresholds

FARTHEST = 2.0
"""Log odds: the most by which a threshold is moved, from .5 to .12 or .88."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """What is added to the log odds that a score is high enough; a threshold falls as its shift grows."""

    conflict: float = 0.0
    related: float = 0.0
    digest: str = ""
    """Eight hex digits of the file; empty if there is none."""

    @classmethod
    def read(cls, path: Path | None) -> Self:
        """The tuning of a file; none if there is no such file. OperatorError if it is wrong."""
        try:
            content = path.read_bytes() if path else b""
        except (FileNotFoundError, NotADirectoryError):
            content = b""
        except OSError as error:
            raise OperatorError(f"Cannot read {path}: {error.strerror}.") from None
        if not content:
            return cls()
        try:
            shifts = tomllib.loads(content.decode())["shift"]
            given = {name: _checked(shifts[name]) for name in ("conflict", "related")}
        except (
            KeyError,
            TypeError,
            ValueError,
            RecursionError,
        ):  # TOML and UTF-8 that are wrong are ValueErrors too
            raise OperatorError(
                f"{path} is no tuning: `scrapy relevance untune` removes it, `scrapy relevance tune --from-reviews` "
                "makes a new one."
            ) from None
        return cls(**given, digest=hashlib.sha256(content).hexdigest()[:8])

    def applied(self, limits: Thresholds) -> Thresholds:
        """The thresholds, moved; those for review keep their distance in log odds."""
        conflict, related = moved(limits.conflict, self.conflict), moved(limits.related, self.related)
        return replace(
            limits,
            conflict=conflict,
            conflict_review=_beside(limits.conflict_review, limits.conflict, conflict),
            related=related,
            related_review=_beside(limits.related_review, limits.related, related),
        )


NO_TUNING = Tuning()


def moved(threshold: float, shift: float) -> float:
    """A threshold at whose score the log odds were 0, with this shift; 0 and 1 stay."""
    scaled = 1.0 / (1.0 + exp(shift))
    return round(
        2 * scaled * threshold if scaled < 0.5 else threshold + (2 * scaled - 1) * (1 - threshold), 4
    )


def _beside(review: float, threshold: float, now: float) -> float:
    if not all(0.0 < each < 1.0 for each in (review, threshold, now)):
        return min(review, now)
    odds = _log_odds(review) + _log_odds(now) - _log_odds(threshold)
    return round(1.0 / (1.0 + exp(-odds)), 4)


def _log_odds(share: float) -> float:
    return log(share / (1.0 - share))


def _checked(shift: object) -> float:
    if isinstance(shift, bool) or not isinstance(shift, int | float) or not isfinite(shift):
        raise ValueError(shift)
    return float(shift)
