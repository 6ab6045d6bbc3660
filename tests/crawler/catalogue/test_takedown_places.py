"""Of a page whose records lie in several data directories, each takedown sees to one and knows the rest."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.places import EVERYWHERE
from crawler.catalogue.redactions import (
    COMMAND,
    PageCaptures,
    arguments_of,
    being_fetched,
    captures_of,
    erase,
    find_page,
    left_out_for,
    note_done,
    note_redaction,
    texts_of,
    texts_taken_down,
    unfinished_takedowns,
)
from crawler.catalogue.runs import begin_run, end_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.url_rows import enter
from crawler.items import Article
from crawler.texts.seed_format import digest
from tests.support.leasing import Run, set_rows
from tests.support.outcomes import Shelved, article, filed, link, outcome_of

ONE, TWO = link("one"), link("two")
FIRST, SECOND = filed(article("one", "Un."), 0), filed(article("one", "Deux."), 1)
HERE, THERE, WHEN = "a", "b", "2026-05-03T10:00:00Z"
WARC = {HERE: "here.warc.gz", THERE: "there.warc.gz"}


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        keep(catalogue, FIRST, HERE)
        keep(catalogue, replace(SECOND, revises=FIRST.file), THERE)
        yield catalogue


def keep(catalogue: Catalogue, made: Article, place: str, fate: Fate = Fate.SAVED) -> None:
    """Commit an article whose record lies in a place."""
    made = replace(made, capture=Shelved(1))
    outcome = outcome_of(made, fate)
    commit_outcomes(catalogue, begin_run(catalogue, "news", {}, ""), [(outcome, Shelved(1).durable())])
    newest = update(schema.capture).where(schema.capture.c.place == "")
    newest = newest.values(place=place, warc=WARC[place])
    catalogue.write(lambda connection: connection.execute(newest))


def captures(catalogue: Catalogue) -> dict[str, int]:
    with catalogue.read() as connection:
        rows = connection.execute(select(schema.capture.c.place, schema.capture.c.id)).all()
    return {str(place): int(row_id) for place, row_id in rows}


def test_texts_of_another_place_are_counted_and_left_to_it(catalogue: Catalogue) -> None:
    page, contents = find_page(catalogue, ONE.url), (FIRST.content or b"", SECOND.content or b"")
    everywhere, here = texts_of(catalogue, page), texts_of(catalogue, page, HERE)
    assert (everywhere.files, everywhere.elsewhere) == (sorted([FIRST.file or "", SECOND.file or ""]), 0)
    assert everywhere.numbers == {("2021-01", 0), ("2021-01", 1)}
    assert (here.rows, here.files, here.elsewhere) == (2, [FIRST.file], 1)
    assert here.numbers == {("2021-01", 0)}
    assert here.sha256 == everywhere.sha256 == set(map(digest, contents)), "a killed run may have left them"


def test_a_text_whose_record_is_in_no_place_is_everybody_s(catalogue: Catalogue) -> None:
    lone, refused = filed(article("two", "Trois."), 2), article("two", "Quatre.")
    for made, fate in ((lone, Fate.SAVED), (refused, Fate.OFF_TOPIC)):
        commit_outcomes(catalogue, begin_run(catalogue, "news", {}, ""), [(outcome_of(made, fate), None)])
    texts = texts_of(catalogue, find_page(catalogue, TWO.url), HERE)
    assert (texts.rows, texts.files, texts.elsewhere) == (2, [lone.file], 0)
    assert texts.numbers == {("2021-01", 2)}, "what was refused has no number"


def test_texts_that_an_earlier_takedown_noted_are_looked_for_when_the_rows_are_empty(
    catalogue: Catalogue,
) -> None:
    page = find_page(catalogue, ONE.url)
    begin_run(catalogue, COMMAND, arguments_of(f"{ONE.url}?utm_source=x", "as asked", (), {"aa"}), "")
    begin_run(catalogue, COMMAND, arguments_of(TWO.url, "as asked", (), {"bb"}), "")
    erase(catalogue, page, "as asked")
    assert texts_of(catalogue, page).sha256 == {"aa"}


def test_captures_are_here_or_in_the_place_that_has_them(catalogue: Catalogue) -> None:
    page, ids = find_page(catalogue, ONE.url), captures(catalogue)
    mine = {ids[HERE]: WARC[HERE]}
    assert captures_of(catalogue, page, {WARC[HERE]}, HERE) == PageCaptures(mine, [(WARC[THERE], THERE)], [])
    # Of this place, but in another archive of it: the place need not be named.
    assert captures_of(catalogue, page, {WARC[HERE]}, THERE) == PageCaptures(mine, [(WARC[THERE], "")], [])
    assert captures_of(catalogue, page, set(), EVERYWHERE).elsewhere == [(WARC[HERE], ""), (WARC[THERE], "")]


def test_a_takedown_is_unfinished_where_captures_are_left(catalogue: Catalogue) -> None:
    ids = captures(catalogue)
    assert unfinished_takedowns(catalogue, THERE) == []
    note_redaction(catalogue, ONE.url, WHEN, "as asked")
    assert unfinished_takedowns(catalogue, THERE) == [], "its rows say nothing of it yet"
    erase(catalogue, find_page(catalogue, ONE.url), "as asked")
    for place, left in ((HERE, [ONE.url]), (THERE, [ONE.url]), ("c", []), (EVERYWHERE, [])):
        assert unfinished_takedowns(catalogue, place) == left
    run = begin_run(catalogue, COMMAND, arguments_of(ONE.url, "as asked", ()), "")
    note_done(catalogue, run, arguments_of(ONE.url, "as asked", [ids[HERE]]), 1)
    assert unfinished_takedowns(catalogue, HERE) == []
    assert unfinished_takedowns(catalogue, THERE) == [ONE.url]
    foreign = update(schema.capture).where(schema.capture.c.place == THERE).values(warc="/old/pages.warc.gz")
    catalogue.write(lambda connection: connection.execute(foreign))
    assert unfinished_takedowns(catalogue, THERE) == [], "archives of others are left as they are"


def test_texts_that_takedowns_left_to_others_are_known_also_if_they_were_killed(catalogue: Catalogue) -> None:
    assert texts_taken_down(catalogue) == set()
    begin_run(catalogue, COMMAND, arguments_of(ONE.url, "as asked", (), {"aa", "bb"}), "")
    run = begin_run(catalogue, COMMAND, arguments_of(TWO.url, "as asked", (), {"cc"}), "")
    end_run(catalogue, run, "finished", 0)
    begin_run(catalogue, "news", {"texts": "dd"}, "")
    assert texts_taken_down(catalogue) == {"aa", "bb", "cc"}


def test_a_page_is_in_hand_where_a_run_at_work_has_leased_it(catalogue: Catalogue) -> None:
    run = Run(catalogue, "c")
    enter(catalogue, run.id, [TWO])
    page = find_page(catalogue, TWO.url)
    assert being_fetched(catalogue, page) == set()
    run.take()
    with catalogue.read() as connection:
        place = connection.execute(select(schema.run.c.place).where(schema.run.c.id == run.id)).scalar_one()
    assert being_fetched(catalogue, page) == {place}
    assert being_fetched(catalogue, find_page(catalogue, ONE.url)) == set()
    set_rows(catalogue, schema.run, alive_until=0)
    assert being_fetched(catalogue, page) == set(), "it was killed"


def test_pages_that_were_left_out_are_named_with_their_place_once(catalogue: Catalogue) -> None:
    twin = replace(article("two"), duplicate_of=f"{ONE.url}?utm_source=x")
    for place in (THERE, THERE, HERE):
        keep(catalogue, twin, place, Fate.DUPLICATE)
    keep(catalogue, replace(article("three"), duplicate_of=TWO.url), HERE, Fate.DUPLICATE)
    page = find_page(catalogue, ONE.url)
    assert left_out_for(catalogue, page) == [(TWO.url, HERE), (TWO.url, THERE)]
    keep(catalogue, replace(article("one"), duplicate_of=ONE.url), HERE, Fate.DUPLICATE)
    assert left_out_for(catalogue, page) == [(TWO.url, HERE), (TWO.url, THERE)], "it is the page itself"
