"""Version 8: the same tables; URLs are known by the URL standard, see `crawler.catalogue.rekeying`."""

from crawler.database.migrations.step import Step

STEP = Step(tables=(), columns=(), statements=())
