"""Back-fills of the newsroom, and what they leave."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crawler.database import schema
from crawler.database.engine import open_engine
from crawler.demo import Newsroom
from crawler.demo.newsroom import render_registry
from crawler.run.recorder import recorder_of
from crawler.run.result import RunResult
from tests.support.crawls import run_crawl
from tests.support.newsroom_runs import LOOPBACK


def backfill(data: Path, registry: Path, settings: Mapping[str, object], **arguments: str) -> RunResult:
    """Fill January 2021 for the sources of a registry."""
    given = {**LOOPBACK, "DATA_DIR": str(data), **settings}
    asked: dict[str, Any] = {"since": "2021-01", "until": "2021-01", "sources": str(registry)} | arguments
    result = recorder_of(run_crawl("backfill", given, **asked)).result
    assert result is not None
    return result


def write_registry(newsroom: Newsroom, path: Path, base: str) -> Path:
    """The newsroom as a registry whose sitemaps are those at `base`."""
    entries = [
        site.registry_entry() | {"sitemaps": [f"{base}/{site.id}/sitemap.xml"], "news_sitemaps": []}
        for site in newsroom.sites
    ]
    path.write_text(render_registry(entries), encoding="utf-8")
    return path


def kept(data: Path, store_url: str = "") -> dict[str, str]:
    """The articles of the corpus by URL, each with its origin; AssertionError if one is there twice."""
    url, article = schema.url.c, schema.article.c
    query = select(url.url, article.origin).join_from(schema.article, schema.url, url.id == article.url_id)
    engine = open_engine(store_url, data)
    with engine.connect() as connection:
        rows = [(row.url, row.origin) for row in connection.execute(query.where(article.file.is_not(None)))]
    engine.dispose()
    assert (
        len(rows) == len({url for url, _ in rows}) == len(list((data / "corpus").glob("[0-9]*/[0-9]*.txt")))
    )
    return dict(rows)


def evidence_of(data: Path) -> dict[str, dict[str, str]]:
    """What was known of each URL."""
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue:
        return {url: json.loads(text) for url, text in catalogue.execute("select url, evidence from url")}
