"""One crawl of everything odd: its sums add up, its archive holds what was asked, and each reason is a sentence."""

import gzip
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.exit_codes import FAILED, OK
from crawler.fates import Fate
from crawler.http.reasons import DEFECT
from crawler.reading import page_reading
from crawler.run.recorder import recorder_of
from crawler.run.result import RunResult
from pipelines.dated import DatedPipeline
from tests.support.catalogues import ask
from tests.support.crawls import run_crawl
from tests.support.foreign_archives import answered, arc_archives, foreign_archives, repeated, summed
from tests.support.foreign_records import record, story, url_of, warcinfo
from tests.support.hostile_site import SETTINGS, Site, corpus, feed, http
from tests.support.long_stories import Story
from tests.support.odd_addresses import site_at
from tests.support.odd_answers_by_fate import entry_of, site_of_all
from tests.support.odd_framing import LOST, SAVED, page
from tests.support.odd_listings import listings_of, xml
from tests.support.odd_pages import ODD_PAGES
from tests.support.origin import Answer, Origin, Then, make_certificate, serve
from tests.support.registries import source_entry
from tests.support.sums import (
    count_records,
    count_visits,
    fates_without_visit,
    not_understandable,
    sums_of,
)
from tests.support.verifying import verify
from tests.support.warc_records import Seen, read_collection

GIVEN: dict[str, Any] = SETTINGS | {
    "ARCHIVE_REQUISITES": "images",
    "DOWNLOAD_MAXSIZE": 400_000,
    "EXTRACTION_WORKERS": 1,
    "FRONTIER_PATIENCE_S": 0.5,
    "RELEVANCE_MODE": "conflict",
    "RETRY_DELAY_S": 0.0,
    "RETRY_TIMES": 1,
    "RIGHTS_POLICY": "drop",
}
RULES = {
    "named": http(b"User-agent: Frontwire/1.0 # ours\nDisallow: /closed\n\nUser-agent: *\nAllow: /", "text/plain"),
    "wide": http("\ufeffUser-agent: *\r\nDisallow: /closed".encode("utf-16-le"), "text/plain; charset=utf-16"),
    "slow": http(b"User-agent: *\nCrawl-delay: 100000", "text/plain"),
    "down": http(b"Down for an hour", status="503 Busy"),
    "spoilt": http(gzip.compress(b"User-agent: *\nDisallow: /closed" * 99)[:40], Content_Encoding="gzip"),
    "astray": http(b"", status="302 Found", Location="ftp://127.0.0.1/robots.txt"),
    "silent": Answer(b"", Then.CLOSE),
}  # fmt: skip
DEFECTS = {"/defect/answer": "outcome_of", "/defect/article": "process_item"}
"""Articles on which a part of ours fails."""


DAMAGED = {
    "status": [record("response", url_of("odd"), b"HTTP/1.1 0 OK\r\n\r\n<p>Page</p>")],
    "date": [answered("misdated", WARC_Date="2021-02-30T10:00:00Z"), answered("undated", WARC_Date="")],
    "repeat": [repeated("elsewhere", "Tolm", WARC_Refers_To="<urn:uuid:not-here>")],
    "nowhere": [record("response", "orla.example/a", story("Nowhere")), record("response", "", story("None"))],
    "headless": [record("response", url_of("headless"), b"no status line"), record("response", url_of("e"), b"")],
    "kinds": [record("conversion", url_of("Tolm"), b"In Tolm"), record("riddle", url_of("Tolm"), b"?")],
    "noise": [answered("Noise"), b"noise" * 99, answered("After the noise")],
    "short": [record("response", url_of("Short"), story("Short"), length=40), answered("After the short")],
    "cut": [answered("Cut")[:-300]],
}  # fmt: skip
"""Records with a fault each, by the name of their file."""

ANSWERS = ("response", "revisit")


@dataclass(frozen=True, slots=True)
class Odd:
    """What a crawl of everything odd left, and the servers that it met."""

    data: Path
    result: RunResult
    origins: Sequence[Origin]

    @property
    def archive(self) -> Path:
        return self.data / "collections" / "news"


