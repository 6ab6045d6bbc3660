"""Runs that something else starts: scrapyd, cron and systemd, with the files of `deploy/`."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from crawler.data_dir import DataDir
from tests.support.checkout import ROOT
from tests.support.hostile_site import SETTINGS, Site, article, corpus, open_site
from tests.support.tools import find_tool

PATIENCE_S = 60.0

PARTS = (
    *("crawler", "pipelines", "archive", "seeds"),
    *("scrapy.cfg", "setup.py", "pyproject.toml", "README.md", "LICENSE"),
)

CONFIGURATION = """[scrapyd]
bind_address = 127.0.0.1
http_port = {port}
eggs_dir = eggs
logs_dir = logs
dbs_dir = dbs
poll_interval = 0.2
"""


class Scrapyd:
    """A scrapyd on loopback, used as in its documentation."""

    def __init__(self, url: str) -> None:
        self.url = url

    def call(self, name: str, **fields: str) -> dict[str, object]:
        """The answer to a GET request, or with fields to a POST."""
        body = urlencode(fields).encode() if fields and name == "schedule" else None
        query = f"?{urlencode(fields)}" if fields and body is None else ""
        with urlopen(f"{self.url}/{name}.json{query}", body, timeout=PATIENCE_S) as answer:
            answered: dict[str, object] = json.load(answer)
        assert answered["status"] == "ok", answered
        return answered

    def wait_for(self, job: object) -> None:
        """Return when a job is over."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            finished = self.call("listjobs", project="frontwire")["finished"]
            assert isinstance(finished, list)
            if any(each["id"] == job for each in finished):
                return
            time.sleep(0.2)
        raise AssertionError(f"job {job} was not over after {PATIENCE_S} s")


@contextmanager
def run_scrapyd(program: str, folder: Path) -> Iterator[Scrapyd]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    (folder / "scrapyd.conf").write_text(CONFIGURATION.format(port=port), encoding="utf-8")
    with (folder / "scrapyd.log").open("wb") as log:
        server = subprocess.Popen([program], cwd=folder, stdout=log, stderr=log)
    try:
        while b"available at" not in (folder / "scrapyd.log").read_bytes():
            assert server.poll() is None, (folder / "scrapyd.log").read_text()
            time.sleep(0.05)
        yield Scrapyd(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(PATIENCE_S)


def copy_project(folder: Path) -> None:
    """Copy what a machine needs that crawls."""
    folder.mkdir()
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)


def deploy(programs: Path, scrapyd: Scrapyd, folder: Path) -> None:
    """Deploy as in docs/scheduling.md, from a copy of the checkout: the egg is built in the folder of the project."""
    checkout = folder / "checkout"
    copy_project(checkout)
    settings = checkout / "scrapy.cfg"
    text = settings.read_text(encoding="utf-8")
    assert "http://127.0.0.1:6800" in text
    settings.write_text(text.replace("http://127.0.0.1:6800", scrapyd.url), encoding="utf-8")
    path = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["scrapyd-deploy"],
        cwd=checkout,
        env={**os.environ, **path},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert '"status": "ok"' in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
def test_scrapyd_runs_what_was_deployed(tmp_path: Path) -> None:
    program = find_tool("TOOL_SCRAPYD", "scrapyd")
    data = tmp_path / "data"
    site = Site({"/a": article("Veld"), "/b": article("Tarmil")})
    with open_site(site, ["/a", "/b"], tmp_path), run_scrapyd(program, tmp_path) as scrapyd:
        deploy(Path(program).parent, scrapyd, tmp_path)
        spiders = scrapyd.call("listspiders", project="frontwire")["spiders"]
        assert spiders == ["backfill", "news", "replay"]
        # The word lists are in the egg too.
        options = SETTINGS | {"DATA_DIR": data, "SEEDS_DIR": ROOT / "seeds", "RELEVANCE_MODE": "conflict"}
        query = [("project", "frontwire"), ("spider", "news"), ("sources", str(tmp_path / "sources.txt"))]
        query += [("setting", f"{name}={value}") for name, value in options.items()]
        with urlopen(f"{scrapyd.url}/schedule.json", urlencode(query).encode(), timeout=PATIENCE_S) as answer:
            job = json.load(answer)["jobid"]
        scrapyd.wait_for(job)
    [log] = (tmp_path / "logs").rglob("*.log")
    assert "Run finished: 3 URLs = 2 saved, 1 discovery + 0 pending." in log.read_text(encoding="utf-8")
    assert len(corpus(data)) == 2


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """What the files of `deploy/` name /opt/frontwire: a folder with the checkout and its programs."""
    folder = tmp_path / "opt"
    copy_project(folder)
    program = folder / ".venv" / "bin" / "scrapy"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m scrapy "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return folder


