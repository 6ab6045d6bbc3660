"""From a leased URL to its request."""

from collections.abc import Callable
from typing import Any

from scrapy import Request

from crawler.catalogue.runs import CRAWL
from crawler.frontier.leases import LeasedUrl
from crawler.http.decoding import MAX_SITEMAP_BYTES
from crawler.http.requisites import ACCEPT
from crawler.items import SPIDER, UrlKind, Validators

_AS_LARGE_AS_SITEMAPS = (
    UrlKind.SITEMAP,
    UrlKind.LISTING,
    UrlKind.CDX,
    UrlKind.GDELT,
)


class RequestFactory:
    """Makes the requests of a spider: conditional where an earlier answer allows it, with a note for the archive."""

    def __init__(self, callback: Callable[..., Any], errback: Callable[..., Any], spider: str) -> None:
        """Both find the leased URL in the keyword argument `leased` of the request."""
        self._callback = callback
        self._errback = errback
        self._notes = {} if spider == CRAWL else {SPIDER: spider}

    def make(self, leased: LeasedUrl) -> Request:
        """The request for a URL."""
        return Request(
            leased.link.evidence.copy or leased.link.url,
            callback=self._callback,
            errback=self._errback,
            headers=_headers(leased),
            cb_kwargs={"leased": leased},
            # By the URL standard already: Scrapy would escape more than browsers do.
            meta={"archive_metadata": leased.link.notes | self._notes, "verbatim_url": True}
            | _limits(leased.link.kind),
            dont_filter=True,  # the frontier leases each URL once
        )


def _headers(leased: LeasedUrl) -> dict[str, str]:
    # A back-fill reads a listing for its period, whether it changed or not.
    validators = Validators() if leased.link.evidence.period else leased.validators
    headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    headers["Accept"] = ACCEPT.get(leased.link.kind, "")
    return {name: value for name, value in headers.items() if value}


def _limits(kind: UrlKind) -> dict[str, int]:
    """The size limit of an answer, where it is not DOWNLOAD_MAXSIZE."""
    return {"download_maxsize": MAX_SITEMAP_BYTES} if kind in _AS_LARGE_AS_SITEMAPS else {}
