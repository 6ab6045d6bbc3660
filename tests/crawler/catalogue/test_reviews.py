"""What people decide about pages is kept, with who and when, and the last word counts."""

from dataclasses import replace

from crawler.catalogue.reviews import Ruling, RulingKind, note_rulings, rulings, rulings_on, waiting
from crawler.catalogue.store import Store
from crawler.fates import Fate
from crawler.http.url_identity import url_key
from crawler.items import Decision, Relevance
from tests.support.outcomes import article, link, outcome_of

URL = link("one").url
FIRST = Ruling(URL, RulingKind.ACCEPT, "Ada", "2026-05-03T10:00:00.000000Z")
SECOND = Ruling(f"{URL}?utm_source=feed", RulingKind.REJECT, "Ben", "2026-05-04T10:00:00.000000Z")
RELEVANCE = Relevance(0.4, False, 0.5, True, 0.4, Decision.REVIEW)


def give(store: Store, *given: Ruling) -> None:
    with store.engine.begin() as connection:
        note_rulings(connection, given)


def test_the_last_ruling_on_a_page_holds_however_its_url_is_spelled(store: Store) -> None:
    assert rulings(store) == {}
    give(store, FIRST)
    give(store, SECOND, replace_url(FIRST, "two"))
    held = rulings(store)
    assert held[url_key(URL)] == SECOND
    assert held[url_key(link("two").url)].kind is RulingKind.ACCEPT
    assert rulings_on(store, URL) == [FIRST, SECOND]


def test_a_page_waits_while_its_newest_text_is_doubtful(store: Store) -> None:
    run_id = store.begin_run("news", {}, "test")
    for name, fate in (
        ("one", Fate.REVIEW),
        ("two", Fate.REVIEW),
        ("two", Fate.OFF_TOPIC),
        ("three", Fate.SAVED),
    ):
        doubtful = article(name, relevance=RELEVANCE)
        store.commit(run_id, [(replace(outcome_of(doubtful), fate=fate), None)])
    assert [row["url"] for row in waiting(store)] == [URL]


def replace_url(ruling: Ruling, name: str) -> Ruling:
    return ruling._replace(url=link(name).url)
