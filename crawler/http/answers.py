"""What the answer to a request means for its URL: one rule for crawls, replays and the recovery after a crash."""

from dataclasses import dataclass, field, replace
from typing import Self

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError

from archive.errors import NotArchived
from archive.replay.captures import ArchivedCapture
from archive.replay.failures import failure_of
from archive.warc.http import header_values
from archive.warc.secrets import ECHOES
from crawler.fates import Fate
from crawler.http.address_policy import BlockedAddress
from crawler.http.reasons import reason_of
from crawler.http.requisites import fate_of_requisite
from crawler.http.responses import REPEATED, flat_headers, joined, may_be_page, redirect_target
from crawler.http.robots import RobotsDisallowed, RulesUnknown
from crawler.http.standard_urls import NoUrl
from crawler.http.url_identity import url_key, wire_url
from crawler.http.web_copies import copy_of, other_page
from crawler.items import FETCHED_ONCE, REQUISITES, Capture, Link, RawPage, UrlKind
from crawler.outcome import Outcome

MAX_HOPS = 10
"""Redirects in a row after which a chain is a trap (browsers stop at 20)."""

DECLARED = "declared"
"""The field of a metadata record that says what the site declared of the use of its page: `RawPage.declared`."""

_CONDITIONS = ("If-None-Match", "If-Modified-Since")

_FAILURES: tuple[tuple[type[BaseException], Fate], ...] = (
    (BlockedAddress, Fate.BLOCKED_ADDRESS),
    (RobotsDisallowed, Fate.ROBOTS_DISALLOWED),
    (NotArchived, Fate.NOT_ARCHIVED),
    (DownloadTimeoutError, Fate.TIMEOUT),
    (DownloadCancelledError, Fate.TOO_LARGE),
    (ResponseDataLossError, Fate.INCOMPLETE),
    (UnsupportedURLSchemeError, Fate.BAD_URL),
)
"""Exceptions of requests that got no whole answer; of all others the fate is `network_error`."""

