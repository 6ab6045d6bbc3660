"""What a back-fill gathered is one corpus whichever way it came, and stays when the catalogue is made again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.audit import rebuilding
from crawler.demo import Newsroom
from tests.support.backfills import backfill, kept, write_registry
from tests.support.catalogues import ask
from tests.support.commands import call
from tests.support.newsroom_runs import corpus
from tests.support.past_web import articles, index, lists, news_crawl, past_web, sitemaps, wanted
from tests.support.rebuilds import rebuild_here
from tests.support.verifying import verify

pytestmark = pytest.mark.slow

ROWS = (
    "select url.url, url.fate, article.origin, article.published, article.month, article.date_source, article.file,"
    " article.source from url left join article on article.url_id = url.id"
    " where url.kind = 'article' and url.fate not null and url.fate != 'robots_disallowed' order by url.url"
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory that was filled in by every way, each for other days."""
    folder = tmp_path_factory.mktemp("filled")
    with Newsroom() as newsroom, past_web() as web:
        web.answers += [sitemaps(newsroom, lambda: web.url), index(newsroom, rows=3)]
        web.answers += [lists(newsroom), news_crawl(newsroom)]
        registry = write_registry(newsroom, folder / "newsroom.toml", web.url)
        services = {f"BACKFILL_{name}_URL": web.url for name in ("WAYBACK", "CCNEWS")}
        given = services | {"BACKFILL_GDELT_URL": f"{web.url}/gdeltv2", "BACKFILL_PIECE_BYTES": 20_000}
        for via, since, until, chosen in (
            ("gdelt", "2021-01-22", "2021-01-22", {}),
            ("sitemap", "2021-02", "2021-02", {}),
            ("wayback", "2021-01", "2021-01", {"source": "al-waha-al-yawm,vestnik-priozerya"}),
            ("ccnews", "2021-01", "2021-01", {}),
            ("sitemap,wayback,ccnews", "2021-01", "2021-01", {}),
        ):
            result = backfill(folder / "data", registry, given, via=via, since=since, until=until, **chosen)
            assert result.exit_code == 0, result.sentence
        own = {each.url for each in articles(newsroom)}
        found = {url for url in kept(folder / "data") if url in own}
        months = ("2021-01", "2021-02")
        assert found == {url for month in months for url in wanted(newsroom, month)}
    yield folder / "data"


def test_each_article_is_there_once_and_says_who_captured_it(filled: Path) -> None:
    assert set(kept(filled).values()) == {"live", "wayback", "cc-news"}


def test_a_rebuilt_catalogue_has_the_same_origins_dates_and_fates(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "_replay", rebuild_here)
    rows, files = ask(filled, ROWS), corpus(filled)
    (filled / "catalogue.sqlite").unlink()
    assert call("store", "rebuild", DATA_DIR=str(filled)) == 0
    assert ask(filled, ROWS) == rows
    assert verify(filled) == 0
    assert corpus(filled) == files
