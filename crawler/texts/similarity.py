"""Measures how much of one text is in another, and gives the keys by which similar texts are found.

A text is the set of its shingles: runs of three words, or of five characters where words are few or not separated
by spaces (Broder, On the resemblance and containment of documents, 1997). MinHash with 96 permutations in 32 bands
of 3: two texts with resemblance J share a key with a probability of 1 - (1 - J^3)^32, which is .99 at .5 and .23 at
.2. Texts that share a key are then compared in full, see `crawler.texts.overlap`. (With as many bands of 4, 2 % of the
texts with every twelfth word edited, where J is .55, would be missed.)
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cached_property
from hashlib import blake2b
from itertools import groupby
from struct import pack

from rensa import RMinHash

from crawler.texts.house_style import is_same_name
from crawler.texts.overlap import Overlap

BANDS, ROWS = 32, 3

WORDS, CHARACTERS = 3, 5
"""Length of a shingle."""

SHORT = 60
"""Words below which a text has too few shingles of words to be recognised by them."""

LONGEST = 100_000
"""Characters of a text that are compared: no article is longer."""

MOST_ALIGNED = 500
"""Words, or characters, at the beginning of two texts that are aligned with each other."""

# Normalisation takes time with the square of the marks in a row, and a hostile page may have a million of them: texts
# are normalised in pieces. These begin at white space, so that the result is that of the whole text.
_PIECE = re.compile(r".{1,250}(?=\s|\Z)|.{1,250}", re.DOTALL)
_NOT_WORD = re.compile(r"[\W_]+")
_UNSEGMENTED = re.compile(  # Thai and Lao, Burmese, Khmer, kana, Han
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]"
)
_CHARACTERS_A_WORD = 2
"""Approximate length of a word in a script that does not separate words."""

_NAME_WORDS = 3
"""Most words of a name that another one may take the place of."""

_SAID_TWICE = 8
"""Words that a text has twice, in a teaser and where they belong, are new once."""

_DENSE_FIGURE = re.compile(r"(?=(\D{2})(\d{1,20})(\D{2}))")
_WORD = re.compile(r"[^\W\d_]\w*")
_INSIDE = re.compile(r"(?<=[\w,;)»”’] )[^\W\d_]\w*")  # after another word of the sentence


def normalise(text: str) -> str:
    """The words of a text, separated by single spaces, without case, punctuation and line breaks."""
    plain = "".join(unicodedata.normalize("NFKC", piece) for piece in _PIECE.findall(text))
    return _NOT_WORD.sub(_gap, plain.casefold()).strip()


def _gap(run: re.Match[str]) -> str:
    """The replacement of a run between letters: vowel signs (Hindi, Thai) belong to the word, others separate words."""
    if run[0].isascii():
        return " "
    marks = "".join(char for char in run[0] if unicodedata.category(char)[0] == "M")
    return marks if marks == run[0] else f"{marks} "


def bands_of(text: str) -> tuple[int, ...]:
    """Keys (64 bits, signed); similar texts share at least one. Empty for an empty text.

    The catalogue stores them. Another version of rensa may compute others: its version is pinned, and changing it
    takes an upgrade of the catalogue.
    """
    prepared = ComparedText(text)
    keys: list[int] = []
    # In between a text has both, because a part of it may be short.
    if prepared.length < 2 * SHORT or prepared.is_dense:
        keys += _bands(prepared.characters, b"c")
    if prepared.length >= SHORT and not prepared.is_dense:
        keys += _bands(prepared.words, b"w")
    return tuple(keys)


def _bands(shingles: frozenset[str], kind: bytes) -> Iterator[int]:
    if not shingles:
        return
    minhash = RMinHash(num_perm=BANDS * ROWS, seed=42)
    minhash.update(list(shingles))
    signature = minhash.digest()
    for band in range(BANDS):
        rows = pack(f"<{ROWS}I", *signature[band * ROWS : (band + 1) * ROWS])
        key = blake2b(rows, digest_size=8, person=kind + bytes([band])).digest()
        yield int.from_bytes(key, "little", signed=True)


class ComparedText:
    """A text prepared for comparison."""

    def __init__(self, text: str) -> None:
        self.written = text[:LONGEST]
        self.plain = normalise(self.written)[:LONGEST]  # again, because one character may become eighteen

    @cached_property
    def is_dense(self) -> bool:
        """Whether it is in a script that does not separate words."""
        return 2 * len(_UNSEGMENTED.findall(self.plain)) > len(self.plain)

    @cached_property
    def length(self) -> int:
        """Length in words, or an estimate."""
        if self.is_dense:
            return len(self.plain) // _CHARACTERS_A_WORD
        return self.plain.count(" ") + 1

    @cached_property
    def tokens(self) -> list[str]:
        """Words, or characters of a dense text."""
        return list(self.plain.replace(" ", "")) if self.is_dense else self.plain.split()

    @cached_property
    def letters(self) -> str:
        """The characters whose runs are shingles: a dense text has no spaces worth comparing."""
        return self.plain.replace(" ", "") if self.is_dense else self.plain

    @cached_property
    def words(self) -> frozenset[str]:
        words = self.plain.split()
        return frozenset(map(" ".join, zip(*(words[start:] for start in range(WORDS)), strict=False)))

    @cached_property
    def characters(self) -> frozenset[str]:
        text = self.letters
        return frozenset(text[start : start + CHARACTERS] for start in range(len(text) - CHARACTERS + 1))

    @cached_property
    def has_capitals(self) -> bool:
        """Whether its script has them; Arabic, Hebrew, Indian and Chinese ones have none."""
        return self.plain != self.plain.upper()

    @cached_property
    def names(self) -> frozenset[str]:
        """The words, without case, that have a capital letter in mid-sentence, and wherever else they stand."""
        words = set(_WORD.findall(self.written))
        inside = {word for word in _INSIDE.findall(self.written) if word[0].isupper()}
        return frozenset({part for word in inside for part in normalise(word).split()} - words)

    @cached_property
    def figures(self) -> dict[tuple[str, str], set[str]]:
        """Numbers by the words, or characters, before and after them."""
        found: dict[tuple[str, str], set[str]] = {}
        for before, figure, after in _dense_figures(self.plain) if self.is_dense else _figures(self.plain):
            found.setdefault((before, after), set()).add(figure)
        return found


def _figures(plain: str) -> Iterator[tuple[str, str, str]]:
    """Word, number, word; adjacent numbers, as in `2 1`, are one."""
    runs = [(kind, " ".join(run)) for kind, run in groupby(plain.split(), str.isdecimal)]
    for (_, before), (is_figure, figure), (_, after) in zip(runs, runs[1:], runs[2:], strict=False):
        if is_figure:
            yield before.rpartition(" ")[2], figure, after.partition(" ")[0]


def _dense_figures(plain: str) -> Iterator[tuple[str, str, str]]:
    for found in _DENSE_FIGURE.finditer(plain):
        yield found[1], found[2], found[3]


def compare(later: ComparedText, earlier: ComparedText) -> Overlap:
    """What a later text has in common with an earlier one."""
    is_short = min(later.length, earlier.length) < SHORT
    by_characters = is_short or later.is_dense or earlier.is_dense
    one, other = (text.characters if by_characters else text.words for text in (later, earlier))
    common = len(one & other)
    frames = later.figures.keys() & earlier.figures.keys()
    agreeing = sum(1 for frame in frames if later.figures[frame] & earlier.figures[frame])
    overlap = Overlap(
        later_in_earlier=common / max(1, len(one)),
        earlier_in_later=common / max(1, len(other)),
        agreeing=agreeing,
        differing=len(frames) - agreeing,
        is_short=is_short,
    )
    if not overlap.is_worth_aligning:  # aligning takes longer than all of the above
        return overlap
    changes = _changes(later, earlier)
    replaced = [pair for pair in _replacements(changes, earlier) if not is_same_name(*pair)]
    passage, news = _new_passage(later, other, by_characters)
    return replace(
        overlap,
        new_passage=passage,
        news=news,
        new_share=passage / later.length,
        is_reworded=bool(replaced),
        is_renamed=any(_is_another_name(before, after, earlier, later) for before, after in replaced),
        changed=len(changes),
        other_names=sum(_is_filled_in(before, after, earlier, later) for before, after in changes),
        has_capitals=later.has_capitals and earlier.has_capitals,
    )


def _new_passage(later: ComparedText, known: frozenset[str], by_characters: bool) -> tuple[int, int]:
    """The words by which new ones outnumber known ones in the passage of a text that has the most of them.

    Not simply the most new words in a row: reports of one war share names and phrases. The second number is of words
    that count half in the second half of the text.
    """
    units, length, joint = (later.letters, CHARACTERS, "") if by_characters else (later.tokens, WORDS, " ")
    once = _SAID_TWICE * (_CHARACTERS_A_WORD if by_characters else 1)
    said: set[str] = set()
    last, again, lead, most = -length, -once, 0.0, 0.0
    weighted, news = 0.0, 0.0
    for at in range(len(units)):
        if joint.join(units[at : at + length]) in known:
            last = at
        phrase = joint.join(units[at : at + once])
        if phrase in said:
            again = at
        said.add(phrase)
        if at - last < length or at - again < once:
            lead, weighted = max(0, lead - 1), max(0, weighted - 1)
        else:
            lead, weighted = lead + 1, weighted + (1 if 2 * at < len(units) else 0.5)
            most, news = max(most, lead), max(news, weighted)
    a_word = _CHARACTERS_A_WORD if by_characters else 1
    return int(most / a_word), int(news / a_word)


def _changes(later: ComparedText, earlier: ComparedText) -> list[tuple[str, str]]:
    """What stands in the one text and in the other, wherever they differ; empty for what one of them lacks."""
    old, new = earlier.tokens[:MOST_ALIGNED], later.tokens[:MOST_ALIGNED]
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    spans = [span for tag, *span in opcodes if tag != "equal"]
    if later.is_dense:
        spans = _joined(spans)
    return [(" ".join(old[a:b]), " ".join(new[c:d])) for a, b, c, d in spans]


def _joined(spans: Sequence[list[int]]) -> list[list[int]]:
    """The spans, of which those with one character between them are one: two names may share it."""
    joined: list[list[int]] = []
    for first, last, new_first, new_last in spans:
        if joined and first - joined[-1][1] == 1:
            joined[-1][1::2] = last, new_last
        else:
            joined.append([first, last, new_first, new_last])
    return joined


def _replacements(changes: Sequence[tuple[str, str]], earlier: ComparedText) -> list[tuple[str, str]]:
    """Words of the earlier text that are replaced by the same other words, twice or more and in most places."""
    occurrences = Counter(earlier.tokens[:MOST_ALIGNED])
    return [
        (before, after)
        for (before, after), count in Counter(changes).items()
        if count > 1 and before and after and 2 * count >= min(occurrences[token] for token in before.split())
    ]


def _is_filled_in(before: str, after: str, earlier: ComparedText, later: ComparedText) -> bool:
    """Whether another name takes the place of one, as in the next issue of a form."""
    most = _NAME_WORDS * (_CHARACTERS_A_WORD if later.is_dense else 1)
    if not (before and after) or max(before.count(" "), after.count(" ")) >= most:
        return False
    if later.has_capitals and not _is_another_name(before, after, earlier, later):
        return False
    return not is_same_name(before, after)


def _is_another_name(before: str, after: str, earlier: ComparedText, later: ComparedText) -> bool:
    """Whether words and what replaces them name something: what has a capital letter or a digit.

    Where there are no capitals a name is what the other text has nowhere: other words come again elsewhere.
    """
    if not (_is_name(before, earlier) and _is_name(after, later)):
        return False
    words = f"{before} {after}"
    is_marked = words.upper() != words or any(map(str.isdecimal, words))
    return is_marked or not (_has(later, before) or _has(earlier, after))


def _is_name(words: str, text: ComparedText) -> bool:
    return any(
        word in text.names or word == word.upper() or any(map(str.isdecimal, word)) for word in words.split()
    )


def _has(text: ComparedText, words: str) -> bool:
    if text.is_dense:
        return words.replace(" ", "") in text.letters
    return f" {words} " in f" {text.plain} "
