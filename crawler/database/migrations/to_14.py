"""Version 14: samples of pages that people judge, and what they answered."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(
        """create table if not exists sample (
            id {serial} NOT NULL,
            drawn TEXT NOT NULL,
            seed BIGINT NOT NULL,
            who TEXT NOT NULL,
            pages TEXT NOT NULL,
            cells TEXT NOT NULL,
            left_out TEXT NOT NULL,
            stated TEXT,
            PRIMARY KEY (id)
        )""",
        """create table if not exists judgement (
            id {serial} NOT NULL,
            record_id TEXT NOT NULL,
            url TEXT NOT NULL,
            answer TEXT NOT NULL,
            who TEXT NOT NULL,
            judged TEXT NOT NULL,
            stated TEXT,
            PRIMARY KEY (id)
        )""",
    ),
    columns=(),
    statements=("create index if not exists judgement_record on judgement (record_id)",),
)
