"""Which records of an archive are those of one page, however its URL is spelled in them."""

import re
from collections.abc import Callable, Collection

from archive.warc.record import WarcRecord
from archive.warc.target_uri import without_credentials

IsPage = Callable[[str], bool]
"""Whether a URL is one of the page; the caller knows which spellings of a URL mean the same page."""

_DERIVED = re.compile(r"\Aurn:[a-z]+:(?=https?://)", re.IGNORECASE)
"""Before the URL of a page whose text or picture a record holds, as Browsertrix names them."""


def page_url(record: WarcRecord) -> str:
    """The URL of the page that a record belongs to, as the record spells it, without credentials; or empty."""
    return _DERIVED.sub("", without_credentials(record.get("warc-target-uri")))


def belongs(record: WarcRecord, is_page: IsPage, ids: Collection[str]) -> bool:
    """Whether a record is one of the page, or concurrent to one of the page's records, which have these `ids`."""
    if record.type == "warcinfo":
        return False
    return is_page(page_url(record)) or not record.concurrent_to.isdisjoint(ids)
