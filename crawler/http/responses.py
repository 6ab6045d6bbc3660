"""What the head of an HTTP response says: its fields, where it redirects to, and whether its body is a page."""

from urllib.parse import urljoin

from scrapy.http import Response

_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", "")
"""Types under which servers send web pages; whether it is one, extraction sees from the content."""

_REDIRECTS = (301, 302, 303, 307, 308)


def flat_headers(response: Response) -> dict[str, str]:
    """Headers as extraction takes them: names in lower case, the last of repeated ones."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }


def redirect_target(url: str, status: int, headers: dict[str, str]) -> str | None:
    """Where a redirect leads, as an absolute URL; None if the response is no redirect, or names no target."""
    if status not in _REDIRECTS or not headers.get("location"):
        return None
    # Servers send Latin-1 or UTF-8 bytes in Location; browsers take them as UTF-8 (RFC 3987).
    location = headers["location"].encode("latin-1").decode("utf-8", "replace").strip()
    try:
        return urljoin(url, location)
    except ValueError:  # `//[broken`
        return None


def is_html(headers: dict[str, str]) -> bool:
    """Whether a response of this type may be a web page."""
    return headers.get("content-type", "").partition(";")[0].strip().lower() in _HTML_TYPES
