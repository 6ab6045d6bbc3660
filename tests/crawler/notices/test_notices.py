"""Problems and new articles are told, once a day at most; what cannot be told harms nothing."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from scrapy.settings import Settings

from crawler.cli import watch
from crawler.configuration import hide_secrets
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import BUSY, FAILED, OK, STORAGE
from crawler.notices.digest import MOST, Notice, is_problem_due
from crawler.notices.saved_searches import Watched
from crawler.notices.sending import NoticeFailed, send
from crawler.run.recorder import Recorder
from tests.support.catalogues import change
from tests.support.commands import call, scrapy
from tests.support.outcomes import Shelved, article, filed, outcome_of
from tests.support.scripted_runs import run, script

Tell = Callable[..., list[Notice]]
SECRET = "json://ada:geheim@127.0.0.1:1/token"


def bring_in(data: Path, *titles: str, language: str = "fr") -> None:
    """A run that brings articles into the corpus."""

    def record(recorder: Recorder) -> None:
        for number, title in enumerate(titles, 1):
            name = " ".join(re.findall(r"\w+", title))
            made = article(name, f"{name}.", title=title, language=language, capture=Shelved(number))
            recorder.record(outcome_of(filed(made, number)))

    run(data, script(record))


@pytest.fixture
def tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Tells of a run in a data directory; gives what was sent."""
    sent: list[Notice] = []
    monkeypatch.setattr(watch, "send", lambda urls, notice: sent.append(notice))

    def tell_and_take(
        exit_code: int = OK, sentence: str = "Run finished.", urls: str = SECRET
    ) -> list[Notice]:
        settings = Settings({"DATA_DIR": str(tmp_path), "STORE_URL": "", "NOTIFY_URLS": urls})
        watch.tell(settings, exit_code, sentence)
        taken = [*sent]
        sent.clear()
        return taken

    return tell_and_take


def a_day_later(data: Path) -> None:
    watched = Watched.read(data / "watch.json")
    told = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    replace(watched, told=told, problem_told=told).save()


def test_new_articles_of_a_search_are_told_once(tmp_path: Path, tell: Tell) -> None:
    bring_in(tmp_path, "Le pont de Veld avant")
    assert call("watch", "add", "pont veld", DATA_DIR=str(tmp_path)) == OK
    bring_in(tmp_path, "Le PONT de Véld tombe", "Autre chose")
    [notice] = tell()
    assert notice.title == "Frontwire: 1 new article"
    assert "Le PONT de Véld tombe (marisol) https://marisol.example/" in notice.body
    assert "avant" not in notice.body
    assert tell() == []


def test_a_digest_a_day_tells_what_came_meanwhile(tmp_path: Path, tell: Tell) -> None:
    call("watch", "add", "veld", DATA_DIR=str(tmp_path))
    bring_in(tmp_path, "Veld un")
    assert len(tell()) == 1
    bring_in(tmp_path, "Veld deux")
    assert tell() == []
    bring_in(tmp_path, "Veld trois")
    a_day_later(tmp_path)
    [notice] = tell()
    assert ("un (" in notice.body, "deux (" in notice.body, "trois (" in notice.body) == (False, True, True)


def test_languages_and_hostile_titles(tmp_path: Path, tell: Tell) -> None:
    call("watch", "add", "veld", "--language", "ru", DATA_DIR=str(tmp_path))
    bring_in(tmp_path, "Veld fr")
    assert tell() == []
    bring_in(tmp_path, "Veld \x1b[2J\u202e\nBcc: x@y.example", language="ru")
    [notice] = tell()
    assert not set("\x1b\u202e") & set(notice.body)
    assert len(notice.body.splitlines()) == 2


def test_of_very_many_some_are_listed(tmp_path: Path, tell: Tell) -> None:
    call("watch", "add", "veld", DATA_DIR=str(tmp_path))
    bring_in(tmp_path, *(f"Veld {number}" for number in range(MOST + 5)))
    assert tell()[0].body.endswith("and 5 more")


def test_a_problem_is_told_once_a_day_and_another_one_at_once(tmp_path: Path, tell: Tell) -> None:
    [notice] = tell(FAILED, "Everything that was due failed.")
    assert notice == Notice("Frontwire: a run had a problem", "Everything that was due failed.")
    assert tell(FAILED, "again") == []
    assert len(tell(STORAGE, "The disk is full.")) == 1
    a_day_later(tmp_path)
    assert len(tell(STORAGE, "The disk is full.")) == 1


@pytest.mark.parametrize("exit_code", [OK, BUSY])
def test_what_is_no_problem_is_not_told(exit_code: int) -> None:
    assert not is_problem_due(Watched(), exit_code, datetime.now(UTC))


def test_without_an_address_nothing_is_done(tmp_path: Path, tell: Tell) -> None:
    assert tell(FAILED, "x", urls="") == []
    assert not (tmp_path / "watch.json").exists()


