"""Answers that no standard allows and every browser reads: fetched, archived byte for byte, and replayed alike."""

import gzip
import logging
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from tests.support.archived_crawls import Fetched, fetch
from tests.support.origin import Answer, Then, make_certificate, serve
from tests.support.warc_records import Seen, by_url, check_records

PAGE = "<html><body><p>Velmar \u2013 \u0627\u0644\u062c\u0633\u0631 \u2013 \u6865\u6881</p></body></html>".encode()
PACKED = gzip.compress(PAGE, mtime=0)
CHUNKS = b"".join(b"%x;a=b\r\n%b\r\n" % (len(piece), piece) for piece in (PAGE[:30], PAGE[30:]))


def http(*lines: str, body: bytes = PAGE, status: str = "HTTP/1.1 200 OK", then: Then = Then.CLOSE) -> Answer:
    return Answer("\r\n".join([status, *lines, "", ""]).encode("latin-1") + body, then)


def counted(
    *lines: str, body: bytes = PAGE, length: int | None = None, status: str = "HTTP/1.1 200 OK"
) -> Answer:
    length = len(body) if length is None else length
    return http(*lines, f"Content-Length: {length}", body=body, status=status, then=Then.KEEP)


def closed(answer: Answer) -> Answer:
    return Answer(answer.data, Then.CLOSE)


QUOTED = "\u2018Access-Control-Allow-Origin\u2019: *".encode().decode("latin-1")
WHOLE = {
    "odd name": counted(QUOTED),
    "space before the colon": counted("X-Powered-By : Orla", "Content-Type : text/html"),
    "illegal names": counted("X (y): 1", "@: 2", "X\tY: 3", "caf\u00e9: 4", "{}: 5"),
    "no colon": counted("nonsense", "-"),
    "no name": counted(": 1", " : 2"),
    "folded first line": counted(" X: 1", "Y: 2"),
    "NUL in a value": counted("X-Null: a\0b", "Set-Cookie: \0"),
    "long line": counted("X-Long: " + "n" * 40_000),
    "long head": counted(*(f"X-{number}: {'n' * 1_000}" for number in range(250))),
    "bare LF": Answer(counted("X: 1").data.replace(b"\r\n", b"\n", 4)),
    "no reason": counted(status="HTTP/1.1 200"),
    "no space before the reason": counted(status="HTTP/1.1 200OK"),
    "HTTP/2": counted(status="HTTP/2 200"),
    "HTTP/1.2": counted(status="HTTP/1.2 200 Fine"),
    "lower case": counted(status="http/1.1 200 ok"),
    "no version": counted(status="HTTP 200 OK"),
    "no status": counted(status="HTTP/1.1 OK"),
    "two spaces": counted(status="HTTP/1.1  200  OK"),
    "two lengths": counted(f"Content-Length: {len(PAGE)}"),
    "list of lengths": http(f"Content-Length: {len(PAGE)}, {len(PAGE)}", then=Then.KEEP),
    "negative length": http("Content-Length: -1"),
    "length in words": http("Content-Length: many"),
    "lengths that differ": http("Content-Length: 3", "Content-Length: 4"),
    "too large a length": closed(counted(length=len(PAGE) + 9)),
    "too small a length": closed(counted(length=20)),
    "length zero": closed(counted(length=0)),
    "too large a length of gzip": closed(counted("Content-Encoding: gzip", body=PACKED, length=999)),
    "too small a length of gzip": closed(counted("Content-Encoding: gzip", body=PACKED, length=30)),
    "length of chunks": http("Transfer-Encoding: chunked", "Content-Length: 3", body=CHUNKS + b"0\r\n\r\n"),
    "identity": counted("Transfer-Encoding: identity"),
    "identity to the end": http("Transfer-Encoding: identity"),
    "unknown transfer coding": counted("Transfer-Encoding: x-of-our-own"),
    "gzip, chunked": http(
        "Transfer-Encoding: gzip, chunked",
        body=b"%x\r\n%b\r\n0\r\n\r\n" % (len(PACKED), PACKED),
        then=Then.KEEP,
    ),
    "chunked, identity": http(
        "Transfer-Encoding: chunked, identity", body=CHUNKS + b"0\r\n\r\n", then=Then.KEEP
    ),
    "chunked twice": http(*["Transfer-Encoding: chunked"] * 2, body=CHUNKS + b"0\r\n\r\n", then=Then.KEEP),
    "no last chunk": http("Transfer-Encoding: chunked", body=CHUNKS),
    "cut after the last chunk": http("Transfer-Encoding: chunked", body=CHUNKS + b"0\r\n"),
    "broken trailer": http(
        "Transfer-Encoding: chunked", body=CHUNKS + b"0\r\nX\0: 1\r\n\r\n", then=Then.KEEP
    ),
    "no line end after a chunk": http(
        "Transfer-Encoding: chunked", body=CHUNKS.replace(b"\r\n1f", b"1f") + b"0\r\n\r\n", then=Then.KEEP
    ),
    "not a chunk after the document": http("Transfer-Encoding: chunked", body=CHUNKS + b"<!-- 3 ms -->\n"),
    "not chunked": http("Transfer-Encoding: chunked"),
    "empty lines first": Answer(b"\r\n\r\n" + counted().data),
    "early hints": Answer(b"HTTP/1.1 103\r\nLink: </s>\r\n\r\nHTTP/1.1 100 Go\r\n\r\n" + counted().data),
    "unknown content coding": counted("Content-Encoding: utf-8"),
    "deflate": counted("Content-Encoding: deflate", body=zlib.compress(PAGE)),
    "odd type": counted("Content-Type: html", "Content-Type: text/html, text/html;;charset"),
    "Latin-1 in Location": counted("Location: /caf\u00e9", status="HTTP/1.1 301 Mov\u00e9"),
    "UTF-8 in Location": counted(
        "Location: " + "/\u00e9t\u00e9".encode().decode("latin-1"), status="HTTP/1.1 302"
    ),
}
HEAD_DECIDES = {
    "cut error": closed(counted(body=PAGE[:20], length=999, status="HTTP/1.1 404 Not Found")),
    "cut redirect": closed(
        counted("Location: /a", body=b"<p>moved", length=999, status="HTTP/1.1 301 Moved")
    ),
    "cut chunk of an error": http(
        "Transfer-Encoding: chunked", body=b"ff\r\n<p>", status="HTTP/1.1 503 Busy"
    ),
}
LOST = {
    "cut page": (
        closed(counted(body=PAGE[:-9], length=999)),
        "incomplete: Content-Length announced 999 bytes, ",
    ),
    "cut gzip": (
        closed(counted("Content-Encoding: gzip", body=PACKED[:-20], length=999)),
        "incomplete: Content-Length announced 999",
    ),
    "cut chunks": (
        http("Transfer-Encoding: chunked", body=CHUNKS[:20]),
        "The answer is incomplete: the last chunk is missing",
    ),
    "broken chunk": (
        http("Transfer-Encoding: chunked", body=b"3\r\n<p>and more\r\n0\r\n\r\n", then=Then.HANG),
        "The answer is incomplete: a chunk is broken",
    ),
    "cut picture": (
        closed(counted("Content-Type: image/png", body=b"\x89PNG", length=99)),
        "announced 99 bytes",
    ),
    "cut head": (
        Answer(b"HTTP/1.1 200 OK\r\nContent-Ty", Then.CLOSE),
        "closed the connection within the head",
    ),
    "silence": (Answer(b"", Then.CLOSE), "closed the connection without an answer"),
    "another protocol": (
        Answer(b"220 ftp.orla.example\r\n", Then.HANG),
        "something else than an HTTP answer",
    ),
    "HTTP/0.9": (Answer(PAGE, Then.HANG), "something else than an HTTP answer"),
    "head without end": (
        Answer(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000, Then.HANG),
        "larger than 262144 bytes",
    ),
    "1xx without end": (Answer(b"HTTP/1.1 102 Wait\r\n\r\n" * 15_000, Then.HANG), "larger than 262144 bytes"),
    "half": (Answer(counted(body=b"<p>half", length=99).data, Then.HANG), "took longer than 3"),
}
ANSWERS = {f"/{name.replace(' ', '-')}": answer for name, answer in {**WHOLE, **HEAD_DECIDES}.items()} | {
    f"/{name.replace(' ', '-')}": answer for name, (answer, _) in LOST.items()
}


