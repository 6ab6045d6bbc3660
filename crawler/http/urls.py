"""What a URL is by itself: whether it is one of the web, on which host and site; and short ones made absolute."""

import re
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

MAX_URL_CHARS = 2_048
"""Longer URLs are refused: the sitemap protocol allows no more, and no news site needs it."""

VARIANT_HOST = re.compile(r"(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
"""The beginning of the name of a host that serves another form of a site."""

WEB_PORTS = {"http": 80, "https": 443}
"""The schemes of the web, each with its usual port."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Besides white space: marks of direction and width that stick to URLs pasted from right-to-left text.
_EDGES = " \u00a0\u1680\u202f\u205f\u3000\u2060\ufeff" + "".join(
    chr(code)
    for block in (range(0x2000, 0x2010), range(0x202A, 0x202F), range(0x2066, 0x206A))
    for code in block
)
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
# `@` would send credentials or hide the host behind them; no host can contain the others.
_NO_HOST = re.compile(r"""[\s@\\"'<>{}|^`%]""")


def clean_url(text: str, base: str) -> str | None:
    """The absolute http(s) URL that a page wrote, without fragment, otherwise unchanged; None for anything else."""
    url = _CONTROLS.sub("", text).partition("#")[0].strip(_EDGES)
    try:
        url = url if not url or _ABSOLUTE.match(url) else urljoin(base, url)
    except ValueError:  # `http://[`
        return None
    if not is_web_url(url) or _NO_HOST.search(urlsplit(url).netloc) or len(url) > MAX_URL_CHARS:
        return None
    return url


def base_url(tree: HtmlElement, url: str) -> str:
    """The URL to which those of a page are relative: its own, unless a `base` element names another."""
    element = next(tree.iter("base"), None)
    return (clean_url(element.get("href") or "", url) if element is not None else None) or url


def host_name(url: str) -> str | None:
    """The host of a URL, with its port unless it is the usual one; None if the URL cannot be fetched."""
    try:
        url.encode()  # lone surrogates cannot be sent
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # `http://[`, `http://host:99999`
        return None
    if parts.scheme not in WEB_PORTS or not parts.hostname or port == 0:
        return None
    return parts.hostname if port in (None, WEB_PORTS[parts.scheme]) else f"{parts.hostname}:{port}"


def is_web_url(url: str) -> bool:
    """Whether a URL can be fetched over http or https."""
    return host_name(url) is not None


def is_same_host(url: str, other: str) -> bool:
    """Whether two pages are on one host; the scheme does not count, nor do the forms of `VARIANT_HOST`."""
    return _host_and_port(url) == _host_and_port(other)


def is_same_site(url: str, other: str) -> bool:
    """Whether two pages are on one host, or one's host is below the other's.

    Without a list of public suffixes this is as near to "one publisher" as host names lead.
    """
    (host, port), (own, own_port) = _host_and_port(url), _host_and_port(other)
    return port == own_port and (host == own or host.endswith(f".{own}") or own.endswith(f".{host}"))


def _host_and_port(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    variant = VARIANT_HOST.match(host)
    return host[variant.end() :] if variant else host, parts.port
