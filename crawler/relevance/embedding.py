"""Similarity by a sentence model that the operator names: an optional part of the score `related`."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from crawler.errors import OperatorError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SHARE = 0.25
"""Share of the model in `related`: it knows topics, but not which war a text is about."""


class Embedder:
    """Maps texts of any language to vectors that are similar if the texts mean the same."""

    def __init__(self, name: str) -> None:
        """Load a model2vec model from a folder, or by its id on the hub; model2vec fetches it once.

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
        """Identifies the model, whatever its name."""

    def vector(self, title: str | None, paragraphs: Sequence[str]) -> "npt.NDArray[np.float64]":
        """The vector of a text, of length 1; of length 0 if the model knows none of its words."""
        found = self._model.encode("\n".join([title or "", *paragraphs])).astype("float64")
        length = float((found @ found) ** 0.5)
        unit: npt.NDArray[np.float64] = found / length if length else found
        return unit