def test_what_fails_is_a_warning_without_the_address_and_told_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings({"DATA_DIR": str(tmp_path), "STORE_URL": "", "NOTIFY_URLS": SECRET})

    def refuse(urls: object, notice: object) -> None:
        raise NoticeFailed("The notice could not be sent: number 1 of NOTIFY_URLS refused it.")

    monkeypatch.setattr(watch, "send", refuse)
    with caplog.at_level(logging.WARNING):
        watch.tell(settings, FAILED, "x")
        (tmp_path / "watch.json").write_text("{}", encoding="utf-8")
        watch.tell(settings, FAILED, "x")
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2
    assert "has no saved searches in it" in caplog.text
    assert "geheim" not in caplog.text


def test_after_a_rebuilding_rows_have_other_numbers(tmp_path: Path, tell: Tell) -> None:
    call("watch", "add", "veld", DATA_DIR=str(tmp_path))
    bring_in(tmp_path, "Veld un")
    watched = Watched.read(tmp_path / "watch.json")
    replace(watched, searches=tuple(replace(each, after=99) for each in watched.searches)).save()
    assert tell() == []
    change(tmp_path, "update article set title = 'Veld'")
    assert tell() == []


def test_searches_are_listed_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = {"DATA_DIR": str(tmp_path)}
    call("watch", "add", '"Deir  Mesar" قصف*', "--language", "ar,fr", **data)
    with pytest.raises(OperatorError, match="is saved already"):
        call("watch", "add", '"Deir Mesar" قصف*', "--language", "ar,fr", **data)
    call("watch", **data)
    assert '"Deir Mesar" قصف* (ar, fr)\n1 saved, not told' in capsys.readouterr().out
    call("watch", "remove", '"Deir Mesar" قصف*', **data)
    with pytest.raises(OperatorError, match="No search 'x' is saved"):
        call("watch", "remove", "x", **data)
    with pytest.raises(OperatorError, match="has no word: give a word"):
        call("watch", "add", "…", **data)
    with pytest.raises(OperatorError, match=r"^usage: scrapy watch"):
        call("watch", "forget", **data)


def test_an_address_is_never_shown(tmp_path: Path) -> None:
    settings = Settings({"NOTIFY_URLS": SECRET})
    hide_secrets(settings)
    assert watch.urls_of(settings) == [SECRET]
    assert (
        "geheim" not in f"{settings['NOTIFY_URLS']!s} {settings['NOTIFY_URLS']!r} {settings.copy_to_dict()}"
    )
    secret = ("-s", f"NOTIFY_URLS={SECRET}")
    shown = scrapy("settings", "--get", "NOTIFY_URLS", *secret)
    logged = scrapy(
        "crawl", "replay", "-a", f"path={tmp_path}", "-L", "DEBUG", "-s", f"DATA_DIR={tmp_path}", *secret
    )
    assert "geheim" not in shown.stdout + shown.stderr + logged.stdout + logged.stderr


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[tuple[int, list[dict[str, str]]]]:
    """A server that takes notices while no run holds the data directory: its port, and what came."""
    taken: list[dict[str, str]] = []
    (tmp_path / "data").mkdir()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with DataDir.at(tmp_path / "data").held():
                taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200 if self.path == "/ok" else 500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port, taken
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.slow
def test_a_notice_is_sent(inbox: tuple[int, list[dict[str, str]]]) -> None:
    port, taken = inbox
    notice = Notice("Frontwire: 1 new article", "veld: 1 new\n- <b>Обстрел</b> *Veld*")
    send([f"json://127.0.0.1:{port}/ok"], notice)
    assert (taken[0]["title"], taken[0]["message"]) == (notice.title, notice.body)
    with pytest.raises(NoticeFailed, match="number 2, 3 of NOTIFY_URLS refused it") as refused:
        send([f"json://127.0.0.1:{port}/{path}" for path in ("ok", "no")] + ["nonsense://x"], notice)
    assert str(port) not in str(refused.value)


@pytest.mark.slow
def test_a_run_that_ended_holds_nothing_while_its_problem_is_told(
    inbox: tuple[int, list[dict[str, str]]], tmp_path: Path
) -> None:
    port, taken = inbox
    feeds = tmp_path / "feeds.txt"
    feeds.write_text("http://127.0.0.1:1/feed", encoding="utf-8")
    given = {
        "DATA_DIR": tmp_path / "data",
        "ARCHIVE_SIGNING_KEY": tmp_path / "key.pem",
        "ADDRESS_GUARD_ALLOW": "127.0.0.1",
        "NOTIFY_URLS": f"json://127.0.0.1:{port}/ok",
    }
    options = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    ended = scrapy("crawl", "news", "-a", f"sources={feeds}", *options)
    assert ended.returncode == FAILED
    assert "could not be sent" not in ended.stderr
    assert taken[0]["message"] in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"searches": 3}',
        '{"searches": ["Orla"]}',
        '{"searches": [{"words": "Orla"}], "told": ""}',
    ],
)
def test_a_file_that_holds_no_saved_searches_is_named(text: str, tmp_path: Path) -> None:
    file = tmp_path / "watch.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OperatorError, match=r"watch\.json has no saved searches in it"):
        Watched.read(file)
