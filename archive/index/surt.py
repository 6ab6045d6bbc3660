"""Sortable keys of URLs (SURT), as pywb and cdxj-indexer look them up.

`http://www.example.org:8080/B?z&a=1` has the key `org,example:8080)/b?a=1&z`. The rules are those of the
Wayback Machine; the Python package `surt` is under the AGPL and may query name servers.
"""

import re
import socket
from contextlib import suppress
from urllib.parse import SplitResultBytes, quote_from_bytes, unquote_to_bytes

_SCHEME = re.compile(rb"[a-zA-Z][a-zA-Z0-9+.-]*:")
_REPEATED_HTTP = re.compile(rb"(?:https?://)*(https?://)")
_URL = re.compile(rb"([a-zA-Z][a-zA-Z0-9+.-]*):(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?")
_NUMERIC_HOST = re.compile(rb"\d+|[1-9]\d*(?:\.\d+){1,3}|0[0-7]*(?:\.[0-7]+){1,3}")
_WWW = re.compile(rb"www\d*\.")
_KEPT = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_DEFAULT_PORTS = {b"http": 80, b"https": 443}

_PATH_SESSION = re.compile(rb"(?i)(.*/)\((?:(?:[a-z]\([0-9a-z]{24}\))+|[0-9a-z]{24})\)/([^?]+\.aspx.*)")
_QUERY_SESSIONS = [
    re.compile(rb"(?i)(.*)" + name + rb"(?:&(.*))?")
    for name in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
]


def surt_key(url: str) -> str:
    """The key of a URL; a URL that cannot be parsed is its own key."""
    data = re.sub(rb"[\r\n\t]", b"", url.encode("utf-8").strip())
    if not _SCHEME.match(data):
        data = b"http://" + data
    # Links like http://https://example.org/ mean the last scheme, but are indexed under the first.
    data = _REPEATED_HTTP.sub(lambda found: found[0][: found[0].index(b"//") + 2], data, count=1)
    parsed = _URL.match(data)
    try:
        return _key(*parsed.groups(b"")).decode("ascii") if parsed else url
    except ValueError:
        return url


def _key(scheme: bytes, authority: bytes, path: bytes, query: bytes) -> bytes:
    parts = SplitResultBytes(scheme, authority.rstrip(b":"), path, query, b"")
    host, port = parts.hostname, parts.port
    if not host and scheme.startswith(b"http"):
        host, _, rest = path.lstrip(b"/").partition(b"/")
        path = b"/" + rest
    host, path, query = _canonical_host(host or b""), _unescape(path), _canonical_query(query)
    if not host:
        return scheme + b":" + _canonical_path(path) + query
    key = b",".join(reversed(host.split(b".")))
    if port and port != _DEFAULT_PORTS.get(scheme.lower()):
        key += b":%d" % port
    return key + b")" + _canonical_path(_normal_path(path)) + query


def _canonical_host(host: bytes) -> bytes:
    host = _unescape(host)
    with suppress(UnicodeError):
        host = host if host.isascii() else host.decode("utf-8", "ignore").encode("idna")
    host = host.replace(b"..", b".").strip(b".")
    if _NUMERIC_HOST.fullmatch(host):
        host = _dotted(host) or host
    host = _escape(host).lower()
    www = _WWW.match(host)
    return host[www.end() :] if www else host


def _dotted(host: bytes) -> bytes:
    """A numeric host (`2130706433`, `10.1`) as dotted quad; empty if it is no address."""
    if host.isdigit():
        return socket.inet_ntoa((int(host) & 0xFFFFFFFF).to_bytes(4, "big")).encode("ascii")
    try:
        return socket.inet_ntoa(socket.inet_aton(host.decode("ascii"))).encode("ascii")
    except OSError:
        return b""


def _normal_path(path: bytes) -> bytes:
    kept: list[bytes] = []
    for segment in path.split(b"/")[1:]:
        if segment == b".." and kept:
            kept.pop()
        elif segment != b".":
            kept.append(segment)
    return b"/" + b"/".join([*filter(None, kept[:-1]), *kept[-1:]])


def _canonical_path(path: bytes) -> bytes:
    path = _escape(path).lower()
    for _ in range(2):
        session = _PATH_SESSION.fullmatch(path)
        path = session[1] + session[2] if session else path
    return path[:-1] if path.endswith(b"/") and len(path) > 1 else path


def _canonical_query(query: bytes) -> bytes:
    query = _escape(_unescape(query))
    for pattern in _QUERY_SESSIONS:
        session = pattern.fullmatch(query)
        query = session[1] + (session[2] or b"") if session else query
    pairs = sorted(pair.split(b"=", 1) for pair in query.lower().split(b"&"))
    ordered = b"&".join(b"=".join(pair) for pair in pairs)
    return b"?" + ordered if ordered else b""


def _unescape(data: bytes) -> bytes:
    while (unescaped := unquote_to_bytes(data)) != data:
        data = unescaped
    return data


def _escape(data: bytes) -> bytes:
    return quote_from_bytes(data, safe=_KEPT).encode("ascii")
