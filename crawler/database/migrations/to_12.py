"""Version 12: what articles are to each other, and the clusters of those that tell one story."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(),
    columns=(
        ("article", "kinship", "TEXT"),
        ("article", "kin", "TEXT"),
        ("article", "cluster", "{bytes}"),
        ("article", "meaning", "{bytes}"),
    ),
    statements=("create index if not exists article_cluster on article (cluster) where cluster IS NOT NULL",),
)
