"""What becomes of the records that a replay reads is reported, counted in the statistics, and kept in the catalogue."""

import logging
from pathlib import Path

from scrapy.crawler import Crawler

from archive.objects.whereabouts import text_of
from archive.replay.accounts import READ, RecordAccount
from crawler.reading.archived_links import FILES_OF_SITES
from crawler.run.recorder import Recorder

TAKEN_DOWN = "taken down"
KNOWN = "known before"
"""Of a news crawl, a page that had ended when its records came into the archive: no crawl looked into it."""

_SKIPPED_BYTES = "damaged bytes skipped"

logger = logging.getLogger(__name__)


class ReplayAccounts:
    """The accounts of the archives of one run, and their sum."""

    def __init__(self, crawler: Crawler, recorder: Recorder) -> None:
        self._stats = crawler.stats
        self._recorder = recorder
        self._sum = RecordAccount()
        self._archives = 0

    def close(self, archive: Path, account: RecordAccount) -> None:
        """Take the account of an archive of which all captures were dealt with; blocks."""
        self._archives += 1
        self._sum.add(account)
        name = text_of(archive)
        logger.info("%s: %s.", name, account)
        if not account.reconciles:
            ended = sum(account.reasons.values())
            self._recorder.report(
                f"{name} has {account.records} records, and {ended} are accounted for: please report this."
            )
        for reason, count in account.reasons.items():
            self._stats.inc_value(f"replay/records/{reason}", count)
        self._stats.inc_value("replay/records", account.records)
        self._stats.inc_value("replay/damaged_bytes", account.skipped_bytes)
        counts = {**account.reasons, _SKIPPED_BYTES: account.skipped_bytes}
        self._recorder.run.note_archived_records(name, counts)

    def sum_up(self) -> None:
        """Tell the sum; archives full of what is no page are a fault of the input."""
        self._recorder.records = str(self._sum)
        if self._archives != 1:
            logger.info("%s archives: %s.", self._archives, self._sum)
        reasons = self._sum.reasons
        is_used = any(
            reason in (READ, TAKEN_DOWN, KNOWN, *FILES_OF_SITES.values()) or reason.startswith("truncated")
            for reason in reasons
        )
        if not is_used and self._sum.records > reasons["warcinfo"]:
            self._recorder.report(f"no page of the web was found in {self._sum}.")
