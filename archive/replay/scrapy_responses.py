"""Scrapy's response to an answer: one and the same, whether it has just come or lies in an archive."""

import re
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import make_response

from archive.warc.http import content_length, header_fields, header_values, is_chunked, status_of

# Twisted removes these (twisted.web._newclient.HTTPParser), so no response of Scrapy's has them.
_CONNECTION_FIELDS = frozenset(
    b"connection content-length keep-alive proxy-connection te trailers transfer-encoding upgrade".split()
)
# The archived framing of a chunked answer; in lower case the Wayback Machine itself sends such fields.
_ORIGINAL_CODING = re.compile(rb"X-Archive-Orig-(?i:transfer-encoding|content-length)$")


def response_of(
    *,
    url: str,
    method: str,
    head: bytes,
    body: bytes,
    cut: str | None = None,
    ip_address: IPv4Address | IPv6Address | None = None,
    certificate: Any = None,
) -> Response:
    """The response to `method` with this head and this body, which is without transfer coding.

    `cut`: why the body is not whole, as WARC-Truncated says it, where the crawl wanted what there is of it.
    """
    headers = headers_of(head, method)
    has_end = b"Content-Length" in headers or _was_chunked(head)
    flag = ("download_stopped" if cut == "length" else "dataloss") if cut else "" if has_end else "partial"
    return make_response(
        url=url,
        status=status_of(head),
        headers=headers,
        body=body,
        flags=[flag] if flag else None,  # in Scrapy's words
        certificate=certificate,
        ip_address=ip_address,
        protocol=head.split(maxsplit=1)[0].decode("latin-1"),
    )


def headers_of(head: bytes, method: str) -> Headers:
    """The header fields as Scrapy gives them: Content-Length as one number, none of the connection's others."""
    headers = Headers()
    for field in header_fields(head):
        if field.name.lower() not in _CONNECTION_FIELDS and not _ORIGINAL_CODING.match(field.name):
            headers.appendlist(field.name, field.value)
    length = content_length(head)
    if method == "HEAD":
        headers.setlist(b"Content-Length", header_values(head, "Content-Length") or [b"0"])
    elif status_of(head) in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        headers[b"Content-Length"] = b"0"
    elif length is not None and not _was_chunked(head):
        headers[b"Content-Length"] = b"%d" % length
    return headers


def _was_chunked(head: bytes) -> bool:
    return is_chunked(head) or any(_ORIGINAL_CODING.match(field.name) for field in header_fields(head))
