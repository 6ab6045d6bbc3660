import hashlib
import sqlite3
from base64 import b32encode, b64encode

import pytest

from archive.index.run_digests import RunDigests
from archive.warc.digests import (
    Original,
    digest_key,
    parse_digest,
    payload_key,
    same_digest,
    sha1_digest,
    url_key,
)
from archive.warc.temporary_table import TemporaryTable


def original(number: int = 0) -> Original:
    url = f"https://news.example/{number}"
    date = "2021-01-28T09:00:00.123456Z"
    return Original(url, date, f"<urn:uuid:{number:032}>", f"sha1:{number:032}", "news-1.warc.gz", number)


def test_what_was_added_is_found_by_its_key() -> None:
    index = RunDigests()
    index.add({payload_key(b"a"): original(1), url_key("https://news.example/1"): original(1)})

    assert index.find(payload_key(b"a")) == original(1)
    assert index.find(url_key("https://news.example/1")) == original(1)
    assert index.find(payload_key(b"b")) is None
    index.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        index.find(payload_key(b"a"))


def test_the_newest_original_of_a_key_stays() -> None:
    index = RunDigests()
    index.add({payload_key(b"a"): original(1)})
    index.add({payload_key(b"a"): original(2)})

    assert index.find(payload_key(b"a")) == original(2)
    index.close()


def test_the_keys_stay_what_they_are() -> None:
    """Catalogues store them: changing them takes an upgrade."""
    assert payload_key(b"Orla").hex() == "a9b2a4b075bf5f0b79b48054aec3e9cfe9e2d92c5f2e8ec38a6b5ac654691d1e"
    url = "8fc39b0d5e4111c373544f3182c56f9285ecf066eee69e6e81ac0ceb67e98323"
    assert url_key("https://orla.example/").hex() == url


def test_a_page_whose_text_is_a_url_does_not_stand_for_that_url() -> None:
    assert payload_key(b"https://news.example/") != url_key("https://news.example/")


def test_a_payload_is_looked_up_by_its_key_and_not_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    index = RunDigests()
    plans: list[str] = []
    row = TemporaryTable.row

    def explained(table: TemporaryTable, query: str, *values: object) -> tuple[object, ...] | None:
        plans.extend(step[-1] for step in table.rows(f"explain query plan {query}", *values))
        return row(table, query, *values)

    monkeypatch.setattr(TemporaryTable, "row", explained)
    index.find(payload_key(b"a"))
    assert plans == ["SEARCH original USING PRIMARY KEY (key=?)"]
    index.close()


CONTENT = "Le port de Marisol rouvre. Зернове. 港".encode()


def spellings(algorithm: str, *labels: str) -> list[str]:
    value = hashlib.new(algorithm, CONTENT).digest()
    base32, base64 = b32encode(value).decode(), b64encode(value).decode()
    texts = [value.hex(), value.hex().upper(), base32, base32.lower(), base32.rstrip("="), base64]
    texts += [base64.rstrip("="), base64.replace("+", "-").replace("/", "_")]
    return [f"{label}:{text}" for label in labels for text in texts]


SPELLINGS = {
    "sha1": [
        *spellings("sha1", "sha1", "SHA1", "sha-1"),
        *(s.partition(":")[2] for s in spellings("sha1", "x")[:5]),
    ],
    "sha256": [
        *spellings("sha256", "sha256", "sha-256", "SHA256", " sha_256"),
        *(s.partition(":")[2] for s in spellings("sha256", "x")),
    ],
    "sha512": [
        *spellings("sha512", "sha512", "sha-512"),
        *(s.partition(":")[2] for s in spellings("sha512", "x")),
    ],
    "sha224": spellings("sha224", "sha224"),
    "sha384": spellings("sha384", "sha384"),
    "blake2b": spellings("blake2b", "blake2b"),
    "md5": spellings("md5", "md5", "MD5"),
}


@pytest.mark.parametrize("algorithm", SPELLINGS)
def test_a_digest_is_known_by_its_bytes_however_it_is_written(algorithm: str) -> None:
    one, *others = SPELLINGS[algorithm]
    for text in (one, *others):
        digest = parse_digest(text)
        assert digest is not None, text
        assert digest.algorithm == algorithm
        assert digest.is_of(CONTENT)
        assert not digest.is_of(CONTENT[1:])
        assert same_digest(one, text) is True
        assert digest_key(text) == digest_key(one)


@pytest.mark.parametrize(
    "text",
    [
        "", "xxh3:0123456789abcdef", "sha1:tooshort", "crc32:7d1a", "sha1:" + "!" * 32, ":",
        f"sha1:*{b64encode(bytes(20)).decode()}", f"xxh3:{b64encode(bytes(20)).decode()}",
    ],
)  # fmt: skip
def test_a_digest_that_cannot_be_read_agrees_with_nothing_but_itself(text: str) -> None:
    assert parse_digest(text) is None
    assert same_digest(text, SPELLINGS["sha1"][0]) is None
    assert same_digest(text, text) is (True if text else None)


def test_space_around_a_digest_does_not_count() -> None:
    for text in SPELLINGS["sha1"]:
        assert same_digest(f" {text}\t", text) is True


def test_digests_of_two_algorithms_cannot_be_compared() -> None:
    assert same_digest(SPELLINGS["sha1"][0], SPELLINGS["md5"][0]) is None
    assert same_digest(SPELLINGS["sha1"][0], sha1_digest(b"another")) is False
