"""Which schemes are archived from the wire, and which from the objects of another download handler."""

import logging

from scrapy.settings import BaseSettings, default_settings
from scrapy.utils.misc import load_object

from archive.capture.scrapy_internals import missing_names
from archive.errors import InvalidSetting

logger = logging.getLogger(__name__)


def reconstructed_schemes(settings: BaseSettings) -> dict[str, str]:
    """Schemes whose bytes cannot be logged, each with the handler that fetches it instead of ours.

    These are the schemes for which the project has another handler than Scrapy's for HTTP/1.1 (HTTP/2,
    a browser), and both when Scrapy or Twisted lack the names that are needed.
    """
    configured = settings.getwithbase("DOWNLOAD_HANDLERS")
    stock = default_settings.DOWNLOAD_HANDLERS_BASE
    is_blind = bool(missing_names())
    return {
        scheme: configured[scheme]
        for scheme in ("http", "https")
        if configured[scheme] is not None and (is_blind or configured[scheme] != stock[scheme])
    }


def check_handlers(reconstructed: dict[str, str]) -> None:
    """Refuse handlers that cannot be loaded: every request would fail, as if its server were at fault."""
    for scheme, path in reconstructed.items():
        try:
            load_object(path)
        except (ImportError, NameError, AttributeError) as error:
            raise InvalidSetting(
                f"DOWNLOAD_HANDLERS names {path} for {scheme}, which cannot be loaded: {error}. "
                "Install what it needs, or take it out of the setting."
            ) from error


def warn_of_reconstruction(reconstructed: dict[str, str]) -> None:
    """Log why the records of these schemes are not made from the bytes on the wire."""
    if not reconstructed:
        return
    missing = missing_names()
    logger.warning(
        "Records of %s are made from request and response objects, not from the bytes on the wire: %s.",
        " and ".join(reconstructed),
        f"this Scrapy or Twisted has no {missing[0]}; install the versions that the project pins"
        if missing
        else f"DOWNLOAD_HANDLERS names {', '.join(map(str, dict.fromkeys(reconstructed.values())))}",
    )
