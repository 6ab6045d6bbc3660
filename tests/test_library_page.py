"""docs/library.md is right: its blocks are run in somebody else's project."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.checkout import ROOT
from tests.support.origin import Answer, serve

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
SETTINGS, READING = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
CRAWL, REPLAY = "scrapy crawl quotes", "scrapy crawl quotes -s REPLAY_FROM=archive-of-quotes"
SPIDER = """
import scrapy

class Quotes(scrapy.Spider):
    name = "quotes"

    def parse(self, response):
        for text in response.css("q::text").getall():
            yield {"quote": text}
"""
BODY = "<html><meta charset=utf-8><q>Tarn stands.</q><q>Вилла пала.</q></html>".encode()
ANSWER = Answer(
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
)


def test_anothers_project_is_archived_replayed_and_read(tmp_path: Path) -> None:
    assert {CRAWL, REPLAY} <= {*re.findall(r"scrapy crawl quotes[^`\n]*", PAGE)}
    package = tmp_path / "quotes"
    (package / "spiders").mkdir(parents=True)
    for folder in (package, package / "spiders"):
        (folder / "__init__.py").touch()
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = quotes.settings\n")
    with serve({"/": ANSWER}) as origin:
        (package / "spiders" / "quotes.py").write_text(f"{SPIDER}\n    start_urls = [{origin.url('/')!r}]\n")
        (package / "settings.py").write_text(
            f'BOT_NAME = "quotes"\nSPIDER_MODULES = ["quotes.spiders"]\n{SETTINGS}'
        )
        _run(tmp_path, "-m", *shlex.split(CRAWL), "-O", "live.json")
    _run(tmp_path, "-m", *shlex.split(REPLAY), "-O", "replayed.json")

    live, replayed = (json.loads((tmp_path / name).read_bytes()) for name in ("live.json", "replayed.json"))
    assert live == replayed == [{"quote": "Tarn stands."}, {"quote": "Вилла пала."}]
    [line] = _run(tmp_path, "-c", READING).splitlines()
    assert line.endswith(f" 200 {origin.url('/')} {len(BODY)}")


def _run(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("SCRAPY_SETTINGS_MODULE", None)
    ran = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return ran.stdout
