"""The row of the run that is at work, and what it changes in the catalogue besides outcomes."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from crawler.catalogue.archived_records import note_archived_records
from crawler.catalogue.foreign_files import ForeignFile, note_foreign_file
from crawler.catalogue.manifest_heads import note_manifest_head
from crawler.catalogue.runs import last_end
from crawler.database.catalogue import Catalogue
from crawler.frontier.url_ends import claim_archived_url, take_archived_url
from crawler.frontier.url_rows import enter, take
from crawler.items import Link


@dataclass(frozen=True, slots=True)
class CurrentRun:
    """A run by the id of its row."""

    catalogue: Catalogue
    id: int

    async def start(self, links: Sequence[Link], only_new: bool = False) -> None:
        """Queue the URLs with which the run begins, unless `only_new` whatever became of them in earlier ones."""
        await asyncio.to_thread(enter, self.catalogue, self.id, links, not only_new, only_new)

    async def take(self, links: Sequence[Link]) -> None:
        """Queue these URLs for this run, whatever became of them, unless a run at work has them in hand."""
        await asyncio.to_thread(take, self.catalogue, self.id, links)

    async def last_end(self) -> datetime | None:
        """When the last crawl of this place came to its end: the pages before are known."""
        ended = await asyncio.to_thread(last_end, self.catalogue, self.id)
        return datetime.fromisoformat(ended) if ended else None

    async def claim(self, url: str) -> bool:
        """Lease a URL that is archived already, if it is queued."""
        return await asyncio.to_thread(claim_archived_url, self.catalogue, self.id, url)

    async def take_archived(self, link: Link) -> bool:
        """Lease a URL of which a record came into the archive, unless it ended before."""
        return await asyncio.to_thread(take_archived_url, self.catalogue, self.id, link)

    def note_foreign_file(self, file: ForeignFile) -> None:
        """Remember an archive whose records this run reads where they lie; blocks."""
        note_foreign_file(self.catalogue, self.id, file)

    def note_archived_records(self, archive: str, counts: Mapping[str, int]) -> None:
        """Remember how the records of an archive ended that this run read; blocks."""
        note_archived_records(self.catalogue, self.id, archive, counts)

    def note_manifest_head(self, lines: int, sha256: str) -> None:
        """Remember where the archive's manifest ended after this run, also when the run is over; blocks."""
        with closing(self.catalogue.share()) as catalogue:
            note_manifest_head(catalogue, self.id, lines, sha256)
