"""`scrapy rederive` shows what would change, changes it when told to, and survives being killed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.audit import difference_applier
from crawler.audit.differences import ChangeKind, Difference
from crawler.cli.console import View
from crawler.cli.crawl import note_manifest_head
from crawler.cli.rederive import show
from crawler.data_dir import DataDir, DataDirBusy
from crawler.run.corpus import Corpus
from tests.support.catalogues import (
    articles,
    ask,
    by_text,
    change,
    extracted_earlier,
    known,
    leave_pending,
    lone_articles,
    put,
    seed_files,
)
from tests.support.commands import call, start_scrapy
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, open_site

pytestmark = pytest.mark.usefixtures("replays_here")


def rederive(data: Path, *arguments: str, **settings: object) -> int:
    return call("rederive", *arguments, DATA_DIR=str(data), **settings)


def verify(data: Path, **settings: object) -> int:
    return call("verify", DATA_DIR=str(data), **settings)


def is_quiet(data: Path, capsys: pytest.CaptureFixture[str], **settings: object) -> bool:
    """Whether verify has nothing to say but its summary, and rederive nothing to change."""
    capsys.readouterr()
    codes = verify(data, **settings), rederive(data, **settings)
    said = capsys.readouterr().out.splitlines()
    return codes == (0, 0) and len(said) == 2 and said[1] == "Nothing would change."


@pytest.fixture
def aged(data: Path) -> Path:
    """A corpus of an earlier extractor: one article with another text, one in another month."""
    text, month = lone_articles(data)[:2]
    others = [row for row in articles(data) if row.url not in (text.url, month.url)]
    extracted_earlier(data, text, text=text.text.rpartition("\n\n")[0])
    extracted_earlier(data, month, month="2020-12")
    for row in others:
        extracted_earlier(data, row)
    return data


def test_an_unchanged_corpus_needs_nothing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rederive(data) == 0
    assert capsys.readouterr().out == "Nothing would change.\n"


def test_a_person_runs_it_in_a_process_of_its_own(data: Path) -> None:
    result = start_scrapy("rederive", "-s", f"DATA_DIR={data}")
    assert (result.returncode, result.stdout, result.stderr) == (0, "Nothing would change.\n", "")


def test_changes_are_shown_and_nothing_is_written(aged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, rows = seed_files(aged), ask(aged, "select * from article")
    assert rederive(aged) == 0
    said = capsys.readouterr().out
    for kind in ("another text", "another month", "another entry"):
        assert kind in said
    assert said.endswith("Nothing was written: `scrapy rederive --apply` makes these changes.\n")
    assert (seed_files(aged), ask(aged, "select * from article")) == (before, rows)


def test_a_changed_text_is_a_revision(
    newsroom_crawl: Path, aged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = seed_files(aged)
    assert rederive(aged, "--apply") == 0
    assert by_text(aged) == by_text(newsroom_crawl)
    revised = [row for row in articles(aged) if row.revises]
    assert [row.fate for row in revised] == ["updated", "updated"]
    for row in revised:
        assert row.file not in before
        assert (aged / "corpus" / ".revisions" / known(row.revises)).read_bytes() == before[
            known(row.revises)
        ]
    assert is_quiet(aged, capsys)


def test_it_is_a_run_of_its_own(aged: Path) -> None:
    rederive(aged, "--apply")
    [run] = ask(aged, "select id, reason, exit_code, discovered from run where spider = 'rederive'")
    assert run[1:] == ("finished", 0, 2)
    assert ask(aged, "select fate, count(*) from visit where run_id = ? group by fate", run[0]) == [
        ("updated", 2)
    ]


def test_what_another_mode_accepts_comes_and_goes(
    newsroom_crawl: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rederive(data, "--apply", RELEVANCE_MODE="off") == 0
    assert len(seed_files(data)) > len(seed_files(newsroom_crawl))
    assert seed_files(newsroom_crawl).items() <= seed_files(data).items()
    assert is_quiet(data, capsys, RELEVANCE_MODE="off")

    assert rederive(data, "--apply") == 0
    assert seed_files(data) == seed_files(newsroom_crawl)
    assert is_quiet(data, capsys)
    withdrawn = ask(data, "select distinct fate from article where origin = 'replay' and file is null")
    assert set(withdrawn) == {("off_topic",), ("saved",)}
    assert dict(ask(data, "select url, fate from url")) == dict(
        ask(newsroom_crawl, "select url, fate from url")
    )


def test_a_withdrawn_article_says_why(data: Path) -> None:
    row = next(row for row in articles(data) if row.rights)
    assert rederive(data, "--apply", RIGHTS_POLICY="drop") == 0
    [found] = [each for each in articles(data, everything=True) if each.url == row.url][-1:]
    assert (found.fate, found.file) == ("rights_dropped", None)
    assert known(found.reason).startswith("publisher says")
    assert (data / "corpus" / ".revisions" / known(row.file)).is_file()
    assert row.file not in seed_files(data)


@pytest.mark.parametrize("more", [(), ("Nobody was there to help.",)], ids=["equal", "near"])
@pytest.mark.parametrize(("then", "now"), [("flag", "drop"), ("drop", "flag")])
def test_a_copy_takes_the_place_of_what_is_withdrawn_and_leaves_it_again(
    tmp_path: Path, more: tuple[str, ...], then: str, now: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reserved = article("Marsk", head='<meta name="robots" content="noarchive">')
    site, data = Site({"/first": reserved, "/copy": article("Marsk", *more)}), tmp_path / "data"
    settings = SETTINGS | {"DATA_DIR": str(data), "CONCURRENT_REQUESTS": 1, "RIGHTS_POLICY": then}
    with open_site(site, ["/first", "/copy"], tmp_path) as origin:
        note_manifest_head(run_crawl("news", settings, sources=str(tmp_path / "sources.txt")))
    kept = {"flag": origin.url("/first"), "drop": origin.url("/copy")}
    assert [row.url for row in articles(data)] == [kept[then]]
    steering = {"RELEVANCE_MODE": "off", "RIGHTS_POLICY": now}
    assert rederive(data, "--apply", **steering) == 0
    assert ask(data, "select url from url join article on url_id = url.id where file not null") == [
        (kept[now],)
    ]
    assert len(seed_files(data)) == 1
    assert is_quiet(data, capsys, **steering)


def test_what_a_killed_crawl_left_is_derived(
    newsroom_crawl: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = lone_articles(data)[0]
    leave_pending(data, row)
    assert rederive(data, "--apply") == 0
    assert by_text(data) == by_text(newsroom_crawl)
    assert ask(data, "select state, fate from url where url = ?", row.url) == [("done", "saved")]
    assert is_quiet(data, capsys)


def test_a_text_that_an_upgrade_made_equal_to_another_is_withdrawn(
    newsroom_crawl: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twin = next(row for row in articles(data, everything=True) if row.fate == "syndicated")
    kept = next(row for row in articles(data) if row.url == twin.duplicate_of)
    extracted_earlier(data, kept, text=kept.text + " And so on.")
    change(data, "update article set body_hash = x'00' where id = ?", kept.id)
    put(data, twin, known(twin.month), twin.text, 500)
    change(data, "update article set fate = 'saved', duplicate_of = null where id = ?", twin.id)

    assert verify(data) == 0
    assert f"{kept.url}, whose text it repeats, was extracted by" in capsys.readouterr().out
    assert rederive(data, "--apply") == 0
    assert by_text(data) == by_text(newsroom_crawl)
    assert is_quiet(data, capsys)


def test_pages_of_archives_of_others_are_derived_too(
    newsroom_crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = newsroom_crawl / "collections" / "news" / "archive"
    run_crawl("replay", {"DATA_DIR": str(tmp_path)}, path=str(archive))
    assert rederive(tmp_path, "--apply", RELEVANCE_MODE="off") == 0
    assert is_quiet(tmp_path, capsys, RELEVANCE_MODE="off")
    row = articles(tmp_path)[-1]
    assert row.run_id == 2
    assert Path(known(row.warc)).parent == archive
    assert call("trace", known(row.file), DATA_DIR=str(tmp_path)) == 0
    assert "foreign archive" in capsys.readouterr().out


# --- what stops it -------------------------------------------------------------------------
def test_a_fault_stops_it(aged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = next(iter(seed_files(aged)))
    (aged / "corpus" / file).write_bytes(b" date 2021-01 Nothing.")
    before = seed_files(aged)
    assert rederive(aged, "--apply") == 1
    assert "Nothing was changed: first repair" in capsys.readouterr().out
    assert seed_files(aged) == before


def test_an_unexplained_difference_stops_it(aged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = seed_files(aged)
    page = next(row for row in articles(aged, everything=True) if row.fate == "off_topic")
    change(aged, "update article set title = 'Nothing' where id = ?", page.id)
    assert rederive(aged, "--apply") == 1
    assert "The catalogue has another title" in capsys.readouterr().out
    assert seed_files(aged) == before


def test_another_run_keeps_it_away(data: Path) -> None:
    with DataDir.at(data).held(), pytest.raises(DataDirBusy) as refusal:
        rederive(data, "--apply")
    assert refusal.value.exit_code == 75


# --- kill -9 -------------------------------------------------------------------------------
class Killed(BaseException):
    """The process is gone."""


def kill_before(function: Callable[..., object]) -> Callable[..., object]:
    def killed(*_: object) -> object:
        raise Killed

    return killed


def kill_after(function: Callable[..., object]) -> Callable[..., object]:
    def killed(*arguments: object) -> object:
        function(*arguments)
        raise Killed

    return killed


@pytest.mark.parametrize("kill", [kill_before, kill_after])
@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (Corpus, "write"),
        (difference_applier, "apply_rederived_pages"),
        (Corpus, "retire"),
        (difference_applier, "refresh_rows"),
    ],
    ids=["files", "rows", "old-files", "entries"],
)
def test_a_kill_is_repaired_by_running_it_again(
    newsroom_crawl: Path,
    aged: Path,
    owner: object,
    name: str,
    kill: Callable[[Callable[..., object]], Callable[..., object]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert (
        rederive(aged) == 0
    )  # what is derived again then is there already: the kill strikes the live corpus
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, kill(getattr(owner, name)))
        with pytest.raises(Killed):
            rederive(aged, "--apply")
    assert rederive(aged, "--apply") == 0
    assert by_text(aged) == by_text(newsroom_crawl)
    assert is_quiet(aged, capsys)


@pytest.mark.parametrize("kind", ChangeKind)
def test_each_page_is_named_but_for_those_of_which_only_the_entry_changes(
    kind: ChangeKind, capsys: pytest.CaptureFixture[str]
) -> None:
    urls = [f"https://тарн.example/{name}" for name in ("міст", "мельница")]
    show([Difference(url, kind, f"{url} ends otherwise", "a later extractor", 1, 2) for url in urls], View())
    said = capsys.readouterr().out
    named = [url for url in urls if f"{kind:14}{url} ends otherwise: a later extractor." in said]
    assert named == ([] if kind is ChangeKind.ENTRY else urls)
    assert re.search(rf"{kind} +│ 2 ", said)
