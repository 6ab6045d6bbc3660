"""Splits a text into sentences and tokens, for corpus tools, in any script.

A word is a run of letters and marks, with hyphens, apostrophes and dots within; a number keeps its separators; any
other sign is a token. Of scripts that do not separate words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) a token is
one sign with its marks: to find their words needs a dictionary, and a tool that brings one can join them.
"""

import re

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_MARKS = (  # of these, signs that belong to the one before: vowels, tones, voicing, length
    "\u0e31\u0e33-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb3-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u1056-\u1059\u105e-\u1060"
    "\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u17b4-\u17d3\u3099\u309a\u30fc"
)
_BEFORE = "\u0e40-\u0e44\u0ec0-\u0ec4"
"""Vowels of Thai and Lao that are written before their consonant."""
_COMBINING = (  # in other scripts
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a51\u0abc-\u0acd\u0b01-\u0b03"
    "\u0b3c-\u0b57\u0bbe-\u0bcd\u0c00-\u0c04\u0c3c-\u0c56\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d\u0dca-\u0ddf"
    "\u135d-\u135f\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\ufe00-\ufe0f"
)
_LETTER = rf"(?:(?![{_UNSPACED}])[^\W\d_][{_COMBINING}]*)"
_TOKEN = re.compile(
    rf"(?:https?://|www\.)\S+?(?=[.,;:!?)\]»”\"']*(?:\s|$))"
    rf"|\d+(?:[.,:/٫٬]\d+)*%?"
    rf"|[{_BEFORE}]?[{_UNSPACED}][{_MARKS}]*"
    rf"|{_LETTER}+(?:['’ʼ׳״.·\u00ad-]?(?:{_LETTER}+|\d+))*"
    rf"|[^\w\s][{_COMBINING}]*|\S"
)
_SENTENCE_END = re.compile(
    r"(?<=[.!?؟۔।॥።։…])[\"'»”’)\]]*\s+(?=\S)|(?<=[。！？])[」』”’）]*(?=\S)|(?<=[။])\s*(?=\S)"
)
_INITIAL = re.compile(r"(?:^|\s)(?:[^\W\d_]|Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Sgt|No|M|Mme|г|ул|им)\.$")
"""Before a space it ends no sentence."""


def sentences_of(paragraph: str) -> list[str]:
    """The sentences of a paragraph, in their order; together they have all of its words."""
    sentences, begin = list[str](), 0
    for end in _SENTENCE_END.finditer(paragraph):
        if not _INITIAL.search(paragraph[begin : end.start()]):
            sentences.append(paragraph[begin : end.end()].strip())
            begin = end.end()
    return [each for each in (*sentences, paragraph[begin:].strip()) if each]


def tokens_in(sentence: str) -> list[str]:
    """The words, numbers and signs of a sentence."""
    return _TOKEN.findall(sentence)
