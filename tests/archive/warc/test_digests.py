import pytest

from archive.index.run_digests import RunDigests
from archive.warc.digests import Original, payload_key, url_key
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


def test_the_newest_original_of_a_key_stays() -> None:
    index = RunDigests()
    index.add({payload_key(b"a"): original(1)})
    index.add({payload_key(b"a"): original(2)})

    assert index.find(payload_key(b"a")) == original(2)
    index.close()


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
