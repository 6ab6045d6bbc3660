"""Exchanges made by hand, for tests that need no network."""

from datetime import UTC, datetime
from ipaddress import ip_address

from archive.warc.exchange_log import ExchangeLog

MOMENT = datetime(2021, 1, 28, 9, 0, 0, 123456, tzinfo=UTC)


def make_log(
    url: str = "http://news.example/",
    body: bytes = b"Le port de Marisol rouvre.",
    *,
    method: str = "GET",
    content_type: str | None = "text/html; charset=utf-8",
    began: datetime = MOMENT,
) -> ExchangeLog:
    """A whole exchange as the wire would have logged it."""
    log = ExchangeLog(url, method, began=began)
    log.address = ip_address("198.51.100.7")
    log.attempts = 1
    log.sent += f"{method} / HTTP/1.1\r\nHost: news.example\r\n\r\n".encode()
    typed = f"Content-Type: {content_type}\r\n" if content_type is not None else ""
    log.received += f"HTTP/1.1 200 OK\r\n{typed}Content-Length: {len(body)}\r\n\r\n".encode() + body
    log.close()
    return log
