"""Version 3: what makes the corpus related and single; yields, reviews, reasons of a judgement, near texts."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(
        """create table if not exists harvest (
            key {bytes} NOT NULL,
            ended INTEGER NOT NULL,
            related INTEGER NOT NULL,
            PRIMARY KEY (key)
        )""",
        """create table if not exists review (
            id {serial} NOT NULL,
            key {bytes} NOT NULL,
            url TEXT NOT NULL,
            ruling TEXT NOT NULL,
            who TEXT NOT NULL,
            ruled TEXT NOT NULL,
            PRIMARY KEY (id)
        )""",
        """create table if not exists band (
            key BIGINT NOT NULL,
            article_id {id} NOT NULL,
            PRIMARY KEY (key, article_id),
            FOREIGN KEY (article_id) REFERENCES article (id)
        ) {no_rowid}""",
    ),
    columns=(
        ("article", "reasons", "TEXT"),
        ("article", "known", "FLOAT"),
        ("article", "covered", "FLOAT"),
        ("article", "silent_edit", "BOOLEAN"),
    ),
    statements=(
        # Articles have more levels of urgency: what lists them still goes before all of them.
        "update url set priority = 6000 where kind = 'feed'",
        "update url set priority = 5500 where kind = 'listing'",
        "update url set priority = 5000 where kind = 'section'",
        "update url set priority = 4500 where kind = 'sitemap'",
        "update url set priority = -1000 where kind = 'image'",
        "create index if not exists review_key on review (key)",
    ),
)
