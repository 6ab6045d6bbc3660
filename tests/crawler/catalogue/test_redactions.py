"""What was taken down is forgotten for good, and no run takes it up again."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from crawler.catalogue.articles import articles
from crawler.catalogue.corpus_files import last_number
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.redactions import (
    COMMAND,
    arguments_of,
    captures_of,
    erase,
    find_page,
    left_out_for,
    note_redaction,
    redacted_keys,
    refuse_taken_down,
    scrub,
    shown_with,
    texts_of,
)
from crawler.catalogue.runs import begin_run, end_run
from crawler.catalogue.tallies import Tally, tally_of
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.url_rows import enter
from crawler.http.url_identity import url_key
from crawler.items import (
    REQUISITES,
    Article,
    DateEvidence,
    DateKind,
    DateSource,
    Decision,
    Discovery,
    Reason,
    Relevance,
    UrlKind,
)
from tests.support.outcomes import Shelved, article, ended, filed, link, outcome_of

DATE, REASON = "2026-05-03T10:00:00.000000Z", "Request of the person named"
ONE, TWO = link("one"), link("two")


def keep(catalogue: Catalogue, *made: Article) -> None:
    run_id = begin_run(catalogue, "news", {}, "test")
    for each in made:
        capture = Shelved(1)
        commit_outcomes(catalogue, run_id, [(outcome_of(replace(each, capture=capture)), capture.durable())])


def test_rows_of_the_page_are_emptied_and_others_are_not(catalogue: Catalogue) -> None:
    said = {
        "title": "Le port",
        "authors": ("Ana Tal",),
        "dates": (DateEvidence("2021-01-28", DateKind.PUBLISHED, DateSource.META),),
        "relevance": Relevance(
            0.4, False, 0.5, True, 0.4, Decision.REVIEW, ("port",), (Reason("siege", "blocus", 1.0, 0.1),)
        ),
    }
    first = filed(article("one", "Un premier texte.", **said))
    newer = replace(filed(article("one", "Un texte nouveau.", **said), 1), revises=first.file)
    keep(catalogue, first, newer, filed(article("two", "Le texte de Deux."), 2))
    texts = texts_of(catalogue, find_page(catalogue, ONE.url))
    assert (texts.rows, texts.files, len(texts.sha256)) == (
        2,
        sorted([first.file or "", newer.file or ""]),
        2,
    )
    other = list(articles(catalogue))[1]

    erase(catalogue, find_page(catalogue, ONE.url), REASON)
    rows = [row for row in articles(catalogue, True) if row.url == ONE.url]
    assert [(row.fate, row.text, row.title, row.authors) for row in rows] == [
        ("rights_dropped", "", None, ())
    ] * 2
    assert [row.url for row in articles(catalogue)] == [TWO.url]
    assert list(articles(catalogue)) == [other]
    assert PendingArticles(catalogue).same_text(newer.body_hash or b"") is None
    assert last_number(catalogue, "2021-01") == 2, "an index of a month is given once"
    assert texts_of(catalogue, find_page(catalogue, ONE.url)).sha256 == frozenset()
    with catalogue.read() as connection:
        assert connection.exec_driver_sql("select count(*) from date_evidence").scalar() == 0
        assert connection.exec_driver_sql("select count(reasons) from article").scalar() == 0
        (evidence,) = connection.execute(text("select evidence from url where url like '%/one'")).scalars()
    assert "Sur one" not in evidence
    assert "marisol" in evidence


WWW, HTTP = ONE.url.replace("https://", "https://www."), ONE.url.replace("https://", "http://")


def test_of_an_article_its_place_alone_stays(catalogue: Catalogue) -> None:
    keep(catalogue, filed(article("one", title="Le port", agency="Orla Press", silent_edit=True), 7))
    with catalogue.read() as connection:
        before = connection.execute(text("select * from article")).mappings().one()
    erase(catalogue, find_page(catalogue, ONE.url), REASON)
    with catalogue.read() as connection:
        after = connection.execute(text("select * from article")).mappings().one()
    said = {name: value for name, value in after.items() if value not in (None, "", "[]", False)}
    place = {"id", "url_id", "run_id", "capture_id", "source", "origin", "via", "month", "number"}
    assert said == {name: before[name] for name in place} | {"fate": "rights_dropped", "reason": REASON}


def test_every_spelling_finds_the_rows_of_all(catalogue: Catalogue) -> None:
    run = begin_run(catalogue, "news", {}, "test")
    exact = [replace(ONE, url=url, is_exact=True) for url in (WWW, f"{HTTP}?utm_source=x")]
    assert enter(catalogue, run, [ONE, TWO, *exact]) == 4
    pages = [find_page(catalogue, url) for url in (ONE.url, WWW, HTTP, f"{WWW}?fbclid=1")]
    assert {page.spellings for page in pages} == {frozenset({ONE.url, WWW, f"{HTTP}?utm_source=x"})}
    assert {len(page.ids) for page in pages} == {3}

    erase(catalogue, pages[0], REASON)
    with catalogue.read() as connection:
        rows = connection.execute(text("select url, state, fate, evidence from url")).all()
    assert {row.url for row in rows if (row.state, row.fate) == ("done", "rights_dropped")} == pages[
        0
    ].spellings
    assert not any("Sur one" in row.evidence for row in rows)
    assert any("Sur two" in row.evidence for row in rows)


@pytest.mark.parametrize("kind", UrlKind)
def test_what_lists_articles_is_known_for_it(catalogue: Catalogue, kind: UrlKind) -> None:
    enter(catalogue, begin_run(catalogue, "news", {}, "test"), [replace(ONE, kind=kind)])
    assert find_page(catalogue, WWW).lists_articles == (kind not in REQUISITES | {UrlKind.ARTICLE})
    assert not find_page(catalogue, TWO.url).ids


def test_pages_left_out_for_any_spelling_are_named(catalogue: Catalogue) -> None:
    keep(catalogue, filed(article("one")))
    twin = replace(article("two"), duplicate_of=f"{WWW}?utm_source=x")
    commit_outcomes(
        catalogue, begin_run(catalogue, "news", {}, "test"), [(outcome_of(twin, Fate.DUPLICATE), None)]
    )
    assert left_out_for(catalogue, find_page(catalogue, HTTP)) == [(TWO.url, "")]


def test_what_a_page_is_shown_with_is_what_was_archived_because_it_names_that(catalogue: Catalogue) -> None:
    run = begin_run(catalogue, "news", {}, "test")
    style = link("a.css").url
    for name, kind, how, via, fate in [
        ("a.png", UrlKind.IMAGE, Discovery.IMAGE, f"{WWW}?utm_source=x", Fate.NOT_HTML),
        ("b.png", UrlKind.IMAGE, Discovery.IMAGE, ONE.url, Fate.GONE),
        ("c.png", UrlKind.IMAGE, Discovery.IMAGE, TWO.url, Fate.NOT_HTML),
        ("a.css", UrlKind.STYLE, Discovery.LOOK, ONE.url, Fate.UNCHANGED),
        ("a.woff2", UrlKind.FONT, Discovery.LOOK, style, Fate.NOT_HTML),
        ("logo.svg", UrlKind.IMAGE, Discovery.LOOK, ONE.url, Fate.NOT_HTML),
        ("old.png", UrlKind.IMAGE, Discovery.IMAGE, ONE.url, Fate.REDIRECTED),
        ("new.png", UrlKind.IMAGE, Discovery.IMAGE, link("old.png").url, Fate.NOT_HTML),
    ]:
        named = link(name, kind)
        outcome = ended(replace(named, evidence=replace(named.evidence, how=how, via=via)), fate)
        commit_outcomes(catalogue, run, [(outcome, None)])
    found = shown_with(catalogue, find_page(catalogue, ONE.url))
    assert found.pictures == [link(name).url for name in ("a.png", "new.png", "old.png")]
    assert found.look == [style, link("a.woff2").url, link("logo.svg").url]


def test_captures_belong_to_the_archive_that_has_their_file(catalogue: Catalogue, tmp_path: Path) -> None:
    keep(catalogue, filed(article("one")), filed(article("one", "Un texte nouveau."), 1))
    here, there, foreign = "here.warc.gz", "there.warc.gz", str(tmp_path / "foreign.warc.gz")
    with catalogue.engine.begin() as connection:
        first, second = connection.execute(text("select id from capture order by id")).scalars()
        place = text("update capture set warc = :warc where id = :id")
        connection.execute(place, [{"warc": here, "id": first}, {"warc": there, "id": second}])
    page = find_page(catalogue, WWW)
    found = captures_of(catalogue, page, {here, "other.warc.gz"})
    assert (set(found.here), found.elsewhere, found.foreign) == ({first}, [(there, "")], [])

    for url, captures, exit_code, elsewhere in [
        (TWO.url, {second}, 0, [(there, "")]),
        (ONE.url, {first}, 0, [(there, "")]),
        (HTTP, {second}, None, [(there, "")]),  # killed
        (HTTP, {second}, 1, []),
    ]:
        run = begin_run(catalogue, COMMAND, arguments_of(url, REASON, captures), "test")
        if exit_code is not None:
            end_run(catalogue, run, "finished", exit_code)
        assert captures_of(catalogue, page, {here}).elsewhere == elsewhere
    with catalogue.engine.begin() as connection:
        connection.execute(place, [{"warc": foreign, "id": second}])
    assert captures_of(catalogue, page, {here}).foreign == [foreign]


def test_pages_that_were_left_out_for_it_are_named(catalogue: Catalogue) -> None:
    keep(catalogue, filed(article("one")))
    twin = replace(article("two"), duplicate_of=ONE.url)
    run_id = begin_run(catalogue, "news", {}, "test")
    commit_outcomes(catalogue, run_id, [(outcome_of(twin, Fate.DUPLICATE), None)])
    assert left_out_for(catalogue, find_page(catalogue, ONE.url)) == [(TWO.url, "")]
    assert left_out_for(catalogue, find_page(catalogue, TWO.url)) == []


def test_a_text_that_another_page_had_too_is_known_by_its_name_only(catalogue: Catalogue) -> None:
    keep(catalogue, filed(article("one")), filed(article("two"), 1))
    mine, other = (
        texts_of(catalogue, find_page(catalogue, ONE.url)),
        texts_of(catalogue, find_page(catalogue, TWO.url)),
    )
    assert mine.files != other.files
    assert mine.sha256 == other.sha256 == frozenset()


def test_a_page_that_was_taken_down_is_passed_by_in_every_run(tmp_path: Path) -> None:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        note_redaction(catalogue, f"{ONE.url}#top", DATE, REASON)
        note_redaction(catalogue, ONE.url, DATE, REASON)
        assert redacted_keys(catalogue) == {url_key(ONE.url)}
        assert not find_page(catalogue, ONE.url).ids
        # What lists articles is fetched again.
        run = begin_run(catalogue, "news", {}, "")
        assert (
            enter(catalogue, run, [ONE, TWO, replace(ONE, url=f"{ONE.url}?utm_source=x", is_exact=True)]) == 1
        )
        assert enter(catalogue, run, [replace(ONE, url=WWW, kind=UrlKind.IMAGE)]) == 0
        assert enter(catalogue, run, [replace(ONE, kind=UrlKind.FEED)]) == 1
        assert tally_of(catalogue, run) == Tally(2, {}, 2)


@pytest.mark.parametrize("store_url", [""], ids=["sqlite"])
def test_what_was_deleted_once_cannot_be_read_in_the_database_s_file(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    catalogue.close()
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as database:
        database.execute("pragma secure_delete = off")  # some builds of SQLite clear free pages by themselves
        database.execute("create table draft (text)")
        database.executemany("insert into draft values (?)", [("Marrowby " * 900,)] * 20)
        database.commit()
        database.execute("drop table draft")
        database.commit()
    assert b"Marrowby" in lying(tmp_path)

    again = Catalogue.open("", tmp_path)
    with again.engine.connect():  # a connection that stays keeps the journal from being removed
        scrub(again)
        assert b"Marrowby" not in lying(tmp_path)
    again.close()


def lying(data: Path) -> bytes:
    return b"".join(path.read_bytes() for path in data.glob("catalogue.sqlite*"))


@pytest.mark.parametrize(
    ("exit_code", "url", "is_done"),
    [
        (0, ONE.url, True),
        (1, f"{ONE.url}?utm_source=x", True),
        (None, ONE.url, False),  # it was killed: what it meant to do is not done
        (0, TWO.url, False),
    ],
)
def test_a_capture_elsewhere_is_done_with_when_a_takedown_there_came_to_its_end(
    catalogue: Catalogue, exit_code: int | None, url: str, is_done: bool
) -> None:
    keep(catalogue, filed(article("one")))
    page = find_page(catalogue, ONE.url)
    known = captures_of(catalogue, page, [Shelved(1).durable().warc])
    assert (len(known.here), known.elsewhere) == (1, [])
    assert captures_of(catalogue, page, []).elsewhere == [(Shelved(1).durable().warc, "")]

    run = begin_run(catalogue, COMMAND, arguments_of(url, REASON, known.here), "test")
    if exit_code is not None:
        end_run(catalogue, run, "finished", exit_code)
    assert bool(captures_of(catalogue, page, []).elsewhere) is not is_done


def test_what_was_taken_down_meanwhile_is_not_fetched_again(postgres_url: str, tmp_path: Path) -> None:
    late = replace(ended(ONE, Fate.HTTP_ERROR, links=(TWO,)), retry_in_s=60.0)
    with closing(Catalogue.open(postgres_url, tmp_path)) as catalogue:
        note_redaction(catalogue, ONE.url, DATE, REASON)
        [outcome, other] = catalogue.write(
            lambda connection: refuse_taken_down(connection, [late, ended(TWO, Fate.GONE)])
        )
    assert (outcome.fate, outcome.reason, outcome.article) == (Fate.RIGHTS_DROPPED, REASON, None)
    assert (outcome.links, outcome.retry_in_s) == ((), None)
    assert other.fate is Fate.GONE
