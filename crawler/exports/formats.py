"""The forms in which articles can be written, by their names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from crawler.exports.event_sheet import write_events
from crawler.exports.export_columns import Export
from crawler.exports.news_feed import write_atom, write_rss
from crawler.exports.parquet import write_parquet
from crawler.exports.tei import write_tei
from crawler.exports.text_tables import write_csv, write_jsonl
from crawler.exports.vertical import write_vertical


@dataclass(frozen=True, slots=True)
class Format:
    """How one form is written."""

    write: Callable[[Export, BinaryIO], None]
    has_columns: bool = False
    """Whether the operator chooses what of an article is in it."""
    is_feed: bool = False


FORMATS: Mapping[str, Format] = {
    "jsonl": Format(write_jsonl, has_columns=True),
    "csv": Format(write_csv, has_columns=True),
    "parquet": Format(write_parquet, has_columns=True),
    "tei": Format(write_tei),
    "vertical": Format(write_vertical),
    "events": Format(write_events),
    "rss": Format(write_rss, is_feed=True),
    "atom": Format(write_atom, is_feed=True),
}
"""Those that are one file; the other one is the folder of `crawler.exports.dataset_folder`."""
