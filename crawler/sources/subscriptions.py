"""Subscriptions of the operator's own: which cookies and header fields go with which requests, and with no others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Site:
    """Where values may be sent: scheme, host and port, to the letter."""

    scheme: str
    host: str
    port: int
    has_subdomains: bool = False

    def covers(self, url: str) -> bool:
        """Whether a URL is of this site; one of another scheme or port is not."""
        parts = urlsplit(url)
        try:
            place = (parts.scheme, parts.port or PORTS.get(parts.scheme))
        except ValueError:
            return False
        return place == (self.scheme, self.port) and is_of(
            parts.hostname or "", self.host, self.has_subdomains
        )


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie, and where its file lets it go; without a domain it goes wherever its subscription does."""

    name: str
    value: str = field(repr=False)
    domain: str = ""
    has_subdomains: bool = False
    path: str = "/"
    is_secure: bool = False
    ends: int = 0
    """Seconds since 1970; 0: with the session, which a file outlives."""

    def goes_to(self, url: str) -> bool:
        """Whether the cookie is for a URL (RFC 6265, 5.4)."""
        parts = urlsplit(url)
        path, above = parts.path or "/", self.path.rstrip("/") + "/"
        is_there = not self.domain or is_of(parts.hostname or "", self.domain, self.has_subdomains)
        is_due = not self.ends or self.ends > datetime.now(UTC).timestamp()
        is_safe = not self.is_secure or parts.scheme == "https"
        return is_there and is_due and is_safe and (path == self.path or path.startswith(above))


def is_of(host: str, name: str, has_subdomains: bool) -> bool:
    """Whether a host has this name, or one below it if these count."""
    return host == name or (has_subdomains and host.endswith(f".{name}"))


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one source gave to the operator."""

    source: str
    """The source's id in the registry; empty: of cookies that say themselves where they go."""
    sites: tuple[Site, ...]
    cookies: tuple[Cookie, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def fields_for(self, url: str, source: str) -> list[tuple[str, str]]:
        """The header fields for a request, none unless it is of this source and goes to one of the sites."""
        if self.source not in ("", source) or not any(site.covers(url) for site in self.sites):
            return []
        cookies = [each for each in self.cookies if each.goes_to(url)]
        joined = "; ".join(f"{each.name}={each.value}" for each in cookies)
        return [*([("Cookie", joined)] if cookies else []), *self.headers]

    @property
    def secrets(self) -> tuple[str, ...]:
        """Each value that nothing but the request may hold."""
        return (*(each.value for each in self.cookies), *(value for _, value in self.headers))


def subscription_for(subscriptions: Sequence[Subscription], url: str, source: str) -> Subscription | None:
    """The first subscription with something to send in a request."""
    return next((each for each in subscriptions if each.fields_for(url, source)), None)
