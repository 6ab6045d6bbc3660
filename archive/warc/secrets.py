"""What a request says that no record may hold: it is masked in the request record, and looked for in the answer."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from archive.warc.content_codings import ContentError, decode_content
from archive.warc.http import header_fields, header_values, split_head
from archive.warc.response import Message

MASK = b"[masked]"
MASKED, ECHOES = "maskedRequestFields", "echoesSecret"
"""Fields of metadata records: which header fields of the request are masked; where the answer has such a value."""

LEAST_BYTES = 12
"""A shorter value (`accepted`, `en-GB`) is no secret that could be told from other words of an answer."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """`request.meta["archive_secrets"]`: header fields, and the values in them."""

    fields: tuple[str, ...]
    values: tuple[bytes, ...] = field(repr=False)

    def mask(self, request: bytes) -> bytes:
        """The request without the values; header fields keep their names and order."""
        head, body = split_head(request)
        names = b"|".join(re.escape(name.encode("latin-1")) for name in self.fields)
        return re.sub(rb"(?im)^(%s):[^\r\n]*" % names, rb"\1: " + MASK, head) + body

    def echo_in(self, message: Message) -> str:
        """`head` or `body` where the answer has one of the values; empty if it has none.

        Set-Cookie is what servers renew a session by: it is no echo, and goes nowhere but into the record.
        """
        forms = {form for value in self.values if len(value) >= LEAST_BYTES for form in _forms(value)}
        said = [each.value for each in header_fields(message.head) if each.name.lower() != b"set-cookie"]
        if any(form in value for value in said for form in forms):
            return "head"
        coding = ", ".join(
            value.decode("latin-1") for value in header_values(message.head, "Content-Encoding")
        )
        try:
            body = decode_content(message.body.payload, coding)
        except ContentError:
            body = message.body.payload
        return "body" if any(form in body for form in forms) else ""


def _forms(value: bytes) -> Iterator[bytes]:
    """A value as pages write it: as it is, in a URL, in markup."""
    text = value.decode("latin-1")
    yield value
    yield quote(text, safe="", encoding="latin-1").encode()
    yield html.escape(text).encode("latin-1")
