"""Files of the corpus that no article names any more, and what becomes of each."""

from functools import partial
from typing import NamedTuple

from crawler.catalogue.corpus_files import erased_numbers, files_of_month, replaced_files
from crawler.catalogue.places import EVERYWHERE
from crawler.catalogue.redactions import texts_taken_down
from crawler.database.catalogue import Catalogue
from crawler.run.corpus import Corpus
from crawler.texts.seed_format import name_end, parse_name


class Strays(NamedTuple):
    """Such files, as `2021-01/000_….txt`."""

    replaced: list[str]
    """Earlier texts: a run in another data directory replaced them, or one that was killed before it moved them."""
    taken_down: list[str]
    """Texts of pages that were taken down by a command in another data directory."""
    unknown: list[str]
    """What a killed run wrote before it could make it known."""


def find_strays(corpus: Corpus, catalogue: Catalogue, place: str = EVERYWHERE) -> Strays:
    """The files of a corpus that no article of its place names."""
    found = Strays([], [], [])
    takedowns = {name_end(sha256) for sha256 in texts_taken_down(catalogue)}
    for name in corpus.strays(partial(files_of_month, catalogue, place=place)):
        month, number, end = parse_name(name)
        if end in takedowns or number in erased_numbers(catalogue, month, place):
            found.taken_down.append(name)
        elif name in replaced_files(catalogue, month, place):
            found.replaced.append(name)
        else:
            found.unknown.append(name)
    return found


def put_away(corpus: Corpus, strays: Strays) -> None:
    """Remove what was taken down, and keep the rest in `.revisions`; OSError if the disk refuses."""
    corpus.remove_unfinished()
    for name in strays.taken_down:
        corpus.discard(name)
    for name in (*strays.replaced, *strays.unknown):
        corpus.retire(name)
