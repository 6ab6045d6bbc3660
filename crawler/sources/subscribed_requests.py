"""Puts what a subscription wants into the requests for which it is meant, last of all: no other part sees it."""

import logging
from collections.abc import Collection, Sequence
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from archive.capture.recording import SECRETS
from archive.warc.secrets import Secrets
from crawler.items import UrlKind
from crawler.sources.subscriptions import Subscription, subscription_for

logger = logging.getLogger(__name__)

_KINDS = frozenset({UrlKind.ARTICLE, UrlKind.FEED, UrlKind.SITEMAP, UrlKind.SECTION, UrlKind.LISTING})
"""What subscribers read. robots.txt, tdmrep.json and images are asked for as by anybody."""


class SubscribedRequests:
    """Downloader middleware, the nearest to the download handler."""

    def __init__(
        self, subscriptions: Sequence[Subscription], unverified_hosts: Collection[str], verifies: bool
    ) -> None:
        self._subscriptions = subscriptions
        self._unverified_hosts = unverified_hosts
        self._verifies = verifies

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        from archive.capture.extension import ArchiveExtension

        archive = crawler.get_extension(ArchiveExtension)  # none in a replay, which sends nothing
        subscriptions = getattr(crawler.spider, "subscriptions", ()) if archive else ()
        verifies = crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
        return cls(subscriptions, archive.unverified_hosts if archive else (), verifies)

    async def process_request(self, request: Request) -> None:
        notes = request.meta.get("archive_metadata", {})
        if not self._subscriptions or notes.get("kind") not in _KINDS or not self._is_sure(request.url):
            return
        source = notes.get("source", "")
        if (subscription := subscription_for(self._subscriptions, request.url, source)) is None:
            return
        fields = subscription.fields_for(request.url, source)
        for name, value in fields:
            request.headers[name] = value.encode("latin-1")
        values = tuple(value.encode("latin-1") for value in subscription.secrets)
        request.meta[SECRETS] = Secrets(tuple(name for name, _ in fields), values)

    def _is_sure(self, url: str) -> bool:
        """Whether it is known who would read the values: not where a certificate is not verified."""
        parts = urlsplit(url)
        return parts.scheme != "https" or (self._verifies and parts.hostname not in self._unverified_hosts)
