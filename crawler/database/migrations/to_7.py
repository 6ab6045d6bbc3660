"""Version 7: how the records of the archives that a replay read have ended."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(
        """create table if not exists archived_records (
            run_id {id} NOT NULL,
            archive TEXT NOT NULL,
            reason TEXT NOT NULL,
            count BIGINT NOT NULL,
            PRIMARY KEY (run_id, archive, reason),
            FOREIGN KEY (run_id) REFERENCES run (id)
        )""",
    ),
    columns=(),
    statements=(),
)