_NOT_CONNECTED = (CannotResolveHostError, DownloadConnectionRefusedError, ConnectError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole HTTP answer, live or from an archive, as far as it decides how its URL ends."""

    status: int
    headers: dict[str, str]
    """Names in lower case, of repeated ones the last value."""
    body: bytes = field(repr=False)
    """Payload as received: still content-encoded, no transfer coding."""
    is_conditional: bool
    """Whether the request wanted an answer only if something changed (RFC 9110, 13.1)."""
    capture: Capture
    declared: str = field(default="", repr=False)
    """As in `RawPage`."""
    echoes: str = ""
    """Where it has a secret that the request sent; nothing is derived from it then, be it a link."""

    @classmethod
    def of_response(cls, response: Response) -> Self:
        """The answer that Scrapy gives; with REPLAY_FROM it is the archived one, and so is its condition."""
        assert response.request is not None
        capture: Capture = response.request.meta["capture"]
        is_conditional = any(name in response.request.headers for name in _CONDITIONS)
        live = response.request.meta.get("archive_metadata", {})
        notes = capture.metadata if isinstance(capture, ArchivedCapture) else live
        return cls(
            status=response.status,
            headers=flat_headers(response),
            body=response.body,
            is_conditional=_was_conditional(capture)
            if isinstance(capture, ArchivedCapture)
            else is_conditional,
            capture=capture,
            declared=notes.get(DECLARED, ""),
            echoes=notes.get(ECHOES, ""),
        )

    @classmethod
    def of_capture(cls, capture: ArchivedCapture) -> Self:
        """The answer that an archive holds."""
        return cls(
            status=capture.status,
            headers=capture.headers | _repeated(capture.head),
            body=capture.body,
            is_conditional=_was_conditional(capture),
            capture=capture,
            declared=capture.metadata.get(DECLARED, ""),
            echoes=capture.metadata.get(ECHOES, ""),
        )

    def page(self, link: Link) -> RawPage:
        """What a worker process needs to look into the body."""
        copy = copy_of(link.evidence.copy)
        captured = copy.captured if copy else self.capture.captured
        return RawPage(link.url, self.body, self.headers, captured, link.evidence, self.declared)


def outcome_of(answer: Answer, link: Link) -> Outcome | None:
    """How the URL ends by the head of its answer; None where the body decides."""
    if answer.echoes:
        reason = f"its {answer.echoes} repeats a secret of the subscription that fetched it: nothing is read from it"
        return Outcome.of(link, Fate.QUARANTINED, reason, answer.capture)
    try:
        target = redirect_target(link.evidence.copy or link.url, answer.status, answer.headers)
    except NoUrl as error:
        reason = f"redirects to what cannot be fetched: {error}"
        return Outcome.of(link, Fate.BAD_URL, reason, answer.capture)
    if target and link.evidence.copy:
        return _moved_copy(link, target, answer.capture)
    if target:
        return redirected(link, target, answer.capture)
    fate = _fate_of_status(answer.status, answer.is_conditional)
    if fate is None and link.kind in REQUISITES:
        return Outcome.of(link, *fate_of_requisite(link, answer.headers), answer.capture)
    if fate is None and link.kind is UrlKind.ARTICLE and not may_be_page(answer.headers):
        fate = Fate.NOT_HTML
    return Outcome.of(link, fate, f"HTTP {answer.status}", answer.capture) if fate else None


def outcome_of_status(status: int, link: Link) -> Outcome:
    """How the URL ends whose answer, which is not archived, is of no use, by its status."""
    return Outcome.of(link, _fate_of_status(status, False) or Fate.HTTP_ERROR, f"HTTP {status}")


def outcome_of_failure(error: BaseException, link: Link, capture: Capture | None) -> Outcome:
    """How the URL ends if there was no whole answer; `capture` is what the archive has of the exchange."""
    return Outcome.of(link, fate_of_failure(error), reason_of(error), capture)


def outcome_of_capture(capture: ArchivedCapture, link: Link) -> Outcome | None:
    """How the URL of an archived exchange ended, as `outcome_of` and `outcome_of_failure` said in the crawl."""
    failure = failure_of(capture.metadata, capture.truncated, capture.status)
    if failure is not None:
        return outcome_of_failure(failure, link, capture)
    return outcome_of(Answer.of_capture(capture), link)


def fate_of_failure(error: BaseException) -> Fate:
    """The fate of a request that got no whole answer."""
    if isinstance(error, RulesUnknown) and isinstance(error.cause, _NOT_CONNECTED):
        return Fate.NETWORK_ERROR  # the rules were requested of no server
    return next((fate for kind, fate in _FAILURES if isinstance(error, kind)), Fate.NETWORK_ERROR)


def _fate_of_status(status: int, is_conditional: bool) -> Fate | None:
    """The fate of a status without a page; None for one with a page (any 2xx)."""
    if 200 <= status < 300:
        return None
    if status in (404, 410, 451):
        return Fate.GONE
    # Nothing is unchanged unless the request was conditional; a redirect that names no target leads nowhere.
    return Fate.UNCHANGED if status == 304 and is_conditional else Fate.HTTP_ERROR


def redirected(link: Link, url: str, capture: Capture) -> Outcome:
    """How a URL ends that leads to another one, be it by its status or by what the page says.

    That one is a URL of its own, with the evidence of the link that led to it.
    """
    if link.hops >= MAX_HOPS:
        return Outcome.of(link, Fate.TRAP, f"more than {MAX_HOPS} redirects in a row", capture)
    if wire_url(url) == wire_url(link.url):
        return Outcome.of(link, Fate.TRAP, "redirects to itself", capture)
    copy = other_page(link.evidence.copy, url) if link.evidence.copy else ""
    onward = replace(
        link,
        url=url,
        evidence=replace(link.evidence, via=link.url, copy=copy),
        hops=link.hops + 1,
        is_exact=url_key(url) == url_key(link.url),
    )
    outcome = Outcome.of(link, Fate.REDIRECTED, f"to {url}", capture)
    return replace(outcome, target=onward, links=(onward,), again=link.kind not in FETCHED_ONCE)


def _moved_copy(link: Link, target: str, capture: Capture) -> Outcome:
    """How a page ends whose copy redirects: to another page, or to the page as it was captured at another time."""
    copy = copy_of(target)
    if copy is None:
        return Outcome.of(link, Fate.HTTP_ERROR, f"its copy redirects to {target}, which is none", capture)
    if url_key(copy.page) != url_key(link.url):
        return redirected(link, copy.page, capture)
    if target == link.evidence.copy or link.hops >= MAX_HOPS:
        return Outcome.of(link, Fate.TRAP, "its copies redirect to each other", capture)
    outcome = Outcome.of(link, Fate.REDIRECTED, f"to {target}", capture)
    return replace(
        outcome, goes_on=replace(link, evidence=replace(link.evidence, copy=target), hops=link.hops + 1)
    )


def _repeated(head: bytes) -> dict[str, str]:
    """The headers of an archived answer of which each value counts."""
    found = {name: header_values(head, name) for name in REPEATED}
    return {name: joined(name, values) for name, values in found.items() if values}


def _was_conditional(capture: ArchivedCapture) -> bool:
    # Archives without request records exist; no server sends a 304 on its own.
    return capture.is_conditional is not False
