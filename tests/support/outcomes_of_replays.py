"""What a replay leaves, but for when and in which run it was."""

import sqlite3
from pathlib import Path
from typing import Any

from tests.support.newsroom_runs import corpus

_TABLES = (
    *("url", "capture", "visit", "article", "band", "sketch", "date_evidence", "listing_read"),
    *("archived_records", "foreign_file"),
)
_OF_ITS_TIME = {"not_before", "host_id", "place"}


def left_by(data: Path) -> dict[str, Any]:
    """The seed files of a data directory byte for byte, and the rows of its catalogue."""
    left: dict[str, Any] = {"corpus": corpus(data)}
    with sqlite3.connect(data / "catalogue.sqlite") as catalogue:
        for table in _TABLES:
            columns = [row[1] for row in catalogue.execute(f"pragma table_info({table})")]
            kept = ", ".join(f'"{name}"' for name in columns if name not in _OF_ITS_TIME)
            left[table] = catalogue.execute(f"select {kept} from {table} order by 1, 2").fetchall()
    return left


def fates_of(data: Path) -> dict[str, int]:
    """How many URLs had which fate in the last run."""
    query = "select fate, count(*) from visit where run_id = (select max(id) from run) group by fate order by fate"
    with sqlite3.connect(data / "catalogue.sqlite") as catalogue:
        return dict(catalogue.execute(query).fetchall())
