"""How listings end in a crawl, what is stored of their entries, and that replays count the same."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.run.recorder import recorder_of
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, corpus, fates, http, open_site
from tests.support.odd_listings import listings_of, rss, sitemap, xml
from tests.support.origin import Origin

SMALL = SETTINGS | {"EXTRACTION_WORKERS": 1}


def run(spider: str, data: Path, settings: dict[str, Any] = SMALL, **arguments: str) -> None:
    result = recorder_of(run_crawl(spider, settings | {"DATA_DIR": str(data)}, **arguments)).result
    assert result is not None
    assert result.tally.reconciles


def accounts(data: Path, origin: Origin) -> dict[str, tuple[str, str, dict[str, int], list[str], int | None]]:
    """Path -> fate, form, sums of entries, clauses and number of new links of the last visit."""
    query = (
        "select url, visit.fate, form, links, dropped, unread, new from listing_read"
        " join visit on visit.id = visit_id join url on url.id = url_id order by visit_id"
    )
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue:
        return {
            url.removeprefix(origin.url("")): (
                fate, form, {"followed": links} | json.loads(dropped), json.loads(unread), new,
            )
            for url, fate, form, links, dropped, unread, new in catalogue.execute(query)
        }  # fmt: skip


def test_listings_account_for_their_entries_in_crawl_and_replays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    site = Site({f"/{name.lower()}": article(name) for name in ("One", "Two", "Three")})
    crawled, replayed, again = (tmp_path / name for name in ("crawled", "replayed", "again"))
    with open_site(site, [], tmp_path) as origin:
        starts = listings_of(origin)
        site.update({path: xml(body) for path, body in starts.items()})
        roots = [path for path in starts if path not in ("/inner.xml", "/pages")]
        sources = tmp_path / "sources.txt"
        sources.write_text("\n".join(map(origin.url, roots)), encoding="utf-8")
        run("news", crawled, sources=str(sources))
        told = accounts(crawled, origin)
        told_by_log = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
        run("news", crawled, sources=str(sources))
        second = {path: origin.read[path][1].lower() for path in roots}
    assert {path: account[:4] for path, account in told.items()} == {
        "/cut": ("partly_read", "RSS feed", {"followed": 1, "cut off": 1}, ["it ends within an entry"]),
        "/empty": ("discovery", "RSS feed", {"followed": 0}, []),
        "/mixed": ("discovery", "RSS feed", {"followed": 2, "named before": 1, "whose address is not http(s)": 1,
                                            "without an address": 1}, []),
        "/mails": ("partly_read", "RSS feed", {"followed": 0, "whose address is not http(s)": 1},
                   ["none of its entries has an address that can be followed"]),
        "/index": ("discovery", "sitemap index", {"followed": 2}, []),
        "/index.gz": ("discovery", "sitemap", {"followed": 1}, []),
        "/inner.xml": ("discovery", "sitemap", {"followed": 1}, []),
        "/pages": ("discovery", "sitemap", {"followed": 1, "that is the listing itself": 1}, []),
    }  # fmt: skip
    assert sum(account[4] or 0 for account in told.values()) == 3 + 2  # three articles, two sitemaps
    assert sum("was not read whole" in line for line in told_by_log) == 2
    assert len(corpus(crawled)) == 3

    # What was read is asked for again only if it changed; what was not is fetched again.
    assert {path for path, head in second.items() if b'if-none-match: "one"' not in head} == {
        "/cut",
        "/mails",
    }

    archive = str(crawled / "collections" / "news")
    run("news", again, SMALL | {"REPLAY_FROM": archive}, sources=str(sources))
    run("replay", replayed, path=archive)
    assert {path: account[:4] for path, account in accounts(replayed, origin).items()} == {
        path: account[:4] for path, account in told.items()
    }
    assert {account[4] for account in accounts(replayed, origin).values()} == {None}
    found = accounts(again, origin)
    assert {path: account[:4] for path, account in found.items()} == {
        path: account[:4] for path, account in told.items()
    }
    assert sum(account[4] or 0 for account in found.values()) == 5
    assert fates(replayed, origin) == fates(again, origin)
    assert corpus(replayed) == corpus(again) == corpus(crawled)

    capsys.readouterr()
    assert call("explain", origin.url("/mixed"), DATA_DIR=str(again)) == 0
    said = capsys.readouterr().out
    assert "RSS feed, 5 entries: " in said
    assert "\nlisting       RSS feed with 5 entries, as it was last read\nfollowed      2: " in said
    assert "\ndropped       1 named before\n              1 whose address is not http(s)\n" in said


def test_a_sitemap_that_is_named_as_a_page_is_looked_at_like_a_listing_from_then_on(tmp_path: Path) -> None:
    site = Site(
        {"/one": article("One"), "/two": article("Two"), "/page": http(b"<urlset-like>", "text/html")}
    )
    with open_site(site, [], tmp_path) as origin:
        inner = {"/news": "text/html", "/deep": "text/plain", "/old": "application/xml"}
        site["/feed"] = xml(sitemap(*map(origin.url, ["/page", *inner])))
        for (path, kind), target in zip(inner.items(), ("/one", "/two", "/two"), strict=True):
            site[path] = http(sitemap(origin.url(target)), kind)
        run("news", tmp_path / "data", sources=str(tmp_path / "sources.txt"))
        ended = fates(tmp_path / "data", origin)
    assert {path: ended[path] for path in ("/feed", *inner)} == dict.fromkeys(("/feed", *inner), "discovery")
    assert (ended["/one"], ended["/two"]) == ("saved", "saved")
    assert ended["/page"] not in ("discovery", "saved")
    with closing(sqlite3.connect(tmp_path / "data" / "catalogue.sqlite")) as catalogue:
        rows = catalogue.execute(
            "select url, kind, not_before > 0 from url where kind = 'sitemap'"
        ).fetchall()
    assert {url.removeprefix(origin.url("")) for url, _, is_due in rows if is_due} == set(inner)


def test_a_listing_that_breaks_after_it_was_read_well_is_fetched_whole_until_it_is_well_again(
    tmp_path: Path,
) -> None:
    site = Site({"/one": article("One"), "/two": article("Two")})
    with open_site(site, [], tmp_path) as origin:
        whole = rss(origin.url("/one"), origin.url("/two"))
        well, broken = xml(rss(origin.url("/one"))), xml(whole[:-30])
        site["/feed"] = [
            well,
            broken,
            broken,
            http(b"Down for an hour", ETag='"one"'),
            xml(whole),
            xml(whole),
        ]
        for _ in range(6):
            run("news", tmp_path / "data", sources=str(tmp_path / "sources.txt"))
        asked = [b"if-none-match" in request.lower() for request in origin.read["/feed"]]
        assert fates(tmp_path / "data", origin) == {"/feed": "discovery", "/one": "saved", "/two": "saved"}
    assert asked == [False, True, False, False, False, True]
