"""Version 16: what was declared of the use of pages, and the tdmrep.json of hosts; of earlier ones nothing is known."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(
        "create table if not exists tdmrep (origin TEXT NOT NULL, body {bytes}, fetched BIGINT NOT NULL, "
        "PRIMARY KEY (origin))",
    ),
    columns=(("article", "declared", "TEXT"),),
    statements=(),
)
