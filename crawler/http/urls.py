"""What a URL is by itself: whether it is one of the web, on which host and site; and where those of a page start."""

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.http.standard_urls import WEB_PORTS, clean_url

VARIANT_HOST = re.compile(r"(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
"""The beginning of the name of a host that serves another form of a site."""


def base_url(tree: HtmlElement, url: str, charset: str = "utf-8") -> str:
    """The URL to which those of a page are relative: its own, unless a `base` element names another."""
    # The first one that has the attribute counts (HTML, 4.2.3).
    href = next((href for each in tree.iter("base") if (href := each.get("href")) is not None), "")
    return clean_url(href, url, charset) or url


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
