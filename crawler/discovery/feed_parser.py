"""The library that parses feeds, set so that it changes nothing of what they say."""

import io
from collections.abc import Collection, Mapping

import feedparser
import feedparser.urls

_DC_ELEMENTS = "http://purl.org/dc/elements/1.1/"
_DC_TERMS = "http://purl.org/dc/terms/"

# Its own way to leave addresses as they are written: they are judged, and resolved, by `make_link`.
feedparser.urls.ACCEPTABLE_URI_SCHEMES = ()


def entries_of(text: str, base: str) -> list[tuple[bool, Mapping[str, object]]]:
    """The fields of each entry, behind whether its Dublin Core dates are of publication.

    `base` is that of `xml:base`; without it addresses stay as they are written. AttributeError, LookupError, TypeError
    or ValueError if the library fails.
    """
    parsed = feedparser.parse(
        # It would take bytes for a file name and a string for a URL to fetch.
        io.BytesIO(text.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": base},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    has_dc_dates = _has_dc_dates(parsed.get("version", ""), parsed.get("namespaces", {}).values())
    return [(has_dc_dates, dict(entry)) for entry in parsed["entries"]]


def _has_dc_dates(version: str, vocabularies: Collection[str]) -> bool:
    # feedparser reads dc:date as a modification; in RSS it is the publication (RSS 1.0, mod_dublincore).
    return version.startswith("rss") and _DC_ELEMENTS in vocabularies and _DC_TERMS not in vocabularies
