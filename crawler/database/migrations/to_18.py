"""Version 18: PostgreSQL keeps room beside rows that change often, and removes their dead versions early."""

from crawler.database.migrations.step import Step

_SMALL = "fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200"

STEP = Step(
    tables=(),
    columns=(),
    statements=(),
    postgresql=(
        "alter table url set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000)",
        *(f"alter table {table} set ({_SMALL})" for table in ("host", "run", "harvest", "source_day")),
    ),
)
