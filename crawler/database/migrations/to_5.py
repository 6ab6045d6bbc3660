"""Version 5: which data directory has a record, and where these directories are."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(
        """create table if not exists place (
            id TEXT NOT NULL,
            host TEXT NOT NULL,
            path TEXT NOT NULL,
            collection TEXT NOT NULL,
            seen TEXT NOT NULL,
            PRIMARY KEY (id)
        )""",
    ),
    columns=(("capture", "place", "TEXT DEFAULT '' NOT NULL"),),
    statements=(
        # A record lies where the run was that entered it: the first that names it.
        "create index capture_visits on visit (capture_id)",
        """update capture set place = coalesce((
            select run.place from visit join run on run.id = visit.run_id
            where visit.capture_id = capture.id order by visit.id limit 1
        ), '')""",
        "drop index capture_visits",
    ),
)