@dataclass
class Session:
    """A crawl of all odd answers, and its replay."""

    folder: Path
    base: str
    live: dict[str, Fetched]
    again: dict[str, Fetched]
    responses: dict[str, Seen]
    notes: dict[str, dict[str, str]]

    def url(self, name: str) -> str:
        return f"{self.base}/{name.replace(' ', '-')}"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("odd")
    with serve(ANSWERS) as origin:
        half: dict[str, Any] = {"meta": {"download_timeout": 3}, "priority": 1}
        requests = [Request(origin.url(path), **(half if path == "/half" else {})) for path in ANSWERS]
        logging.disable(logging.WARNING)  # Scrapy warns of bodies that it thinks lost
        try:
            live = fetch(folder, requests).fetched
            again = fetch(folder, requests, REPLAY_FROM=str(folder)).fetched
        finally:
            logging.disable(logging.NOTSET)
    notes = {url: record.notes for url, record in by_url(folder, "metadata").items()}
    yield Session(folder, origin.url(""), live, again, by_url(folder, "response"), notes)


@pytest.mark.parametrize("name", WHOLE)
def test_what_browsers_read_is_read(session: Session, name: str) -> None:
    fetched = session.live[session.url(name)]

    assert fetched.error is None
    assert fetched.response is not None
    expected = {"gzip": PACKED, "deflate": zlib.compress(PAGE)}
    coding = next((coding for coding in expected if coding in name), "")
    assert fetched.response.body == expected.get(coding, PAGE)
    assert session.responses[session.url(name)].get("WARC-Truncated") is None