def placed(name: str, home: Path) -> str:
    """A file of `deploy/` with the paths of this test."""
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    text = text.replace("/opt/frontwire", str(home)).replace("/var/log/frontwire", str(home))
    user = "root" if os.getuid() == 0 else os.environ.get("USER", "nobody")
    return text.replace("User=frontwire", f"User={user}").replace(
        "su frontwire frontwire", f"su {user} {user}"
    )


def cron_commands(text: str) -> list[str]:
    """The commands of a system crontab: after five fields of time and a user."""
    lines = [line for line in text.splitlines() if line and line[0] in "*0123456789"]
    commands = [line.split(None, 6)[6] for line in lines]
    assert not any("%" in command for command in commands), "cron takes it for the end of the line"
    return commands


@pytest.mark.slow
def test_cron_runs_what_is_due_and_is_quiet_about_a_run_that_is_still_at_work(
    tmp_path: Path, home: Path
) -> None:
    crawl, verify = cron_commands(placed("frontwire.cron", home))
    data = tmp_path / "data"
    data.mkdir()

    def run(command: str) -> subprocess.CompletedProcess[str]:
        settings = {
            f"FRONTWIRE_{name}": str(value) for name, value in (SETTINGS | {"DATA_DIR": data}).items()
        }
        command = command.replace("-a due=1", f"-a due=1 -a sources={tmp_path / 'sources.txt'}")
        return subprocess.run(
            ["/bin/sh", "-c", command], env=os.environ | settings, capture_output=True, text=True, timeout=120
        )

    with open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path):
        with DataDir.at(data).held():
            busy = run(crawl)
        assert (busy.returncode, busy.stdout) == (0, "")
        assert not corpus(data)
        done = run(crawl)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(corpus(data)) == 1
    assert "Run finished" in (home / "crawl.log").read_text(encoding="utf-8")
    checked = run(verify)
    assert checked.returncode == 0, checked.stderr
    assert (home / "verify.log").read_text(encoding="utf-8")


def test_systemd_finds_no_fault_with_the_units(tmp_path: Path, home: Path) -> None:
    program = shutil.which("systemd-analyze") or pytest.skip("systemd is not installed")
    units = [tmp_path / "frontwire.service", tmp_path / "frontwire.timer"]
    for unit in units:
        unit.write_text(placed(unit.name, home), encoding="utf-8")
    checked = subprocess.run(
        [program, "verify", "--man=no", *units], capture_output=True, text=True, timeout=60, check=False
    )
    faults = [line for line in checked.stderr.splitlines() if "frontwire" in line]
    assert (checked.returncode, faults) == (0, []), checked.stderr


def test_logs_are_rotated_without_a_word_lost(tmp_path: Path, home: Path) -> None:
    program = shutil.which("logrotate") or pytest.skip("logrotate is not installed")
    configuration = tmp_path / "frontwire.logrotate"
    configuration.write_text(placed(configuration.name, home), encoding="utf-8")
    configuration.chmod(0o644)
    log = home / "crawl.log"
    with log.open("a", encoding="utf-8") as at_work:
        at_work.write("before\n")
        at_work.flush()
        state = ["--state", str(tmp_path / "state")]
        subprocess.run([program, "--force", *state, str(configuration)], check=True, timeout=60)
        at_work.write("after\n")
    [rotated] = home.glob("crawl.log.*")
    assert rotated.read_text(encoding="utf-8") == "before\nafter\n"
