import json
import subprocess
from pathlib import Path

import pytest

from archive.collection.collection import Collection
from archive.index.cdxj import entry_of, find_entries, index_line, read_lines
from archive.warc.digests import sha1_digest
from archive.warc.exchanges import Exchange
from archive.warc.record import WarcRecord
from tests.support.logs import make_log


def line_of(head: bytes, url: str = "http://www.news.example/A?b=2&a=1") -> tuple[str, str, dict[str, str]]:
    headers = (
        ("warc-target-uri", url),
        ("warc-date", "2021-01-28T09:00:00.123456Z"),
        ("content-type", "application/http;msgtype=response"),
        ("warc-payload-digest", "sha1:ABC"),
    )
    answer = WarcRecord("response", headers, head, whole=True, offset=415, length=743)
    line = index_line(Exchange(answer), "news-1.warc.gz")
    assert line is not None
    assert line.endswith(b"}\n")
    key, timestamp, entry = line.decode().split(" ", 2)
    return key, timestamp, json.loads(entry)


def test_a_line_has_key_time_and_place() -> None:
    key, timestamp, entry = line_of(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n")

    assert (key, timestamp) == ("example,news)/a?a=1&b=2", "20210128090000")
    assert list(entry.items()) == [
        ("url", "http://www.news.example/A?b=2&a=1"),
        ("mime", "text/html"),
        ("status", "200"),
        ("digest", "sha1:ABC"),
        ("length", "743"),
        ("offset", "415"),
        ("filename", "news-1.warc.gz"),
    ]


def test_what_the_head_does_not_say_is_left_out() -> None:
    assert "mime" not in line_of(b"HTTP/1.1 200 OK\r\n\r\n")[2]


def test_of_repeated_types_the_first_counts() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Type: text/plain\r\n\r\n"

    assert line_of(head)[2]["mime"] == "text/html"


SENT = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html ;charset=utf-8\r\n\r\n<p>Orla"


@pytest.mark.parametrize(
    ("type_", "content_type", "block", "said"),
    [
        (
            "response",
            "application/http;msgtype=response",
            SENT,
            ("text/html", "404", sha1_digest(b"<p>Orla")),
        ),
        (
            "revisit",
            "application/http;msgtype=response",
            SENT,
            ("warc/revisit", "404", sha1_digest(b"<p>Orla")),
        ),
        ("revisit", "", b"", ("warc/revisit", None, sha1_digest(b""))),
        ("resource", "image/png", b"Orla", ("image/png", "200", sha1_digest(b"Orla"))),
        ("resource", "", b"Orla", (None, "200", sha1_digest(b"Orla"))),
        ("response", "image/png", b"Orla", ("image/png", "200", sha1_digest(b"Orla"))),
        ("response", "application/http", b"", ("application/http", None, sha1_digest(b""))),
        ("response", "", b"Orla", (None, None, sha1_digest(b"Orla"))),
    ],
)
def test_a_record_of_each_kind_has_its_type_status_and_digest(
    type_: str, content_type: str, block: bytes, said: tuple[str | None, str | None, str]
) -> None:
    headers = [("warc-target-uri", "http://news.example/"), ("warc-date", "2021-01-28T09:00:00Z")]
    given = (*headers, ("content-type", content_type)) if content_type else (*headers,)
    line = index_line(Exchange(WarcRecord(type_, given, block, True, 0, 9)), "a.warc.gz")
    assert line is not None
    entry = entry_of(line)
    mime, status, digest = said
    assert (entry.get("mime") or None, entry.get("status"), entry["digest"]) == (mime, status, digest)


@pytest.mark.parametrize("damaged", [b"", b"[]", b"7", b'{"url": ', b'"text"'])
def test_a_damaged_line_hides_no_other(tmp_path: Path, damaged: bytes) -> None:
    whole = index_line(exchanged("GET"), "a.warc.gz")
    assert whole is not None
    (tmp_path / "index.cdxj").write_bytes(b"example,news)/ 20210127090000 " + damaged + b"\n" + whole)

    assert list(find_entries(tmp_path, "http://news.example/")) == [entry_of(whole)]
    assert entry_of(whole)["timestamp"] == "20210128090000"


def test_an_answer_whose_request_is_cut_off_has_no_line(tmp_path: Path) -> None:
    collection = Collection(tmp_path, "news", {}, 10**9)
    collection.write(make_log("http://news.example/"), {})
    collection.finish_file()
    [path] = (tmp_path / "archive").iterdir()
    [line] = read_lines(path, path.name)
    end = int(entry_of(line)["offset"]) + int(entry_of(line)["length"])
    path.write_bytes(path.read_bytes()[:end])

    assert list(read_lines(path, path.name)) == []


def exchanged(method: str, url: str = "http://news.example/", date: str = "2021-01-28T09:00:00Z") -> Exchange:
    """An answer behind its request."""
    headers = (("warc-target-uri", url), ("warc-date", date))
    request = WarcRecord("request", headers, f"{method} / HTTP/1.1\r\n\r\n".encode(), True, 0, 100)
    return Exchange(WarcRecord("response", headers, b"HTTP/1.1 200 OK\r\n\r\n", True, 100, 50), request)


@pytest.mark.parametrize(
    ("method", "is_indexed"), [("GET", True), ("HEAD", False), ("POST", False), ("PUT", False)]
)
def test_only_what_answers_a_get_is_found_by_its_url(method: str, is_indexed: bool) -> None:
    assert (index_line(exchanged(method), "a.warc.gz") is not None) is is_indexed


@pytest.mark.parametrize("url", ["ftp://news.example/", "dns:news.example", "urn:text:http://news.example/"])
def test_what_is_not_of_the_web_has_no_line(url: str) -> None:
    assert index_line(exchanged("GET", url), "a.warc.gz") is None
    assert index_line(exchanged("GET", date=""), "a.warc.gz") is None


def test_gnu_sort_agrees_about_the_order(tmp_path: Path) -> None:
    collection = Collection(tmp_path, "news", {}, 10**9)
    for path in ("", "b", "a-b", "a", "a/b", "a?b", "a!", "é", "~", "A"):
        collection.write(make_log(f"http://news.example/{path}"), {})
    collection.finish_file()
    index = tmp_path / "indexes" / "index.cdxj"

    ordered = subprocess.run(["sort", index], env={"LC_ALL": "C"}, capture_output=True, check=True).stdout
    assert index.read_bytes() == ordered
