"""`scrapy browse` runs pywb, on loopback, for as long as it is wanted."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.collection.collection import Collection
from crawler.cli.browse import find_wayback
from crawler.errors import OperatorError
from tests.support.checkout import ROOT
from tests.support.commands import call
from tests.support.logs import make_log
from tests.support.tools import find_tool

PRETENDER = """#!{python}
import http.server, os, sys
from pathlib import Path
assert sys.argv[1:4] == ["-b", "127.0.0.1", "-p"], sys.argv
Path("pid").write_text(str(os.getpid()))
http.server.HTTPServer(("127.0.0.1", int(sys.argv[4])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def program(path: Path, text: str) -> Path:
    path.write_text(text.replace("{python}", sys.executable))
    path.chmod(0o755)
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    writing = Collection(tmp_path / "data" / "collections" / "news", "news", {}, 10**9)
    writing.write(make_log("http://news.example/marisol"), {})
    writing.finish_file()
    return tmp_path / "data"


@contextmanager
def browsing(data: Path, wayback: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`scrapy browse` as it runs, once it has said where."""
    command = [sys.executable, "-m", "scrapy", "browse", "--port", str(port)]
    command += ["-s", f"DATA_DIR={data}", "-s", f"BROWSE_WAYBACK={wayback}"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert f"http://127.0.0.1:{port}/news/ " in said, process.stderr and process.stderr.read()
            yield process
        finally:
            process.terminate()  # not kill: pywb would live on
            process.wait(60)


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("end", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_pywb_runs_in_the_data_folder_and_ends_with_the_command(
    data: Path, tmp_path: Path, end: signal.Signals
) -> None:
    port = free_port()
    with browsing(data, program(tmp_path / "wayback", PRETENDER), port) as process:
        status, listing = get(port, "/")
        process.send_signal(end)
        assert process.wait(60) == 0

    assert status == 200
    assert b"collections/" in listing
    assert not is_running(int((data / "pid").read_text()))


def browse(data: Path, wayback: str = "/bin/sh", port: int = 8080, arguments: Sequence[str] = ()) -> int:
    return call("browse", *arguments, "--port", str(port), DATA_DIR=str(data), BROWSE_WAYBACK=wayback)


def test_without_pywb_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(OperatorError, match=r"There is no program `wayback`.*pip install pywb"):
        find_wayback("")


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


def test_what_cannot_be_done_is_refused_in_one_sentence(data: Path, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="BROWSE_WAYBACK is '/no/such/program'"):
        browse(data, wayback="/no/such/program")
    with pytest.raises(OperatorError, match=r"no archive in .*/elsewhere"):
        browse(tmp_path / "elsewhere")
    with pytest.raises(OperatorError, match="Port 99999 cannot be used"):
        browse(data, port=99999)
    with pytest.raises(OperatorError, match="Unknown argument 'page'"):
        browse(data, arguments=["page"])


def test_a_port_in_use_is_named(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(OperatorError, match=f"Port {port} cannot be used"):
            browse(data, port=port)


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
def test_a_page_is_shown(data: Path) -> None:
    wayback = find_tool("TOOL_PYWB", "wayback")
    before = sorted(path for path in data.rglob("*"))
    port = free_port()
    with browsing(data, Path(wayback), port):
        shown = get(port, "/news/2id_/http://news.example/marisol")

    assert shown == (200, b"Le port de Marisol rouvre.")
    assert sorted(path for path in data.rglob("*")) == before