@pytest.mark.parametrize("name", HEAD_DECIDES)
def test_errors_and_redirects_count_by_their_head(session: Session, name: str) -> None:
    fetched = session.live[session.url(name)]

    assert fetched.response is not None and fetched.response.status >= 300
    assert session.responses[session.url(name)].get("WARC-Truncated") == "disconnect"


@pytest.mark.parametrize("name", LOST)
def test_what_is_lost_is_told_in_a_sentence(session: Session, name: str) -> None:
    told = str(session.live[session.url(name)].error)

    assert LOST[name][1] in told
    assert not re.search(r"<|twisted|Failure|object at|b'", told)


@pytest.mark.parametrize("name", [*WHOLE, *HEAD_DECIDES, "cut page", "cut gzip", "half"])
def test_the_record_holds_what_the_server_sent(session: Session, name: str) -> None:
    record = session.responses[session.url(name)]
    sent = ANSWERS[f"/{name.replace(' ', '-')}"].data

    if b"Transfer-Encoding: chunked" in sent or b", chunked" in sent:
        head, _, body = record.block.partition(b"\r\n\r\n")
        renamed = re.sub(rb"\r\nContent-Length: \d+$", b"", head).replace(b"X-Archive-Orig-", b"")
        assert sent.startswith(renamed)
        fetched = session.live[session.url(name)].response
        assert fetched is None or body == fetched.body
    else:
        assert record.block == (sent[sent.rindex(b"HTTP/") :] if name == "early hints" else sent.lstrip())


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        ("too large a length", f"Content-Length announced {len(PAGE) + 9} bytes, {len(PAGE)} came"),
        ("too small a length of gzip", f"Content-Length announced 30 bytes, {len(PACKED)} came"),
        ("no last chunk", "the last chunk is missing"),
        ("not a chunk after the document", "a chunk is broken"),
        ("odd name", None),
        ("identity to the end", None),
    ],
)
def test_a_flaw_in_the_framing_is_noted(session: Session, name: str, flaw: str | None) -> None:
    notes = session.notes[session.url(name)]

    assert notes.get("framing") == flaw
    assert "error" not in notes


@pytest.mark.parametrize("path", ANSWERS)
def test_a_replay_sees_the_same(session: Session, path: str) -> None:
    first, second = session.live[session.base + path], session.again[session.base + path]

    assert _seen(second) == _seen(first)


def test_other_tools_read_the_records(session: Session) -> None:
    check_records(list((session.folder / "archive").iterdir()))


def _seen(fetched: Fetched) -> tuple[object, ...]:
    response = fetched.response
    if not isinstance(response, Response):
        return type(fetched.error), str(fetched.error)
    headers = dict(response.headers)
    return type(response), response.status, headers, response.body, response.protocol, response.flags


def test_a_broken_answer_is_taken_where_the_crawl_wants_it_and_by_its_replay(tmp_path: Path) -> None:
    with serve({"/a": LOST["cut page"][0], "/b": LOST["cut chunks"][0]}) as origin:
        requests = [Request(origin.url(path)) for path in ("/a", "/b")]
        live = fetch(tmp_path, requests, DOWNLOAD_FAIL_ON_DATALOSS=False).fetched
    again = fetch(tmp_path, requests, REPLAY_FROM=str(tmp_path)).fetched

    for url in live:
        response = live[url].response
        assert response is not None and response.flags == ["dataloss"]
        assert _seen(again[url]) == _seen(live[url])
        assert by_url(tmp_path, "response")[url].get("WARC-Truncated") == "disconnect"
        assert by_url(tmp_path, "metadata")[url].notes["dataLoss"] == "accepted"


def test_a_server_may_end_tls_without_a_word(tmp_path: Path) -> None:
    answers = {"/a": http(body=b"<p>no end tag"), "/b": counted(body=b"<p>half", length=99), "/c": http()}
    with serve(
        {path: closed(answer) for path, answer in answers.items()}, make_certificate(tmp_path)
    ) as origin:
        requests = [Request(origin.url(path)) for path in answers]
        fetched = fetch(tmp_path, requests, DOWNLOAD_VERIFY_CERTIFICATES=False).fetched

    assert [fetched[request.url].error is None for request in requests] == [True, False, True]


def test_a_connection_with_bytes_left_over_serves_no_other_request(tmp_path: Path) -> None:
    smuggled = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"
    answers = {"/a": Answer(counted().data + smuggled), "/b": counted(body=b"right\n")}
    with serve(answers) as origin:
        requests = [Request(origin.url(path), priority=-place) for place, path in enumerate(answers)]
        fetched = fetch(tmp_path, requests, CONCURRENT_REQUESTS=1).fetched

    assert [fetched[each.url].response.body for each in requests] == [PAGE, b"right\n"]  # type: ignore[union-attr]
