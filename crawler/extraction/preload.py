"""Loads what every extraction needs: imported by the server that worker processes are forked from."""

from contextlib import suppress

from crawler.extraction import article  # noqa: F401  # half a second of libraries
from crawler.extraction.dates.months import load_months
from crawler.extraction.language import load_identifier

load_months()
with suppress(OSError):
    # It unpacks into a temporary file; where none can be written, each worker tries again.
    load_identifier()
