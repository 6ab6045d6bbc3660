"""Version 2: the frontier with hosts, leases and schedules; takedowns; rules of hosts; heads of the manifest."""

from crawler.database.migrations.step import Step

STEP = Step(
    tables=(
        """create table if not exists host (
            id {serial} NOT NULL,
            name TEXT NOT NULL,
            due_at BIGINT DEFAULT '0' NOT NULL,
            locked_by {id},
            idle BOOLEAN DEFAULT {false} NOT NULL,
            PRIMARY KEY (id),
            UNIQUE (name)
        )""",
        """create table if not exists robots (
            origin TEXT NOT NULL,
            body {bytes} NOT NULL,
            fetched BIGINT NOT NULL,
            PRIMARY KEY (origin)
        )""",
        """create table if not exists source_day (
            source TEXT NOT NULL,
            day INTEGER NOT NULL,
            urls INTEGER NOT NULL,
            PRIMARY KEY (source, day)
        )""",
        """create table if not exists redaction (
            key {bytes} NOT NULL,
            url TEXT NOT NULL,
            date TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (key)
        )""",
        """create table if not exists manifest_head (
            run_id {id} NOT NULL,
            lines INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            PRIMARY KEY (run_id),
            FOREIGN KEY (run_id) REFERENCES run (id)
        )""",
    ),
    columns=(
        ("run", "discovered", "INTEGER DEFAULT '0'"),
        ("run", "place", "TEXT DEFAULT '' NOT NULL"),
        ("run", "alive_until", "BIGINT DEFAULT '0' NOT NULL"),
        ("url", "source", "TEXT DEFAULT '' NOT NULL"),
        ("url", "host_id", "{id} REFERENCES host (id)"),
        ("url", "priority", "SMALLINT DEFAULT '0' NOT NULL"),
        ("url", "hops", "SMALLINT DEFAULT '0' NOT NULL"),
        ("url", "depth", "SMALLINT DEFAULT '0' NOT NULL"),
        ("url", "attempts", "SMALLINT DEFAULT '0' NOT NULL"),
        ("url", "not_before", "BIGINT DEFAULT '0' NOT NULL"),
        ("url", "failures", "SMALLINT DEFAULT '0' NOT NULL"),
        ("url", "visits", "SMALLINT DEFAULT '0' NOT NULL"),
        ("url", "interval_s", "FLOAT DEFAULT '0' NOT NULL"),
        ("url", "etag", "TEXT"),
        ("url", "last_modified", "TEXT"),
    ),
    statements=(
        "update run set discovered = 0 where discovered is null",
        "create index if not exists host_due on host (due_at) where {not_idle}",
        "create index if not exists url_queued on url (host_id, priority DESC, id) where state = 'queued'",
        "create index if not exists url_queued_ours on url (host_id, source, kind) where state = 'queued'",
        "create index if not exists url_leased on url (run_id) where state = 'leased'",
        "create index if not exists url_deferred on url (not_before) where state = 'deferred'",
        "create index if not exists url_due on url (not_before) where state = 'done' AND not_before > 0",
    ),
)
