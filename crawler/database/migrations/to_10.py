"""Version 10: in which encoding a page came, and what decided it."""

from crawler.database.migrations.step import Step

STEP = Step(tables=(), columns=(("article", "charset", "TEXT"),), statements=())
