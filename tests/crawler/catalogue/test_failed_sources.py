"""Which sources gave a run nothing, and why, is known by name."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from crawler.catalogue.failed_sources import FailedSource, failed_sources
from crawler.catalogue.last_looks import Cause
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Link, UrlKind
from crawler.outcome import Outcome
from tests.support.outcomes import ended, link
from tests.support.scripted_runs import run, script

Ended = tuple[Link, Fate, str]


def of(source: str, name: str, kind: UrlKind = UrlKind.FEED) -> Link:
    found = link(f"{source}/{name}", kind)
    return replace(found, evidence=replace(found.evidence, source=source))


def failed(tmp_path: Path, ends: Sequence[Ended]) -> list[FailedSource]:
    def tell(recorder: object) -> None:
        for where, fate, reason in ends:
            recorder.record(outcome(where, fate, reason))  # type: ignore[attr-defined]

    recorder = run(tmp_path, script(tell, *dict.fromkeys(where for where, *_ in ends)))
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        found = failed_sources(catalogue, recorder.run_id)
    for each in found:
        assert each.source in recorder.closing_line
    return found


def outcome(where: Link, fate: Fate, reason: str) -> Outcome:
    return replace(ended(where, fate), reason=reason)


def test_a_dead_feed_beside_a_living_one_is_named(tmp_path: Path) -> None:
    dead = of("veld", "old-feed")
    ends = [(of("veld", "feed"), Fate.UNCHANGED, ""), (dead, Fate.GONE, "HTTP 404")]
    assert failed(tmp_path, ends) == [FailedSource("veld", dead.url, Cause.GONE)]


def test_a_source_of_which_all_listings_failed_is_named_beside_a_living_one(tmp_path: Path) -> None:
    ends = [
        (of("veld", "feed"), Fate.UNCHANGED, ""),
        (of("tarn", "feed"), Fate.ROBOTS_DISALLOWED, "robots.txt could not be fetched: DNS lookup failed"),
        (of("tarn", "map", UrlKind.SITEMAP), Fate.NETWORK_ERROR, "DNS lookup failed"),
    ]
    assert failed(tmp_path, ends) == [FailedSource("tarn", "", Cause.DNS)]


def test_a_section_without_news_and_a_redirect_are_no_failures(tmp_path: Path) -> None:
    ends = [
        (of("veld", "feed"), Fate.UNCHANGED, ""),
        (of("veld", "sport", UrlKind.SECTION), Fate.DISCOVERY, ""),
        (of("tarn", "feed"), Fate.REDIRECTED, "HTTP 301"),
        (of("tarn", "feed2"), Fate.UNCHANGED, ""),
    ]
    assert failed(tmp_path, ends) == []


def test_a_source_that_refuses_each_article_is_named(tmp_path: Path) -> None:
    ends = [(of("veld", "feed"), Fate.UNCHANGED, "")]
    ends += [(of("veld", name, UrlKind.ARTICLE), Fate.HTTP_ERROR, "HTTP 403 Forbidden") for name in "abc"]
    ends += [(of("tarn", name, UrlKind.ARTICLE), Fate.GONE, "HTTP 404") for name in "ab"]
    assert failed(tmp_path, ends) == [FailedSource("veld", "its articles", Cause.BLOCKED)]
