"""What the head of an HTTP response says: its fields, where it redirects to, and whether its body is a page."""

import re
from collections.abc import Sequence

from scrapy.http import Response

from crawler.http.standard_urls import standard_url

_MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~\w-]+/[!#$%&'*+.^_`|~\w-]+", re.ASCII)
_OTHER_KINDS = re.compile(
    r"(?:image|audio|video|font|model)/|text/(?:css|csv|calendar|(?:x-|ecma|java)?(?:java)?script)$"
    r"|application/(?:pdf|json|zip|wasm|(?:x-|ecma|java)?(?:java)?script)$|.*\+json$"
)
"""Types of what is no web page. Under any other one may come: whether it is one, extraction sees from the content."""

REPEATED = ("x-robots-tag", "link")
"""Headers of which each value counts; no value has a line end of its own."""

_REDIRECTS = (301, 302, 303, 307, 308)


def flat_headers(response: Response) -> dict[str, str]:
    """Headers as extraction takes them: names in lower case, the last of repeated ones but for `REPEATED`."""
    found = {name.decode("latin-1").lower(): values for name, values in response.headers.items() if values}
    return {name: joined(name, values) for name, values in found.items()}


def joined(name: str, values: Sequence[bytes]) -> str:
    """The value of a header that came so often; each value of those in `REPEATED` is on a line of its own."""
    return b"\n".join(values if name in REPEATED else values[-1:]).decode("latin-1")


def redirect_target(url: str, status: int, headers: dict[str, str]) -> str | None:
    """The URL to which a redirect leads; None if the response is no redirect, or names no target.

    NoUrl if it names one that cannot be fetched.
    """
    location = headers.get("location", "").strip() if status in _REDIRECTS else ""
    if location.startswith("#"):
        return url
    return standard_url(location.encode("latin-1"), url) if location else None


def may_be_page(headers: dict[str, str]) -> bool:
    """Whether a response of this type may be a web page; one without a type, or with what is none, may."""
    return not _OTHER_KINDS.match(media_type(headers))


def media_type(headers: dict[str, str]) -> str:
    """The media type in lower case, without parameters; empty if there is none that browsers would read.

    Of several the last one that is a type counts (Fetch Standard, "extract a MIME type").
    """
    values = (value.partition(";")[0].strip().lower() for value in headers.get("content-type", "").split(","))
    return next(
        (value for value in reversed([*values]) if _MEDIA_TYPE.fullmatch(value) and value != "*/*"), ""
    )
