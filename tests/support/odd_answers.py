"""Answers as servers send them, odd and broken ones too, and the requests for them."""

import gzip
from typing import Any

from tests.support.origin import Answer, Then

PAGE = "<html><p>La Valdorie a annoncé une trêve.</p></html>".encode()
GZIPPED = gzip.compress(PAGE, mtime=0)
ODD = (
    b"HTTP/1.1 200 Tr\xe8s  bien!\r\nSERVER: odd-CASE\r\nContent-Type: text/html\r\nSet-Cookie: a=1\r\n"
    b"X-Empty:\r\nset-cookie: b=2\r\nx-nospace:v\r\nX-Latin: caf\xe9\r\nno colon here\r\n"
    b"X-Folded: a\r\n  b\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(GZIPPED) + GZIPPED
)
CHUNKS = (
    b"4;name=value\r\n"
    + PAGE[:4]
    + b"\r\n%x\r\n" % len(PAGE[4:])
    + PAGE[4:]
    + b"\r\n0\r\nX-Trailer: t\r\n\r\n"
)
BIG = b"HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n" + b"x" * 400000
ANSWERS = {
    "/odd": Answer(ODD),
    "/bare-lf": Answer(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi"),
    "/close-delimited": Answer(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE, Then.CLOSE),
    "/chunked": Answer(b"HTTP/1.1 200 OK\r\ntransfer-ENCODING: Chunked\r\nX-Last: 1\r\n\r\n" + CHUNKS),
    "/head": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
    "/head-chunked": Answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "/post": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    "/304": Answer(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'),
    "/redirect": Answer(b"HTTP/1.1 301 Moved\r\nLocation: /odd\r\nContent-Length: 3\r\n\r\ngo\n"),
    "/404": Answer(b"HTTP/1.1 404 Nope\r\nContent-Length: 4\r\n\r\nnope"),
    "/503": Answer(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"),
    "/early-hints": Answer(
        b"HTTP/1.1 103 Early\r\nLink: </s>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    ),
    "/too-long": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi, and more", Then.CLOSE),
    "/data-loss": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + PAGE[:-9], Then.CLOSE),
    "/miscounted": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + PAGE, Then.CLOSE),
    "/chunk-loss": Answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS[:30], Then.CLOSE),
    "/timeout": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nhalf", Then.HANG),
    "/big": Answer(BIG),
    "/endless": Answer(
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + b"X-Pad: y\r\n" * 150_000 + b"\r\nhi", Then.CLOSE
    ),
    "/no-answer": Answer(b"", Then.CLOSE),
    "/not-http": Answer(b"220 ftp.example ready\r\n\r\n", Then.CLOSE),
    "/robots.txt": Answer(b"HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n"),
}
REQUESTS: dict[str, dict[str, Any]] = {
    "/head": {"method": "HEAD"},
    "/head-chunked": {"method": "HEAD"},
    "/post": {"method": "POST", "body": "clé=1"},
    "/timeout": {"meta": {"download_timeout": 3}},
    "/big": {"meta": {"download_maxsize": 100_000}},
    "/endless": {"meta": {"download_maxsize": 100_000}},
    "/odd": {
        "meta": {"archive_metadata": {"title": "Trêve\r\nWARC-Type: évil\x00", "via": "", "how": "feed"}}
    },
}
