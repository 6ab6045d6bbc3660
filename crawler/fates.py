"""How a URL can end: one closed list; docs/fates.md says what each fate means and which file decides it."""

from enum import StrEnum


class Fate(StrEnum):
    """The one reason why a URL ended as it did."""

    SAVED = "saved"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    PART = "part"
    DUPLICATE = "duplicate"
    SYNDICATED = "syndicated"
    OFF_TOPIC = "off_topic"
    REVIEW = "review"
    UNDATED = "undated"
    TOO_SHORT = "too_short"
    NO_TEXT = "no_text"
    CONSENT_WALL = "consent_wall"
    PAYWALL_STUB = "paywall_stub"
    BOT_CHALLENGE = "bot_challenge"
    SOFT_404 = "soft_404"
    JS_SHELL = "js_shell"
    INDEX_PAGE = "index_page"
    LIVE_BLOG = "live_blog"
    RIGHTS_DROPPED = "rights_dropped"
    OUT_OF_RANGE = "out_of_range"
    DISCOVERY = "discovery"
    PARTLY_READ = "partly_read"
    REDIRECTED = "redirected"
    NOT_HTML = "not_html"
    INCOMPLETE = "incomplete"
    TOO_LARGE = "too_large"
    QUARANTINED = "quarantined"
    ROBOTS_DISALLOWED = "robots_disallowed"
    BLOCKED_ADDRESS = "blocked_address"
    BAD_URL = "bad_url"
    HTTP_ERROR = "http_error"
    GONE = "gone"
    TIMEOUT = "timeout"
    NETWORK_ERROR = "network_error"
    TRAP = "trap"
    NOT_ARCHIVED = "not_archived"


IN_CORPUS = frozenset({Fate.SAVED, Fate.UPDATED, Fate.LIVE_BLOG})
"""Fates whose article is a file of the corpus."""

PASSING = frozenset(
    {
        Fate.HTTP_ERROR,
        Fate.TIMEOUT,
        Fate.NETWORK_ERROR,
        Fate.INCOMPLETE,
        Fate.NOT_ARCHIVED,
        Fate.ROBOTS_DISALLOWED,
    }
)
"""Fates of which the next request may make another; the rules of robots.txt change too."""
