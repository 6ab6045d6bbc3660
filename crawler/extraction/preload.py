"""Loads what every extraction needs: imported by the server that worker processes are forked from."""

import sys
from contextlib import suppress

# itemadapter loads Scrapy, with Twisted and OpenSSL, if it can, only to recognise Scrapy's items: 30 MB for nothing.
if "scrapy" not in sys.modules:
    sys.modules["scrapy"] = None  # type: ignore[assignment]
    import itemadapter  # noqa: F401

    del sys.modules["scrapy"]

from crawler.extraction import article  # noqa: F401  # half a second of libraries
from crawler.extraction.dates.months import load_weekdays
from crawler.extraction.dates.written import first_date
from crawler.extraction.language import load_identifier

first_date("28 January 2021")  # the names of months, and the forms of dates
load_weekdays()
with suppress(OSError):
    # It unpacks into a temporary file; where none can be written, each worker tries again.
    load_identifier()
