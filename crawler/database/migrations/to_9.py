"""Version 9: where URLs redirect to, by which loops are found and redirects that led nowhere are tried again."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(),
    columns=(("url", "target_key", "{bytes}"),),
    statements=("create index if not exists url_target on url (target_key) where target_key IS NOT NULL",),
)
