"""Addresses as the URL standard reads them (https://url.spec.whatwg.org), wherever one enters."""

import re
from urllib.parse import quote_from_bytes

from ada_url import URL
from w3lib.encoding import resolve_encoding

WEB_PORTS = {"http": 80, "https": 443}
"""The schemes of the web, each with its usual port."""

MAX_URL_CHARS = 16_384
"""Longer URLs are refused: twice what servers have to accept (RFC 9110, 4.1) and mostly do."""

# Besides C0 controls and spaces: white space, and marks of direction and width that stick to pasted URLs.
_EDGES = "".join(map(chr, range(0x21))) + "\x7f\u0085\u00a0\u1680\u202f\u205f\u3000\u2060\ufeff"
_EDGES += "".join(
    chr(code)
    for block in (range(0x2000, 0x2010), range(0x2028, 0x202F), range(0x2066, 0x206A))
    for code in block
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
# The standard lets these be part of a host, name servers do not; templates leave them: `http://{{host}}/`.
_NO_HOST = re.compile(r"""["'`{}]""")
_KEPT_IN_QUERY = "!$%&()*+,-./:;=?@[\\]^_`{|}~"
"""All but the special-query percent-encode set."""


class NoUrl(ValueError):
    """What was written is no address that can be fetched; the message says why, and does not repeat it."""


def standard_url(written: str | bytes, base: str = "", charset: str = "utf-8") -> str:
    """The http(s) URL that was written, absolute, as browsers request it; without fragment, user name and password.

    `charset` is that of the page, in which its queries are sent; bytes (of `Location`) are UTF-8, or escaped as they
    are. Beyond the standard, marks of direction around it are left out. `NoUrl` if there is nothing to be fetched.
    """
    text = _text_of(written)
    if not text:
        raise NoUrl("it is empty")
    if len(text) > MAX_URL_CHARS:
        raise NoUrl(f"it is longer than {MAX_URL_CHARS} characters")
    url = _parse(_in_charset(text, charset), base)
    if url.protocol not in ("http:", "https:"):
        raise NoUrl(f"it has the scheme {url.protocol} of no web page")
    _check_host(url.hostname, url.port)
    if url.username or url.password:
        url.username = url.password = ""
    href = url.href.partition("#")[0]
    if len(href) > MAX_URL_CHARS:
        raise NoUrl(f"it is longer than {MAX_URL_CHARS} characters")
    return href


def clean_url(written: str | bytes, base: str, charset: str = "utf-8") -> str | None:
    """The `standard_url`, None if there is none."""
    try:
        return standard_url(written, base, charset)
    except NoUrl:
        return None


def _text_of(written: str | bytes) -> str:
    """The text without what surrounds it and without its fragment."""
    text = _decoded(written) if isinstance(written, bytes) else _SURROGATES.sub("\ufffd", written)
    return text.partition("#")[0].strip(_EDGES)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:  # browsers escape such bytes as they are
        return "".join(chr(each) if each < 0x80 else f"%{each:02X}" for each in data)


def _parse(text: str, base: str) -> URL:
    try:
        return URL(text, base if base and URL.can_parse(base) else None)
    except ValueError:
        raise NoUrl("it is no valid URL") from None


def _check_host(host: str, port: str) -> None:
    labels = host.removesuffix(".").split(".")
    if _NO_HOST.search(host) or len(host) > 254 or any(not 0 < len(each) < 64 for each in labels):
        raise NoUrl("its host is no name that can exist (RFC 1035, 2.3.4)")
    if port == "0":
        raise NoUrl("its port is 0")


def _in_charset(text: str, charset: str) -> str:
    """The text, its query escaped in the charset of its page: that of UTF-16 and of paths is UTF-8."""
    before, mark, query = text.partition("?")
    codec = resolve_encoding(charset) or "utf-8"
    if query.isascii() or codec.startswith("utf"):
        return text
    return before + mark + _NON_ASCII.sub(lambda run: _escaped(run[0], codec), query)


def _escaped(text: str, codec: str) -> str:
    try:
        return quote_from_bytes(text.encode(codec), safe=_KEPT_IN_QUERY)
    except UnicodeEncodeError:
        # What the charset does not have, forms send as a reference ("percent-encode after encoding").
        return f"%26%23{ord(text)}%3B" if len(text) == 1 else "".join(_escaped(each, codec) for each in text)
