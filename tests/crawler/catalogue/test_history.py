"""What became of an article: its earlier texts stay readable, and who took them over is known."""

from dataclasses import replace
from pathlib import Path

from crawler.catalogue.history import Copy, copies, history
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.redactions import erase, find_page
from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.run.corpus import Corpus
from tests.support.outcomes import Shelved, article, filed, outcome_of

PORT, DYKE = "Le port de Marisol rouvre.", "La digue de Marisol cède."


def test_every_text_of_a_page_is_found_where_it_lies(catalogue: Catalogue, tmp_path: Path) -> None:
    corpus, run = Corpus(tmp_path / "corpus"), begin_run(catalogue, "news", {}, "")
    old = filed(article("one", PORT, capture=Shelved(1)), 0)
    new = replace(filed(article("one", DYKE, modified="2021-01-29"), 1), revises=old.file, silent_edit=True)
    for made, fate in ((old, Fate.SAVED), (new, Fate.UPDATED)):
        assert made.file is not None and made.content is not None
        corpus.write([(made.file, made.content)])
        place = made.capture.durable() if made.capture else None
        commit_outcomes(catalogue, run, [(outcome_of(made, fate), place)])
    assert old.file is not None
    corpus.retire(old.file)
    first, second = history(catalogue, old.url)
    assert [(corpus.folder / each.file).read_bytes() for each in (first, second)] == [
        old.content,
        new.content,
    ]
    assert (first.silent_edit, second.silent_edit) == (None, True)
    assert (first.captured, second.modified) == ("2021-01-28T09:00:00.000000Z", "2021-01-29")
    assert (first.text.split("\n\n")[0], second.text.split("\n\n")[0]) == (PORT, DYKE)
    erase(catalogue, find_page(catalogue, old.url), "asked for")
    assert history(catalogue, old.url) == []


def test_copies_are_listed_with_their_credit_and_what_is_known_of_them(catalogue: Catalogue) -> None:
    run = begin_run(catalogue, "news", {}, "")
    first = filed(article("one", PORT))
    part = article("two", DYKE, agency="Agence Tarn", duplicate_of=first.url, known=0.75, covered=0.5)
    commit_outcomes(catalogue, run, [(outcome_of(first), None), (outcome_of(part, Fate.DUPLICATE), None)])
    commit_outcomes(catalogue, run, [(outcome_of(part, Fate.DUPLICATE), None)])  # asked for again
    assert copies(catalogue, first.url + "#top") == [Copy(part.url, "duplicate", "Agence Tarn", None, 0.75)]
    assert copies(catalogue, part.url) == []
