"""Version 13: the days that a listing covers, and which entries two visits to a feed share."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(),
    columns=(
        ("listing_read", "oldest", "TEXT"),
        ("listing_read", "newest", "TEXT"),
        ("listing_read", "shared", "INTEGER"),
        ("url", "marks", "{bytes}"),
    ),
    statements=("create index if not exists visit_url on visit (url_id)",),
)
