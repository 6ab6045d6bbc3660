"""The services that a back-fill asks, on loopback, for the articles of a running newsroom.

Sitemaps by month; more of them are added by `answers`.
"""

import gzip
import json
import re
import sys
import threading
import uuid
import zipfile
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import SEEK_END, BytesIO
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from crawler.demo import ArticleTruth, Newsroom
from crawler.demo.content import read_sites
from tests.support.foreign_records import record, warcinfo


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Callable[[str, Mapping[str, str]], Reply | None]
"""Takes path with query, and the header fields of the request in lower case; None for what it does not have."""


class PastWeb:
    """A server, and what it was asked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.requests: list[str] = []
        """Each request with its range, in the order of arrival."""
        self.answers: list[Answer] = []
        """Asked one after the other."""

    def reply(self, path: str, headers: Mapping[str, str]) -> Reply:
        """The answer to a request."""
        self.requests.append(f"{path} {headers.get('range', '')}".strip())
        found = (answer(path, headers) for answer in self.answers)
        return next((reply for reply in found if reply is not None), Reply(b"nothing here", 404))


@contextmanager
def past_web(*answers: Answer) -> Iterator[PastWeb]:
    """Serve until the end of the block."""
    server = _Server(("127.0.0.1", 0), _Handler)
    web = server.web = PastWeb(server.server_port)
    web.answers += answers
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    web: PastWeb

    def handle_error(self, request: object, client_address: object) -> None:
        # A client that is killed disconnects within a response; every other failure in a thread is shown.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.web.reply(self.path, headers)
        self.send_response(reply.status)
        for header, text in {"Content-Type": "text/plain", **reply.headers}.items():
            self.send_header(header, text)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: `PastWeb.requests` lists the requests."""


_BY_ORDER = ("amp", "syndicated")
"""Of these and their twins only the one that comes first is kept."""


def articles(newsroom: Newsroom) -> list[ArticleTruth]:
    """The articles of the newsroom whose fate depends on no order."""
    everything = [article for site in newsroom.sites for article in site.articles]
    return [each for each in everything if not {each.special, each.fate} & {*_BY_ORDER}]


def publication_days(newsroom: Newsroom) -> dict[str, str]:
    """The day of publication of each article by URL, as its site writes it; 2019-12-15 where it writes none."""
    days = {(site.id, each.path): each.published[:10] for site in read_sites() for each in site.stories}
    links = {site.id: site.link for site in newsroom.sites}
    return {links[site](path): day or "2019-12-15" for (site, path), day in days.items()}


def wanted(newsroom: Newsroom, month: str) -> dict[str, ArticleTruth]:
    """The articles of a month that a crawl keeps, by URL."""
    kept = ("saved", "live_blog")
    return {each.url: each for each in articles(newsroom) if each.month == month and each.fate in kept}


def sitemaps(newsroom: Newsroom, base: Callable[[], str]) -> Answer:
    """Sitemaps by month at `/SITE/sitemap.xml`, which say nothing but addresses."""
    own = {each.url for each in articles(newsroom)}
    by_site = {site.id: [each for each in site.articles if each.url in own] for site in newsroom.sites}

    def answer(path: str, _: Mapping[str, str]) -> Reply | None:
        parts = urlsplit(path).path.strip("/").split("/")
        site, name = parts[0], parts[-1]
        if site not in by_site:
            return None
        months = sorted({each.month or "2019-12" for each in by_site[site]})
        if name == "sitemap.xml":
            places = [f"{base()}/{site}/posts-{month}.xml" for month in months]
            return Reply(_xml("sitemapindex", "sitemap", places))
        found = [each.url for each in by_site[site] if f"posts-{each.month or '2019-12'}.xml" == name]
        return Reply(_xml("urlset", "url", found)) if found else None

    return answer


def _xml(root: str, entry: str, urls: list[str]) -> bytes:
    inner = "".join(f"<{entry}><loc>{url}</loc></{entry}>" for url in urls)
    name = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="{name}">{inner}</{root}>'.encode()


def index(newsroom: Newsroom, rows: int = 1000) -> Answer:
    """A Wayback Machine that captured each article on the last day of its month, with so many rows a page."""
    captured = {each.url: _last_day(each.month or "2019-12") for each in articles(newsroom)}

    def answer(path: str, _: Mapping[str, str]) -> Reply | None:
        parts = urlsplit(path)
        if parts.path == "/cdx/search/cdx":
            return _cdx(parse_qs(parts.query), captured, rows)
        found = _COPY.fullmatch(path)
        if found and captured.get(found[2]) == found[1]:
            return _copy(found[2])
        return None

    return answer


_COPY = re.compile(r"/web/(\d{14})id_/(.+)")


