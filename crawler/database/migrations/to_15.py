"""Version 15: what articles mean, by days; of earlier ones nothing is known."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(
        "create table if not exists sketch (day TEXT NOT NULL, article_id {id} NOT NULL REFERENCES article (id), "
        "language TEXT NOT NULL, signs {bytes} NOT NULL, PRIMARY KEY (day, article_id)) {no_rowid}",
    ),
    columns=(),
    statements=(),
)
