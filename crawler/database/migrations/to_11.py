"""Version 11: which pages are parts of one article, and which run has its other pages."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(),
    columns=(
        ("url", "kept_for", "{id}"),
        ("article", "previous_part", "TEXT"),
        ("article", "next_part", "TEXT"),
        ("article", "parts", "TEXT NOT NULL DEFAULT '[]'"),
    ),
    statements=(
        "create index if not exists article_next_part on article (next_part) where next_part IS NOT NULL",
    ),
)
