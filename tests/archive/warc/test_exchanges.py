"""Records that belong together make one exchange, whichever of them names the other."""

import pytest

from archive.warc.exchanges import Exchange, ExchangeGrouper, group_exchanges
from archive.warc.record import WarcRecord


def record(kind: str, number: int, of: int | None = None, block: bytes = b"") -> WarcRecord:
    tied = () if of is None else (("warc-concurrent-to", f"<urn:example:{of}>"),)
    return WarcRecord(kind, (("warc-record-id", f"<urn:example:{number}>"), *tied), block, True, number, 1)


def shown(exchange: Exchange) -> list[int]:
    return [each.offset for each in exchange.records]


def test_the_method_is_the_first_word_of_the_request() -> None:
    assert Exchange(request=record("request", 1, block=b"POST / HTTP/1.1\r\n\r\n")).method == "POST"
    assert Exchange(answer=record("response", 1)).method == "GET"
    for block, method in [
        (b"post /", "POST"),
        (b"\r\n put /", "PUT"),
        (b"", "GET"),
        (b" \r\n", "GET"),
        (b"\xff /", "\ufffd"),
    ]:
        assert Exchange(request=record("request", 1, block=block)).method == method


def test_the_url_is_that_of_the_first_record_that_names_one_without_its_password() -> None:
    def named(kind: str, url: str) -> WarcRecord:
        return WarcRecord(kind, (("warc-target-uri", url),) if url else (), b"", True, 0, 9)

    url = "https://orla.example/a"
    answered, secret = named("response", f"<{url}>"), named("request", "https://ada:pw@orla.example/b")
    assert Exchange(answered, secret).url == url
    assert Exchange(named("response", ""), secret).url == "https://orla.example/b"
    assert Exchange(metadata=named("metadata", url)).url == url
    assert Exchange(named("response", "")).url == ""


def test_notes_are_named_fields_whose_urls_have_no_password() -> None:
    block = (
        b"via: https://ada:pw@orla.example/\r\n folded\r\n\ttwice \r\nno field\r\na:b:c\r\na: d\r\n\xff: e"
    )
    notes = Exchange(metadata=record("metadata", 1, block=block)).notes
    assert notes == {"via": "https://orla.example/ folded twice", "a": "d", "\ufffd": "e"}
    assert Exchange(metadata=record("metadata", 1, block=b" folded\r\na: b")).notes == {"a": "b"}
    assert Exchange(answer=record("response", 1)).notes == {}


def test_an_exchange_begins_where_its_first_record_does() -> None:
    assert Exchange(record("response", 7), record("request", 3), record("metadata", 9)).offset == 3


@pytest.mark.parametrize("kind", ["conversion", "continuation", "warcinfo", "screenshot"])
def test_other_records_are_part_of_none_and_part_none(kind: str) -> None:
    records = [record("response", 1), record(kind, 2, of=1), record("request", 3, of=1)]
    assert list(map(shown, group_exchanges(records))) == [[1, 3]]


def test_a_second_request_begins_another_exchange() -> None:
    records = [
        record("request", 1),
        record("request", 2, of=1),
        record("resource", 3, of=2),
        record("revisit", 4, of=2),
    ]
    assert list(map(shown, group_exchanges(records))) == [[1], [3, 2], [4]]


def test_records_of_one_exchange_are_put_together_with_the_request_first_or_second() -> None:
    ours = [record("response", 1), record("request", 2, of=1), record("metadata", 3, of=1)]
    others = [record("request", 4, of=5), record("response", 5), record("metadata", 6, of=5)]
    assert list(map(shown, group_exchanges([*ours, *others]))) == [[1, 2, 3], [5, 4, 6]]


def test_a_second_answer_begins_another_exchange_and_a_second_metadata_record_does_not() -> None:
    records = [
        record("response", 1),
        record("metadata", 2, of=1),
        record("metadata", 3, of=1),
        record("response", 4, of=1),
    ]
    assert list(map(shown, group_exchanges(records))) == [[1, 2], [4]]


def test_an_exchange_is_finished_by_the_record_of_another_one_or_by_the_end() -> None:
    grouper = ExchangeGrouper()
    assert grouper.last() is None
    assert grouper.add(record("response", 1)) is None
    assert grouper.add(record("warcinfo", 2)) is None
    finished = grouper.add(record("response", 3))
    assert finished is not None and shown(finished) == [1]
    last = grouper.last()
    assert last is not None and shown(last) == [3]
