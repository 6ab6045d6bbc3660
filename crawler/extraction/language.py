"""Detects the language of a text (ISO 639-1)."""

import re
from functools import cache

from py3langid.langid import LanguageIdentifier

from crawler.extraction.body.blocks import reading_length
from crawler.extraction.language_model import read_identifier
from crawler.extraction.page import Page

_SAMPLE_CHARS = 1000
_SURE = 0.9
_SHORT = 120
"""Reading length below which the declared language outweighs the detected one."""


def detect_language(paragraphs: tuple[str, ...], title: str, declared: str | None) -> str | None:
    """The detected language, or the declared one if the text is short or the detection unsure."""
    sample = "\n".join(paragraphs)[:_SAMPLE_CHARS] or title
    length = reading_length(sample)
    if length == 0:
        return declared
    language, probability = load_identifier().classify(sample)
    if declared and (probability < _SURE or length < _SHORT):
        return declared
    return str(language)


def declared_language(page: Page) -> str | None:
    """The source's language in the registry, else the one in the page's `lang` attribute."""
    value = page.raw.evidence.language or page.tree.get("lang") or page.tree.get("xml:lang") or ""
    match = re.match(r"[a-z]{2}(?![a-z])", value.strip().lower())
    return match[0] if match else None


@cache
def load_identifier() -> LanguageIdentifier:
    """The language model: 0.3 s the first time."""
    return read_identifier()