def _cdx(query: Mapping[str, list[str]], captured: Mapping[str, str], rows: int) -> Reply:
    assert query["filter"] == ["statuscode:200", "mimetype:text/html"]
    assert (query["output"], query["collapse"], query["showResumeKey"]) == (["json"], ["urlkey"], ["true"])
    found = [
        [moment, url, "text/html", "200"]
        for url, moment in sorted(captured.items())
        if urlsplit(url).netloc == query["url"][0] and query["from"][0] <= moment[:8] <= query["to"][0]
    ]
    begin = int(query.get("resumeKey", ["0"])[0])
    fields = query["fl"][0].split(",")
    page = [fields, *found[begin : begin + rows]]
    page += [[], [str(begin + rows)]] if begin + rows < len(found) else []
    lines = ",\n ".join(json.dumps(row) for row in page)
    return Reply(f"[{lines}]\n".encode() if found else b"[]\n", headers={"Content-Type": "application/json"})


def _last_day(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year}{number:02d}{monthrange(year, number)[1]}230000"


def _copy(url: str) -> Reply:
    with urlopen(url) as answer:
        original = answer.headers["Last-Modified"] or ""
        headers = {"Content-Type": answer.headers["Content-Type"], "X-Archive-Orig-Last-Modified": original}
        return Reply(answer.read(), headers=headers)


def lists(newsroom: Newsroom, stream: str = "") -> Answer:
    """GDELT, which mentions each article twice at noon of the day of its publication, between others and a broken row.

    `stream` is `.translation` for the lists of translated articles. Of other moments there is no list.
    """
    days = publication_days(newsroom)
    by_moment: dict[str, list[str]] = {}
    for each in articles(newsroom):
        moment = f"{days[each.url].replace('-', '')}120000"
        by_moment.setdefault(moment, ["https://elsewhere.example/story-1"]).append(each.url)

    def answer(path: str, _: Mapping[str, str]) -> Reply | None:
        found = re.fullmatch(rf"/gdeltv2/(\d{{14}}){re.escape(stream)}\.mentions\.CSV\.zip", path)
        if found is None or found[1] not in by_moment:
            return None
        rows = [_mention(found[1], url) for url in by_moment[found[1]] for _ in range(2)]
        rows.insert(1, "1013213\tbroken")
        return Reply(_zipped(f"{found[1]}.mentions.CSV", "".join(f"{row}\n" for row in rows)))

    return answer


def _mention(moment: str, url: str) -> str:
    host = urlsplit(url).netloc
    return "\t".join(
        ("967", moment, moment, "1", host, url, "3", "-1", "88", "90", "1", "60", "4012", "-3.1", "", "")
    )


def _zipped(name: str, text: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, text)
    return made.getvalue()


def news_crawl(newsroom: Newsroom, cut: int | None = None) -> Answer:
    """CC-NEWS: of each month one file, written on its last day, with the articles between pages of others.

    The file ends after `cut` bytes; damaged bytes stand in its midst.
    """
    files = {}
    for month in {each.month for each in articles(newsroom) if each.month}:
        name = f"crawl-data/CC-NEWS/{month.replace('-', '/')}/CC-NEWS-{_last_day(month)}-00001.warc.gz"
        files[name] = [each.url for each in articles(newsroom) if each.month == month]
    bodies: dict[str, bytes] = {}

    def answer(path: str, headers: Mapping[str, str]) -> Reply | None:
        name = path.strip("/")
        if name.endswith("/warc.paths.gz"):
            here = [each for each in files if each.startswith(name.removesuffix("warc.paths.gz"))]
            return Reply(gzip.compress("".join(f"{each}\n" for each in here).encode())) if here else None
        if name not in files:
            return None
        if name not in bodies:
            bodies[name] = _warc(files[name], name.split("-")[-2])[:cut]
        return _range(bodies[name], headers.get("range", ""))

    return answer


def _range(body: bytes, wanted: str) -> Reply:
    first, last = map(int, wanted.removeprefix("bytes=").split("-"))
    if first >= len(body):
        return Reply(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
    part = body[first : last + 1]
    return Reply(part, 206, {"Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(body)}"})


def _warc(urls: list[str], moment: str) -> bytes:
    date = f"{moment[:4]}-{moment[4:6]}-{moment[6:8]}T23:00:00Z"
    made = BytesIO(gzip.compress(warcinfo("StormCrawler")))
    made.seek(0, SEEK_END)
    for number, url in enumerate(urls):
        made.write(_exchange(f"https://elsewhere.example/{number}", date, b"<p>Other news", "text/html"))
        with urlopen(url) as answer:
            made.write(_exchange(url, date, answer.read(), answer.headers["Content-Type"]))
        if number == 1:
            made.write(bytes(range(256)) * 4)
    return made.getvalue()


def _exchange(url: str, date: str, body: bytes, media_type: str) -> bytes:
    its_id = f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}>"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode()
    answer = record("response", url, head + body, WARC_Record_ID=its_id, WARC_Date=date)
    asked = f"GET / HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n\r\n".encode()
    request = record("request", url, asked, WARC_Concurrent_To=its_id, WARC_Date=date)
    return gzip.compress(answer) + gzip.compress(request)
