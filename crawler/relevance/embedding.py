"""Likeness by a sentence model that the operator names: one more feature of `related`, off by default."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from crawler.errors import OperatorError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SHARE = 0.25
"""How much of `related` is the model's word; it knows topics, not which war a text is about."""


class Embedder:
    """Turns texts into vectors that are near each other where the texts mean the same, in any language."""

    def __init__(self, name: str) -> None:
        """Load a model2vec model from a folder, or by its id on the hub, from where model2vec fetches it once.

        OperatorError if it cannot be loaded.
        """
        try:
            from model2vec import StaticModel
        except ImportError:
            raise OperatorError(
                "RELEVANCE_EMBEDDER needs the extra `embed`: pip install model2vec."
            ) from None
        try:
            self._model = StaticModel.from_pretrained(name, force_download=False)
        except (OSError, ValueError, KeyError) as error:
            cause = " ".join(str(error).split())[:200]
            raise OperatorError(
                f"RELEVANCE_EMBEDDER is {name!r}, which cannot be loaded: {cause}. "
                "Give the folder of a model2vec model, or its id on the hub."
            ) from None
        self.digest = sha256(self._model.embedding.tobytes()).hexdigest()[:8]
        """Changes with the model, whatever it is called."""

    def vector(self, title: str | None, paragraphs: Sequence[str]) -> "npt.NDArray[np.float64]":
        """Of length 1, or 0 where the model knows no word of the text."""
        found = self._model.encode("\n".join([title or "", *paragraphs])).astype("float64")
        length = float((found @ found) ** 0.5)
        unit: npt.NDArray[np.float64] = found / length if length else found
        return unit
