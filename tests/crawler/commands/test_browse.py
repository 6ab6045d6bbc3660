"""`scrapy browse` serves the corpus on loopback, with pywb beside it, for as long as it is wanted."""

import http.client
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from crawler.cli.pywb import find_wayback
from crawler.errors import OperatorError
from tests.support.browsing import browsing
from tests.support.catalogues import lone_articles
from tests.support.commands import call
from tests.support.tools import find_tool

PRETENDER = """#!{python}
import http.server, os, sys
from pathlib import Path
assert sys.argv[1:4] == ["-b", "127.0.0.1", "-p"], sys.argv
assert "sandbox" in Path("config.yaml").read_text()
Path("{pid}").write_text(str(os.getpid()))
http.server.HTTPServer(("127.0.0.1", int(sys.argv[4])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def program(path: Path, text: str) -> Path:
    path.write_text(text.replace("{python}", sys.executable).replace("{pid}", f"{path}.pid"))
    path.chmod(0o755)
    return path


@pytest.fixture
def data(newsroom_crawl: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(newsroom_crawl, tmp_path / "data"))


def get(address: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=120)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("end", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_corpus_and_pywb_are_served_and_end_with_the_command(
    data: Path, tmp_path: Path, end: signal.Signals
) -> None:
    port, url = free_port(), lone_articles(data)[0].url
    wayback = program(tmp_path / "wayback", PRETENDER)
    with browsing(data, port, BROWSE_WAYBACK=wayback) as process:
        assert "articles" in get(f"127.0.0.1:{port}", "/")[1]
        with pytest.raises(ConnectionRefusedError):
            get(f"127.0.0.2:{port}", "/")
        framed = re.search(
            r'<iframe[^>]* src="(http://[^/]*)', get(f"127.0.0.1:{port}", f"/page?url={url}")[1]
        )
        assert framed is not None and not framed[1].endswith(f":{port}")
        assert "collections/" in get(framed[1], "/")[1]
        process.send_signal(end)
        assert process.wait(60) == 0
    assert not is_running(int((tmp_path / "wayback.pid").read_text()))


def browse(data: Path, wayback: str = "/bin/sh", port: int = 8080, arguments: Sequence[str] = ()) -> int:
    return call("browse", *arguments, "--port", str(port), DATA_DIR=str(data), BROWSE_WAYBACK=wayback)


def test_pywb_is_found_beside_the_running_python_or_in_the_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for folder in ("here", "path"):
        (tmp_path / folder).mkdir()
        program(tmp_path / folder / "wayback", PRETENDER)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "here" / "python"))
    assert find_wayback("") == tmp_path / "here" / "wayback"
    (tmp_path / "here" / "wayback").unlink()
    assert find_wayback("") == tmp_path / "path" / "wayback"
    (tmp_path / "path" / "wayback").unlink()
    assert find_wayback("") is None


def test_what_cannot_be_done_is_refused_in_one_sentence(data: Path, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="BROWSE_WAYBACK is '/no/such/program'"):
        browse(data, wayback="/no/such/program")
    with pytest.raises(OperatorError, match=r"no catalogue in .*/elsewhere"):
        browse(tmp_path / "elsewhere")
    with pytest.raises(OperatorError, match="Port 99999 cannot be used"):
        browse(data, port=99999)
    with pytest.raises(OperatorError, match="Unknown argument 'page'"):
        browse(data, arguments=["page"])
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OperatorError, match="cannot be used"):
            browse(data, port=other.getsockname()[1])


def test_what_ended_pywb_is_told(data: Path, tmp_path: Path) -> None:
    broken = program(tmp_path / "wayback", "#!/bin/sh\necho no module named gevent >&2\nexit 7\n")
    handler = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(
            OperatorError, match="pywb ended with exit code 7: no module named gevent"
        ) as failed:
            browse(data, wayback=str(broken), port=free_port())
    finally:
        signal.signal(signal.SIGTERM, handler)
    assert failed.value.exit_code == 1


@pytest.mark.slow
def test_a_page_is_shown_as_it_was_sent_without_its_scripts(data: Path) -> None:
    wayback, port, row = find_tool("TOOL_PYWB", "wayback"), free_port(), lone_articles(data)[0]
    before = sorted(path for path in (data / "collections").rglob("*"))
    with browsing(data, port, BROWSE_WAYBACK=wayback):
        framed = re.search(
            r' src="(http://127[^/]*)(/[^"]*)', get(f"127.0.0.1:{port}", f"/page?url={row.url}")[1]
        )
        assert framed is not None
        connection = http.client.HTTPConnection(framed[1].removeprefix("http://"), timeout=120)
        connection.request("GET", framed[2])
        response = connection.getresponse()
        assert response.status == 200
        assert (response.getheader("Content-Security-Policy") or "").startswith("sandbox allow-same-origin;")
        assert row.text.split("\n\n")[0][:20] in response.read().decode()
    assert sorted(path for path in (data / "collections").rglob("*")) == before
