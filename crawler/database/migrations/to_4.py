"""Version 4: where the archive states what people decided."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(),
    columns=(("review", "stated", "TEXT"), ("redaction", "stated", "TEXT")),
    statements=(),
)
