"""Loads what every extraction needs: imported by the server that worker processes are forked from."""

from crawler.extraction import article  # noqa: F401  # half a second of libraries
from crawler.extraction.dates.months import load_months
from crawler.extraction.language import load_identifier

load_months()
load_identifier()
