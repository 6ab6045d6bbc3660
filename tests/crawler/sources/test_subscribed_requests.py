"""A subscription opens its own site and no other one, and leaves no value behind but what servers themselves sent."""

import gzip
import io
import logging
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from archive.warc.files import RecordFile
from archive.warc.reader import read_records
from crawler.catalogue.articles import articles
from crawler.catalogue.visits import visits_of
from crawler.database.catalogue import Catalogue
from crawler.exit_codes import OK, USAGE
from crawler.run.recorder import recorder_of
from crawler.sources.subscription_file import SubscriptionError
from tests.support.commands import call, scrapy
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, feed, redirect
from tests.support.newsroom_runs import corpus, replay
from tests.support.origin import make_certificate, serve
from tests.support.verifying import verify

SESSION, KEY = "5e55ion-0123456789", "k3y-0123456789abcdef"
SECRETS = (SESSION.encode(), KEY.encode())
ECHO = {"/echo-body": f"<a href='/x?sid={SESSION}'>x</a>", "/echo-zipped": f"<p>{SESSION}</p>"}


@dataclass
class Press:
    """A site that shows its articles to subscribers only, and remembers what came with each request."""

    cookies: dict[str, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    keys: dict[str, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """Redirects by path."""
    listed: tuple[str, ...] = ()
    port: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def open_press(press: Press) -> Iterator[Press]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            cookie = self.headers["Cookie"]
            press.cookies[self.path].append(cookie)
            press.keys[self.path].append(self.headers["X-Key"])
            self.wfile.write(_answer(press, self.path, is_subscriber=f"sid={SESSION}" in (cookie or "")))
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        press.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield press
        finally:
            server.shutdown()
            thread.join()


def _answer(press: Press, path: str, is_subscriber: bool) -> bytes:
    if path == "/robots.txt":
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    if path == "/feed":
        return feed(each if "://" in each else press.url(each) for each in press.listed).data
    if path in press.elsewhere:
        return (
            f"HTTP/1.1 302 Found\r\nLocation: {press.elsewhere[path]}\r\nContent-Length: 0\r\n\r\n".encode()
        )
    if not is_subscriber:
        return b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    page = article(f"Veld {path.strip('/')}").data
    body = page.partition(b"\r\n\r\n")[2].replace(b"</article>", f"</article>{ECHO.get(path, '')}".encode())
    coding = b""
    if path == "/echo-zipped":
        body, coding = gzip.compress(body), b"Content-Encoding: gzip\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: sid=%s; Path=/\r\n%s" % (
        SESSION.encode(),
        coding,
    )
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


@dataclass(frozen=True)
class Crawled:
    data: Path
    press: Press
    other: Press
    log: str

    def fate(self, url: str, data: Path | None = None) -> list[tuple[str, str | None]]:
        with closing(Catalogue.open("", data or self.data)) as catalogue:
            return [(visit.fate, visit.reason) for visit in visits_of(catalogue, url)]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("subscribed")
    with open_press(Press()) as other, open_press(Press()) as press:
        press.elsewhere = {
            "/away": other.url("/caught"),
            "/renamed": press.url("/caught", "localhost"),
            "/leaking": other.url(f"/caught?sid={SESSION}"),
        }
        press.listed = ("/story", "/away", "/renamed", "/leaking", *ECHO, other.url("/listed"))
        registry, own = folder / "own.toml", folder / "subscriptions.toml"
        registry.write_text(
            f'[[source]]\nid = "tarn"\nname = "Tarn Courier"\nhomepage = "{press.url("/")}"\n'
            f'feeds = ["{press.url("/feed")}"]\n'
        )
        own.write_text(
            f'[[subscription]]\nsource = "tarn"\nsites = ["{press.url("")}"]\ncookies = "sid={SESSION}"\n'
            f'headers = {{ X-Key = "{KEY}" }}\n'
        )
        own.chmod(0o600)
        given = {"DATA_DIR": str(folder / "data"), "SUBSCRIPTIONS": str(own), "ARCHIVE_REQUISITES": "images"}
        allowed = {"ADDRESS_GUARD_ALLOW": "127.0.0.1,::1,localhost"}
        with logged() as lines:
            crawler = run_crawl("news", SETTINGS | given | allowed, sources=str(registry))
        assert crawler.stats is not None
        told = f"{crawler.stats.get_stats()}{[*crawler.settings.items()]}{recorder_of(crawler).result}"
        yield Crawled(folder / "data", press, other, told + lines.getvalue())


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """All that is logged within the block, with tracebacks, at every level."""
    lines, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(lines), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def test_the_site_that_demands_the_cookie_gets_it_and_gives_the_article(crawled: Crawled) -> None:
    assert crawled.press.cookies["/story"] == [f"sid={SESSION}"] and crawled.press.keys["/story"] == [KEY]
    assert crawled.press.cookies["/feed"] == [f"sid={SESSION}"]
    with closing(Catalogue.open("", crawled.data)) as catalogue:
        assert [row.url for row in articles(catalogue)] == [crawled.press.url("/story")]


def test_no_other_server_and_no_file_of_the_site_gets_anything(crawled: Crawled) -> None:
    assert crawled.other.cookies["/caught"] and crawled.other.cookies["/listed"]
    asked = [*crawled.other.cookies.values(), *crawled.other.keys.values()]
    asked += [crawled.press.cookies[path] for path in ("/caught", "/robots.txt", "/.well-known/tdmrep.json")]
    assert crawled.press.cookies["/caught"] == [None]  # by another of its names
    assert {value for values in asked for value in values} == {None}
    assert not [path for path in crawled.other.cookies if SESSION in path]


def test_request_records_are_masked_and_say_so(crawled: Crawled) -> None:
    [request] = [each for each in records(crawled.data, "request") if b"GET /story " in each]
    assert b"Cookie: [masked]\r\n" in request and b"X-Key: [masked]\r\n" in request
    noted = [
        each for each in records(crawled.data, "metadata") if b"maskedRequestFields: Cookie, X-Key" in each
    ]
    assert len(noted) == len([path for path in crawled.press.cookies if crawled.press.cookies[path][0]])


def test_nothing_that_we_write_holds_a_value_but_what_the_server_sent(crawled: Crawled) -> None:
    everything = [file for file in crawled.data.rglob("*") if file.is_file() and ".warc" not in file.name]
    assert [file for file in everything if any(secret in file.read_bytes() for secret in SECRETS)] == []
    assert not [
        each
        for kind in ("request", "metadata", "warcinfo")
        for each in records(crawled.data, kind)
        if _leaks(each)
    ]
    assert [
        each for each in records(crawled.data, "response") if _leaks(each)
    ]  # Set-Cookie is the server's word
    assert not _leaks(crawled.log.encode())
    assert "Subscriptions of yours are used for tarn. Their terms of use may forbid" in crawled.log


def test_an_answer_that_repeats_a_value_is_kept_and_nothing_is_derived_from_it(
    crawled: Crawled, tmp_path: Path
) -> None:
    where = {"/echo-body": "body", "/echo-zipped": "body", "/leaking": "head"}
    again = replay(crawled.data / "collections" / "news", tmp_path / "again", RELEVANCE_MODE="off")
    for path, part in where.items():
        reason = f"its {part} repeats a secret of the subscription that fetched it: nothing is read from it"
        ended = [("quarantined", reason)]
        assert crawled.fate(crawled.press.url(path)) == crawled.fate(crawled.press.url(path), again) == ended
    assert corpus(again) == corpus(crawled.data)


def test_the_archive_verifies_and_its_article_is_traced(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(crawled.data, RELEVANCE_MODE="off") == OK
    [file] = (crawled.data / "corpus").glob("[0-9]*/*.txt")
    assert call("trace", str(file), DATA_DIR=str(crawled.data)) == OK
    assert "DISAGREES" not in capsys.readouterr().out


def test_over_tls_values_go_only_where_the_certificate_is_verified_and_never_to_http(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificates = []
    for name in ("trusted", "other"):
        (tmp_path / name).mkdir()
        certificates.append(make_certificate(tmp_path / name))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates[0]))
    secure, plain, unsure = (Site({f"/{name}": article(name)}) for name in ("story", "plain", "unsure"))
    with (
        serve(secure, certificates[0]) as tls,
        serve(plain) as http,
        serve(unsure, certificates[1]) as any_tls,
    ):
        secure |= {"/feed": feed(map(tls.url, ("/story", "/down"))), "/down": redirect(http.url("/plain"))}
        unsure["/feed"] = feed([any_tls.url("/unsure", "localhost")])
        homes = {"tarn": (tls.url(""), ""), "veld": (any_tls.url("", "localhost"), "verify_tls = false\n")}
        registry, own = tmp_path / "own.toml", tmp_path / "subscriptions.toml"
        registry.write_text(
            "".join(
                f'[[source]]\nid = "{name}"\nname = "{name}"\nhomepage = "{url}/"\nfeeds = ["{url}/feed"]\n{more}'
                for name, (url, more) in homes.items()
            )
        )
        own.write_text(
            "".join(
                f'[[subscription]]\nsource = "{name}"\nsites = ["{url}"]\ncookies = "sid={SESSION}"\n'
                for name, (url, _) in homes.items()
            )
        )
        own.chmod(0o600)
        given = {"DATA_DIR": str(tmp_path / "data"), "SUBSCRIPTIONS": str(own)}
        allowed = {"ADDRESS_GUARD_ALLOW": "127.0.0.1,::1,localhost"}
        run_crawl("news", SETTINGS | given | allowed, sources=str(registry))
    asked = {
        path: its for at in (tls, http, any_tls) for path, its in at.read.items() if "robots" not in path
    }
    assert {"/story", "/down", "/plain", "/unsure"} <= asked.keys()
    with_value = {path for path, its in asked.items() if any(_leaks(each) for each in its)}
    assert with_value == {"/story", "/down"}
    assert [any(map(_leaks, at.read["/feed"])) for at in (tls, any_tls)] == [True, False]


def records(data: Path, kind: str) -> list[bytes]:
    files = sorted((data / "collections" / "news" / "archive").iterdir())
    return [
        each.block for file in files for each in read_records(RecordFile(file), print) if each.type == kind
    ]


def _leaks(data: bytes) -> bool:
    return any(secret in data for secret in SECRETS)


@pytest.mark.parametrize("command", [("sources", "check"), ("add", "https://veld.example/a")])
def test_a_command_that_would_use_a_wrong_file_ends_before_it_begins(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    given = {"DATA_DIR": str(tmp_path / "data"), "SUBSCRIPTIONS": str(tmp_path / "none.toml")}
    with pytest.raises(SubscriptionError, match="cannot read"):
        call(*command, **given)
    assert not (tmp_path / "data" / "catalogue.sqlite").exists()


def test_a_crawl_with_a_wrong_file_ends_in_one_sentence(tmp_path: Path) -> None:
    own = tmp_path / "subscriptions.toml"
    own.write_text(
        f'[[subscription]]\nsource = "tran"\nsites = ["https://a.example"]\ncookies = "sid={SESSION}"\n'
    )
    own.chmod(0o600)
    done = scrapy("crawl", "news", "-s", f"DATA_DIR={tmp_path / 'data'}", "-s", f"SUBSCRIPTIONS={own}")
    assert done.returncode == USAGE
    assert done.stderr.count("\n") == 1 and "'tran', which no registry has" in done.stderr
