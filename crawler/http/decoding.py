"""From the bytes that a server sent to the bytes of the document, within limits; `crawler.http.charset` reads them."""

from archive.warc.content_codings import (
    MAX_BYTES,
    BrokenCoding,
    ContentError,
    TooLarge,
    decode_content,
)

__all__ = [
    "MAX_BYTES",
    "MAX_SITEMAP_BYTES",
    "BrokenCoding",
    "ContentError",
    "TooLarge",
    "decode_content",
]

MAX_SITEMAP_BYTES = 50 * 1024 * 1024
"""The limit of the sitemap protocol (sitemaps.org, "Sitemap index files")."""