class Web:
    """Servers that are open as long as the stack, and the registry of all."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack, self._folder = stack, folder
        self.origins: list[Origin] = []
        self.registry = ""

    def open(self, site: Site, certificate: Path | None = None) -> Origin:
        origin = self._stack.enter_context(serve(site, certificate))
        self.origins.append(origin)
        return origin

    def enter(self, origin: Origin, *listings: str, **fields: object) -> None:
        starts = [*map(origin.url, listings or ("/feed",))]
        name = f"source-{len(self.origins)}"
        self.registry += source_entry(name, origin.url("/"), listings=starts, **fields)


def open_answers(web: Web) -> None:
    site, listed = site_of_all()
    origin = web.open(site)
    site["/feed"] = feed([path if "://" in path else origin.url(path) for path in listed])
    web.registry += entry_of(origin)


def open_framing(web: Web) -> None:
    made = {f"/{name}": make(page(f"Orla {name}")) for name, make in SAVED.items()}
    made |= {f"/lost/{name}": make(page(f"Lome {name}")) for name, (make, _) in LOST.items()}
    origin = web.open(site := Site({**made}))
    site["/feed"] = feed(map(origin.url, made))
    web.enter(origin)


def open_long_stories(web: Web) -> None:
    story = Story()
    origin = web.open(site := Site(story.pages()))
    site["/feed"] = feed([origin.url(story.paths[0])])
    web.enter(origin)


def open_listings(web: Web) -> None:
    origin = web.open(
        site := Site({f"/{name.lower()}": http(page(name)) for name in ("One", "Two", "Three")})
    )
    listings = listings_of(origin)
    site.update({path: xml(body) for path, body in listings.items()})
    web.enter(origin, *listings)


def open_addresses(web: Web) -> None:
    origin = web.open(site := Site())
    site.update(site_at(origin.url("")))
    web.enter(origin, "/feed", "/map.xml", "/map.txt", "/news")


def open_rules(web: Web) -> None:
    for name, rules in RULES.items():
        origin = web.open(
            site := Site({"/closed": http(page(f"Closed {name}")), "/open": http(page(f"Open {name}"))})
        )
        site |= {"/robots.txt": rules, "/feed": feed(map(origin.url, ("/closed", "/open")))}
        web.enter(origin)


def open_others(web: Web, certificate: Path) -> None:
    """Pages that are no article, defects of ours, a busy host, a limit, a certificate that nobody vouches for."""
    pages = {path: answer for path, (answer, _) in ODD_PAGES.items()}
    pages |= {path: http(page(f"Veld {path.rpartition('/')[2]}")) for path in DEFECTS}
    origin = web.open(site := Site({**pages}))
    site["/feed"] = feed(map(origin.url, pages))
    web.enter(origin)

    busy = web.open(site := Site({"/busy": http(b"", status="503 Busy", Retry_After="7200")}))
    site["/feed"] = feed(map(busy.url, ("/busy", "/waits")))
    web.enter(busy)

    limited = web.open(site := Site({f"/{number}": http(page(f"Tarmil {number}")) for number in range(9)}))
    site["/feed"] = feed(map(limited.url, [*site][1:]))
    web.enter(limited, max_pages=4)

    unknown = web.open(Site({"/feed": feed(["/a"])}), certificate)
    web.enter(unknown)


def break_at_defects(patch: pytest.MonkeyPatch) -> None:
    """Let two parts of ours fail at an article each, as only a programmer would say it."""

    def break_at(owner: Any, name: str, path: str) -> None:
        original = getattr(owner, name)

        def failing(*arguments: Any) -> Any:
            if any(getattr(each, "url", "").endswith(path) for each in arguments):
                raise KeyError(name)
            return original(*arguments)

        patch.setattr(owner, name, failing)

    break_at(page_reading, "outcome_of", "/defect/answer")
    break_at(DatedPipeline, "process_item", "/defect/article")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Odd:
    folder = tmp_path_factory.mktemp("odd")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        web = Web(stack, folder)
        for open_some in (
            open_answers,
            open_framing,
            open_long_stories,
            open_listings,
            open_addresses,
            open_rules,
        ):
            open_some(web)
        open_others(web, make_certificate(folder))
        break_at_defects(patch)
        registry = folder / "sources.toml"
        registry.write_text(web.registry, encoding="utf-8")
        crawler = run_crawl("news", GIVEN | {"DATA_DIR": str(folder / "crawled")}, sources=str(registry))
        result = recorder_of(crawler).result
    assert result is not None
    return Odd(folder / "crawled", result, web.origins)


def fates_of(data: Path) -> dict[str, str]:
    """URL -> fate of its last attempt, whether or not it waits for another."""
    return dict(ask(data, "select url, fate from url where fate is not null"))


MET = {*Fate} - {
    Fate.SYNDICATED, Fate.REVIEW, Fate.UPDATED, Fate.UNCHANGED, Fate.TIMEOUT,
    Fate.NOT_ARCHIVED, Fate.OUT_OF_RANGE,
}  # fmt: skip
"""Fates that such a crawl meets: all but those of a second look, of a doubt, of a long wait, and of replays."""


def test_what_was_discovered_is_what_ended_and_what_waits(odd: Odd) -> None:
    sums = sums_of(odd.data)
    assert sums.reconcile
    assert sums.discovered == sums.fates.total() + sums.pending == odd.result.tally.discovered
    assert sums.pending == 7  # a busy host has two, a limit five
    assert dict(sums.fates) == odd.result.tally.fates
    assert {*sums.fates} >= MET
    assert fates_without_visit(odd.data) == []
    assert odd.result.exit_code == OK
    ended = fates_of(odd.data)
    kinds = [fate for url, fate in ended.items() if url.endswith((*ODD_PAGES,))]
    assert sorted(kinds) == sorted(
        fate for _, fate in ODD_PAGES.values()
    )  # of two equal texts either may come first


def test_each_request_that_came_is_in_the_archive(odd: Odd) -> None:
    """But those on a connection that the server closed without a byte: HTTP lets a client ask once more, unseen."""
    asked = Counter(
        origin.url(path) for origin in odd.origins for path, read in origin.read.items() for _ in read
    )
    records = read_collection(odd.archive)
    held = Counter(record.get("WARC-Target-URI") or "" for record in records if record.type == "request")
    assert held - asked == Counter()
    assert {url.rpartition("/")[2] for url in asked - held} <= {"silent", "robots.txt"}
    types = Counter(record.type for record in records)
    assert types["request"] == types["metadata"] == held.total()


@pytest.fixture(scope="module")
def replayed(odd: Odd, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a replay of the crawl's archive."""
    data = tmp_path_factory.mktemp("replayed")
    crawler = run_crawl("replay", GIVEN | {"DATA_DIR": str(data)}, path=str(odd.archive))
    result = recorder_of(crawler).result
    assert result is not None and result.exit_code == OK
    return data


