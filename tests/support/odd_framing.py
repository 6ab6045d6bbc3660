"""Answers of a server that breaks the rules of HTTP in each of them: heads with flaws, lengths and codings that lie."""

import gzip
import random
import zlib
from collections.abc import Callable

from tests.support.hostile_site import article
from tests.support.origin import Answer, Then

FLAWS = ["\u2018X-Frame-Options\u2019: *", "X-By : Orla", "no colon", "Transfer-Encoding: identity", ": 1"]
FLAWS.append("X-Long: " + "n" * 20_000)
WORDS = [
    f"{first}{second}"
    for first in ("or", "vel", "lo", "ta", "mi")
    for second in ("la", "mar", "me", "ril", "ko")
]


def body_of(answer: Answer) -> bytes:
    return answer.data.partition(b"\r\n\r\n")[2]


def raw(body: bytes, *lines: str, length: int | None = None, status: str = "HTTP/1.1 200") -> Answer:
    """An answer with flaws in its head; it announces nine bytes more than come, unless `length` says otherwise."""
    length = len(body) + 9 if length is None else length
    head = [status, *FLAWS, *lines, *([f"Content-Length: {length}"] if length >= 0 else [])]
    return Answer("\r\n".join([*head, "", ""]).encode() + body, Then.CLOSE)


def page(name: str) -> bytes:
    """An article of which no other has half as many words."""
    return body_of(article(name, *rambling(name)))


def rambling(name: str) -> list[str]:
    """Paragraphs about war that no other name has."""
    dice = random.Random(name)
    war = f"Rebels shelled the army near {dice.choice(WORDS).title()}, and air strikes killed soldiers."
    return [war, *(" ".join(dice.choices(WORDS, k=60)) + "." for _ in range(5))]


def chunked(body: bytes, end: bytes = b"0\r\n\r\n") -> Answer:
    return raw(b"%x\r\n%b\r\n" % (len(body), body) + end, "Transfer-Encoding: gzip, chunked", length=-1)


def half(packed: bytes) -> bytes:
    return packed[: len(packed) * 2 // 3]


def spoilt(packed: bytes) -> bytes:
    middle = len(packed) // 2
    return packed[:middle] + bytes(20) + packed[middle + 20 :]


SAVED: dict[str, Callable[[bytes], Answer]] = {
    "plain": lambda body: raw(body, "Content-Type: text/html"),
    "no-type": lambda body: raw(body, "Content-Type: html", "Content-Encoding: none"),
    "merged": lambda body: raw(
        body, "Content-Type: text/html, text/html;;charset=UTF-8", "Content-Encoding: utf-8"
    ),
    "bytes": lambda body: raw(body, "Content-Type: unknown/unknown", "Content-Encoding: aws-chunked, binary"),
    "no-gzip": lambda body: raw(body, "Content-Encoding: gzip"),
    "gzip": lambda body: raw(gzip.compress(body), "Content-Encoding: gzip;q=1.0"),
    "unlabelled": lambda body: raw(gzip.compress(body)),
    "twice": lambda body: raw(gzip.compress(gzip.compress(body)), "Content-Encoding: gzip"),
    "no-check": lambda body: raw(gzip.compress(body)[:-8], "Content-Encoding: x-gzip", length=len(body)),
    "deflate": lambda body: raw(zlib.compress(body, wbits=-15), "Content-Encoding: deflate", length=-1),
    "short": lambda body: raw(body, length=100),
    "nothing": lambda body: raw(body, length=0),
    "negative": lambda body: raw(body, "Content-Length: -5", length=-1),
    "chunks": chunked,
    "packed-chunks": lambda body: chunked(gzip.compress(body)),
    "last-chunk": lambda body: chunked(body, end=b""),
    "no-chunks": lambda body: raw(body, "Transfer-Encoding: chunked", length=-1),
    "http2": lambda body: raw(body, status="HTTP/2 200"),
    "old": lambda body: raw(body, status="http/1.0 200 ok", length=-1),
    "wordless": lambda body: raw(body, status="HTTP/1.1 OK"),
}
LOST: dict[str, tuple[Callable[[bytes], Answer], str]] = {
    "cut": (lambda body: raw(half(body), "Content-Type: text/html"), "incomplete"),
    "cut-chunks": (lambda body: chunked(half(body), end=b""), "incomplete"),
    "broken-chunks": (lambda body: chunked(half(body), end=b"no size\r\n"), "incomplete"),
    "cut-gzip": (
        lambda body: raw(half(gzip.compress(body)), "Content-Encoding: gzip", length=-1),
        "incomplete",
    ),
    "spoilt-gzip": (
        lambda body: raw(spoilt(gzip.compress(body)), "Content-Encoding: gzip", length=-1),
        "incomplete",
    ),
    "cut-deflate": (
        lambda body: raw(half(zlib.compress(body)), "Content-Encoding: deflate", length=-1),
        "incomplete",
    ),
    "cut-unlabelled": (lambda body: raw(half(gzip.compress(body)), length=-1), "incomplete"),
    "compress": (
        lambda body: raw(b"\x1f\x9d\0" + body, "Content-Encoding: compress", length=-1),
        "quarantined",
    ),
    "cut-404": (lambda body: raw(b"<p>", status="HTTP/1.1 404"), "gone"),
    "cut-500": (lambda body: raw(b"<p>", status="HTTP/1.1 500 "), "http_error"),
    "cut-redirect": (
        lambda body: raw(b"<p>", "Location: /plain", status="HTTP/1.1 302 \u00e9"),
        "redirected",
    ),
    "large-head": (lambda body: raw(body, "X-Large: " + "n" * 300_000), "too_large"),
    "ftp": (lambda body: Answer(b"220 ftp.orla.example ready\r\n", Then.HANG), "network_error"),
    "silent": (lambda body: Answer(b"", Then.CLOSE), "network_error"),
    "cut-head": (lambda body: Answer(b"HTTP/1.1 200 OK\r\nContent-", Then.CLOSE), "network_error"),
}
WITHOUT_ANSWER = {"large-head", "ftp", "silent", "cut-head"}
