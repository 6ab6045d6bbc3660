"""Version 6: what listings account for."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(
        """create table if not exists listing_read (
            visit_id {id} NOT NULL,
            form TEXT NOT NULL,
            links INTEGER NOT NULL,
            new INTEGER,
            dropped TEXT NOT NULL,
            unread TEXT NOT NULL,
            PRIMARY KEY (visit_id),
            FOREIGN KEY (visit_id) REFERENCES visit (id)
        )""",
    ),
    columns=(),
    statements=(),
)