def is_robots(record: Seen) -> bool:
    return (record.get("WARC-Target-URI") or "").endswith(("/robots.txt", "/rules.txt"))


def test_a_replay_of_it_accounts_for_each_record(odd: Odd, replayed: Path) -> None:
    records = read_collection(odd.archive)
    counts, types = count_records(replayed), Counter(record.type for record in records)
    assert counts.total() == len(records) > 800
    assert {kind: counts[kind] for kind in ("request", "metadata", "warcinfo")} == {
        kind: types[kind] for kind in ("request", "metadata", "warcinfo")
    }
    rules = sum(each.type in ANSWERS and is_robots(each) for each in records)
    assert counts["robots.txt"] == rules > len(RULES)
    truncated = sum(count for reason, count in counts.items() if reason.startswith("truncated"))
    assert counts["read"] + truncated + rules + counts["tdmrep.json"] == types["response"] + types["revisit"]
    assert count_visits(replayed) == counts["read"] + truncated
    assert sums_of(replayed).reconcile and fates_without_visit(replayed) == []


def test_a_replay_of_it_ends_every_answer_as_the_crawl_did(odd: Odd, replayed: Path) -> None:
    ended, again = fates_of(odd.data), fates_of(replayed)
    struck = {url for url in ended if url.endswith((*DEFECTS,))}
    assert {ended[url] for url in struck} == {"quarantined"}
    assert {again[url] for url in struck} == {"saved"}
    answered = {
        record.get("WARC-Target-URI") or ""
        for record in read_collection(odd.archive)
        if record.type in ANSWERS
    }
    assert {url: again.get(url) for url in answered & ended.keys() - struck} == {
        url: ended[url] for url in answered & ended.keys() - struck
    }
    assert again.keys() <= answered
    assert {*corpus(odd.data)} < {*corpus(replayed)}
    assert len(corpus(replayed)) == len(corpus(odd.data)) + len(struck)


def test_it_is_verified_and_what_struck_once_is_told(
    odd: Odd, replays_here: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(odd.data, **GIVEN) == OK
    said = capsys.readouterr().out
    assert said.count(f"it is quarantined: {DEFECT}.") == len(DEFECTS)
    assert "no fault" in said


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A replay of archives of every kind, sound and damaged, and how many records they have."""
    folder = tmp_path_factory.mktemp("foreign")
    (archives := folder / "archives").mkdir()
    sound = foreign_archives() | arc_archives()
    for each in sound.values():
        (archives / each.file).write_bytes(each.data)
    for name, records in DAMAGED.items():
        (archives / f"{name}.warc").write_bytes(b"".join([warcinfo(), *records]))
    crawler = run_crawl("replay", GIVEN | {"DATA_DIR": str(folder / "data")}, path=str(archives))
    result = recorder_of(crawler).result
    assert result is not None and result.exit_code == FAILED  # it has lost some
    parts = [part for records in DAMAGED.values() for part in (warcinfo(), *records)]
    whole = [part for part in parts if part.startswith(b"WARC/") and part.endswith(b"\r\n\r\n")]
    return folder / "data", summed(sound).total() + len(whole)


def test_a_replay_of_odd_archives_accounts_for_each_record(foreign: tuple[Path, int]) -> None:
    data, expected = foreign
    counts, sums = count_records(data), sums_of(data)
    assert counts.total() == expected
    truncated = sum(count for reason, count in counts.items() if reason.startswith("truncated"))
    assert count_visits(data) == counts["read"] + truncated
    assert sums.reconcile and not sums.pending
    assert fates_without_visit(data) == []


def test_every_reason_is_a_sentence(odd: Odd, replayed: Path, foreign: tuple[Path, int]) -> None:
    for data in (odd.data, replayed, foreign[0]):
        assert not_understandable(data) == []
