"""Keys that an earlier version computed otherwise are computed anew, and everything that goes by them follows."""

import hashlib
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, create_engine, insert, select

from crawler.catalogue.rekeying import rekey
from crawler.database import schema
from crawler.http.url_identity import exact_key, keys_of, url_key

FILM = "https://film.orla.example/a"
"""Lost the `m.` within its name before."""
STORY = "https://orla.example/a"


def old_key(identity: str) -> bytes:
    return hashlib.blake2b(identity.encode(), digest_size=16).digest()


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    schema.metadata.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def enter(connection: Connection, *rows: tuple[bytes, str]) -> None:
    common = {"kind": "article", "state": "done", "evidence": "{}", "run_id": 1}
    defaults = {"priority": 0, "hops": 0, "depth": 0}
    names = schema.url.c.keys()
    values = {name: value for name, value in (common | defaults).items() if name in names}
    connection.execute(insert(schema.url), [values | {"key": key, "url": its_url} for key, its_url in rows])


def keys(connection: Connection) -> dict[str, bytes]:
    return {row.url: bytes(row.key) for row in connection.execute(select(schema.url.c.url, schema.url.c.key))}


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        (FILM, "filorla.example/a"),
        ("https://stream.orla.example/a", "streaorla.example/a"),
        ("https://ww.www3.orla.example/a", "ww.orla.example/a"),
        ("https://orla.example/a/../b", "orla.example/a/../b"),
        ("http://0x7f.1/a", "0x7f.1/a"),
        ("http://fass.example/a", "nobody's key"),
        (f"{STORY}?igsh=1", "orla.example/a?igsh=1"),
        ("http://[2001:db8::1]/", "2001:db8::1/"),
    ],
)
def test_a_url_with_another_key_gets_its_own(connection: Connection, url: str, identity: str) -> None:
    enter(connection, (old_key(identity), url))
    rekey(connection)
    assert keys(connection) == {url: url_key(url)}


@pytest.mark.parametrize("key", [url_key, exact_key])
@pytest.mark.parametrize(
    "url", [STORY, "http://m.orla.example/a%7Cb?c=%5B1%5D", "http://orla.example:99999/"]
)
def test_right_keys_stay(connection: Connection, key: Callable[[str], bytes], url: str) -> None:
    enter(connection, (key(url), url))
    rekey(connection)
    assert keys(connection) == {url: key(url)}


def test_of_two_urls_that_are_one_page_now_each_is_found(connection: Connection) -> None:
    tagged, again = f"{STORY}?igsh=1", f"{STORY}?igsh=2"
    rows = [(old_key("orla.example/a?igsh=1"), tagged), (old_key("?"), again), (url_key(STORY), STORY)]
    enter(connection, *rows)
    rekey(connection)
    found = keys(connection)
    assert found[STORY] == url_key(STORY)
    assert len(set(found.values())) == 3
    assert all(key in keys_of(url) for url, key in found.items())


def test_keys_may_change_places(connection: Connection) -> None:
    enter(connection, (url_key(STORY), FILM), (url_key(FILM), STORY))
    rekey(connection)
    assert keys(connection) == {FILM: url_key(FILM), STORY: url_key(STORY)}


def test_yields_takedowns_and_decisions_follow(connection: Connection) -> None:
    old, harvest, redaction, review = (
        old_key("filorla.example/a"),
        schema.harvest,
        schema.redaction,
        schema.review,
    )
    enter(connection, (old, FILM))
    connection.execute(insert(harvest), [{"key": old, "ended": 5, "related": 2}])
    connection.execute(insert(harvest), [{"key": url_key(FILM), "ended": 1, "related": 1}])
    said = {"url": FILM, "date": "2026", "reason": "asked"}
    connection.execute(insert(redaction), [said | {"key": old}, said | {"key": old_key("x"), "url": STORY}])
    ruled = {"url": FILM, "ruling": "accept", "who": "Ina", "ruled": "2026"}
    connection.execute(insert(review), [ruled | {"key": old}, ruled | {"key": old}])
    rekey(connection)
    assert connection.execute(select(harvest)).all() == [(url_key(FILM), 6, 3)]
    assert {bytes(key) for key in connection.execute(select(redaction.c.key)).scalars()} == {
        url_key(FILM),
        url_key(STORY),
    }
    assert set(connection.execute(select(review.c.key)).scalars()) == {url_key(FILM)}


def test_of_two_takedowns_of_one_page_one_stays(connection: Connection) -> None:
    said = {"date": "2026", "reason": "asked"}
    rows = [{"key": old_key("y"), "url": f"{STORY}?igsh=1"}, {"key": url_key(STORY), "url": STORY}]
    connection.execute(insert(schema.redaction), [said | row for row in rows])
    rekey(connection)
    assert connection.execute(select(schema.redaction.c.key)).scalars().all() == [url_key(STORY)]
