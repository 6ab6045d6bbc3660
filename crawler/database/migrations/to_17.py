"""Version 17: months that people state, and their notes; earlier ones had none."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(
        "create table if not exists stated_month (id {serial} NOT NULL PRIMARY KEY, key {bytes} NOT NULL, "
        "url TEXT NOT NULL, month TEXT NOT NULL, who TEXT NOT NULL, dated TEXT NOT NULL, note TEXT, stated TEXT)",
    ),
    columns=(("review", "note", "TEXT"),),
    statements=("create index if not exists stated_month_key on stated_month (key)",),
)
