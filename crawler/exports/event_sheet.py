"""A sheet for people who code events: the sentences that tell of violence, with what they may say of it.

All of it are candidates, found by word lists and by figures: a person decides. An article without such a sentence has
one row, so that none is overlooked.
"""

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.exported_articles import csv_cell
from crawler.exports.export_columns import COLUMNS, Export, Sources, Value
from crawler.exports.tokens import sentences_of
from crawler.extraction.dates.months import plain
from crawler.extraction.dates.written import find_dates
from crawler.relevance.lexicon import load_lexicon
from crawler.relevance.terms import Hit
from crawler.relevance.words import tokens_of

CANDIDATES = ("date_candidates", "place_candidates", "actor_candidates", "toll_candidates", "violence")
SHEET = (
    *("event", "published", *CANDIDATES, "sentence_number", "sentence", "title", "language", "source_name"),
    *("source_country", "url", "cluster", "relation", "file", "warc", "offset", "record_id", "explain"),
)
"""The columns; `event` is empty, for the number that a person gives."""

_TOLD = ("act", "harm")
_GROUNDS, _ACTORS = ("place", "country"), ("group", "power")
_NUMBER = re.compile(
    r"(?<![\w.,/:-])\d{1,3}(?:[.,٬\u00a0\u202f]\d{3})+(?!\w)|(?<![\w.,/:-])\d+(?![\w/:-]|[.,]\d)"
)
_YEARS = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class Candidates:
    """A sentence, and what it may say of an event."""

    number: int
    """From 1; 0 is the headline."""
    sentence: str
    dates: tuple[str, ...]
    """ISO 8601, of dates that are written out."""
    places: tuple[str, ...]
    actors: tuple[str, ...]
    """Names of the gazetteer."""
    toll: tuple[str, ...]
    """Numbers of a sentence that tells of harm."""
    violence: tuple[str, ...]
    """Concepts of the word lists."""


def write_events(export: Export, out: BinaryIO, for_excel: bool = False) -> None:
    """As CSV with the columns SHEET."""
    text = io.TextIOWrapper(out, "utf-8-sig" if for_excel else "utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(SHEET)
    for row in export.rows:
        for candidates in candidates_of(row) or [_NONE]:
            writer.writerow(map(csv_cell, _cells(row, export.known, candidates)))
    text.detach()


def candidates_of(row: ArticleRow) -> list[Candidates]:
    """The sentences of an article that tell of violence, the headline first."""
    sentences = [row.title or "", *(each for part in row.text.split("\n\n") for each in sentences_of(part))]
    found = zip(sentences, _hits_by_sentence(sentences), strict=True)
    told = ((number, sentence, hits) for number, (sentence, hits) in enumerate(found))
    return [_candidates(*each) for each in told if _of_groups(each[2], _TOLD)]


def _hits_by_sentence(sentences: Sequence[str]) -> list[list[Hit]]:
    """The words of the lists in each sentence; which language it may be the whole text says."""
    starts, tokens = list[int](), list[str]()
    for sentence in sentences:
        starts.append(len(tokens))
        tokens += tokens_of(sentence)
    found: list[list[Hit]] = [[] for _ in sentences]
    for hit in load_lexicon().index.find(tokens):
        found[bisect_right(starts, hit.position) - 1].append(hit)
    return found


def _candidates(number: int, sentence: str, hits: Sequence[Hit]) -> Candidates:
    is_of_harm = bool(_of_groups(hits, ("harm",)))
    return Candidates(
        number,
        sentence,
        tuple(date.value[:10] for date in find_dates(plain(sentence))),
        _of_kinds(hits, _GROUNDS),
        _of_kinds(hits, _ACTORS),
        tuple(_numbers(sentence)) if is_of_harm else (),
        _of_groups(hits, _TOLD),
    )


def _of_kinds(hits: Sequence[Hit], kinds: Sequence[str]) -> tuple[str, ...]:
    known = load_lexicon().kinds
    return tuple(dict.fromkeys(hit.concept for hit in hits if known.get(hit.concept) in kinds))


def _of_groups(hits: Sequence[Hit], groups: Sequence[str]) -> tuple[str, ...]:
    known = load_lexicon().groups
    return tuple(dict.fromkeys(hit.concept for hit in hits if known.get(hit.concept) in groups))


def _numbers(sentence: str) -> Iterator[str]:
    """Numbers in figures of any script, as 0-9; years are none."""
    for match in _NUMBER.finditer(sentence):
        number = int(re.sub(r"\D", "", match[0]))
        if number not in _YEARS:
            yield str(number)


_NONE = Candidates(0, "", (), (), (), (), ())


def _cells(row: ArticleRow, known: Sources, found: Candidates) -> Iterator[Value]:
    its: dict[str, Value] = {
        "event": "",
        "published": (row.published or row.month or "")[:10],
        "date_candidates": found.dates,
        "place_candidates": found.places,
        "actor_candidates": found.actors,
        "toll_candidates": found.toll,
        "violence": found.violence,
        "sentence_number": found.number if found is not _NONE else None,
        "sentence": found.sentence,
        "explain": f"scrapy explain {row.url}",
    }
    for name in SHEET:
        yield its[name] if name in its else COLUMNS[name].read(row, known)
