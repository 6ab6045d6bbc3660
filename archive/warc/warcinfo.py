"""The fields of a warcinfo record: who crawls, with which software, by which rules; nothing secret."""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version

from scrapy.settings import BaseSettings
from scrapy.utils.python import global_object_name

_WARC_FORMAT = {
    "format": "WARC File Format 1.1",
    "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
}
_SHAPING = (
    "ADDRESS_GUARD", "ADDRESS_GUARD_ALLOW", "ARCHIVE_TRANSFER_CODING", "AUTOTHROTTLE_ENABLED",
    "CONCURRENT_REQUESTS", "CONCURRENT_REQUESTS_PER_DOMAIN", "COOKIES_ENABLED", "DEFAULT_REQUEST_HEADERS",
    "DEPTH_LIMIT", "DOWNLOADER_MIDDLEWARES", "DOWNLOAD_DELAY", "DOWNLOAD_FAIL_ON_DATALOSS", "DOWNLOAD_HANDLERS",
    "DOWNLOAD_MAXSIZE", "DOWNLOAD_TIMEOUT", "DOWNLOAD_VERIFY_CERTIFICATES", "REDIRECT_ENABLED",
    "REDIRECT_MAX_TIMES", "REFERER_ENABLED", "RETRY_ENABLED", "RETRY_TIMES", "ROBOTSTXT_OBEY",
    "SPIDER_MIDDLEWARES", "URLLENGTH_LIMIT", "USER_AGENT",
)  # fmt: skip
"""Settings that decide what is fetched, and how; none of them holds a secret or a path."""


def describe_crawl(settings: BaseSettings, collection: str) -> dict[str, str]:
    """The fields of a crawl's warcinfo records; `collection` is the name of the collection."""
    robots = settings.get("ARCHIVE_ROBOTS_POLICY") or (
        "classic" if settings.getbool("ROBOTSTXT_OBEY") else ""
    )
    ours = settings.get("ARCHIVE_SOFTWARE") or settings["BOT_NAME"]
    return {
        "software": " ".join(
            [ours, *(f"{name}/{version(name)}" for name in ("Scrapy", "Twisted", "warcio"))]
        ),
        "operator": settings.get("OPERATOR") or "",
        "robots": robots,
        "http-header-user-agent": settings["USER_AGENT"],
        "isPartOf": collection,
        "configuration": digest_configuration(settings),
        "capture": "reconstructed" if settings.getdict("ARCHIVE_RECONSTRUCTED") else "",
        **_WARC_FORMAT,
    }


def digest_configuration(settings: BaseSettings) -> str:
    """`sha256:` and hex, equal for crawls that fetch by the same rules.

    It is computed over JSON with sorted keys, of the settings that shape a crawl and of those that
    ARCHIVE_CONFIGURATION names.
    """
    names = sorted({*_SHAPING, *settings.getlist("ARCHIVE_CONFIGURATION")})
    values = {name: _plain(settings[name]) for name in names}
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _plain(value: object) -> object:
    """A setting's value for JSON; numbers as text, because the command line gives them so."""
    if isinstance(value, (BaseSettings, Mapping)):
        return {_name(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return sorted(map(_name, value)) if isinstance(value, (set, frozenset)) else [*map(_name, value)]
    return None if value is None else _name(value)


def _name(value: object) -> str:
    return global_object_name(value) if callable(value) else str(value)
