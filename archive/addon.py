"""Archiving for any Scrapy project: `ADDONS = {"archive.addon.ArchiveAddon": 100}`."""

from scrapy.settings import BaseSettings

from archive.capture.extension import ArchiveExtension
from archive.capture.handler_choice import reconstructed_schemes

_WIRE, _FALLBACK = (
    "archive.capture.handler.WireHandler",
    "archive.capture.reconstruction.ReconstructingHandler",
)


class ArchiveAddon:
    """Records every exchange of a crawl in WARC files, or answers every request from them (REPLAY_FROM).

    Schemes other than http and https are disabled: what they fetch could not be archived.
    """

    def update_settings(self, settings: BaseSettings) -> None:
        """Put the handler and, unless replaying, the extension that owns the writer into the settings."""
        handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
        archiving = dict.fromkeys(("http", "https"), "archive.replay.handler.ReplayHandler")
        if not settings["REPLAY_FROM"]:
            reconstructed = reconstructed_schemes(settings)
            settings.set("ARCHIVE_RECONSTRUCTED", reconstructed, priority="addon")
            archiving = {scheme: _FALLBACK if scheme in reconstructed else _WIRE for scheme in archiving}
            settings.setdefault_in_component_priority_dict("EXTENSIONS", ArchiveExtension, 0)
        for scheme in handlers:
            # With the highest priority: what another handler fetches is not archived.
            settings["DOWNLOAD_HANDLERS"].set(scheme, archiving.get(scheme), priority="cmdline")
