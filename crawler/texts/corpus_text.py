"""A text that the corpus holds, as later ones are compared with it."""

from typing import NamedTuple


class CorpusText(NamedTuple):
    """An article of the corpus, with what a comparison needs of it."""

    url: str
    source: str
    body_hash: bytes
    file: str
    text: str = ""
    """Its paragraphs, separated by blank lines."""
    modified: str | None = None
    published: str | None = None
