"""Whether a listing sends its readers to another page instead of listing anything."""

import re

from crawler.discovery.links import Listing
from crawler.discovery.sections import parse_document
from crawler.http.moves import AT_ONCE_S, SOON_S, find_refresh
from crawler.http.url_identity import url_key
from crawler.items import RawPage

_REFRESH = re.compile(r"http-equiv\s*=\s*[\"']?\s*refresh", re.IGNORECASE)


class Moved(Exception):
    """The page sends its readers to another one."""

    @property
    def target(self) -> str:
        """The URL of that one."""
        return str(self.args[0])


def find_move(raw: RawPage, document: str, listing: Listing | None, charset: str = "utf-8") -> str | None:
    """The URL to which a web page moved; None if it is to be read itself."""
    tree = parse_document(document) if _REFRESH.search(document) else None
    refresh = find_refresh(raw.url, raw.headers, tree, charset)
    if refresh is None:
        return None
    if listing is None or not listing.links:
        return refresh.url if refresh.after_s <= SOON_S else None
    is_left = refresh.is_for_all and refresh.after_s <= AT_ONCE_S
    return refresh.url if is_left and url_key(refresh.url) != url_key(raw.url) else None
