"""With LOG_JSON each line of the log is a JSON object, whoever wrote it."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings
from twisted.python import log as twisted_log
from twisted.python.failure import Failure

from crawler.exit_codes import USAGE
from crawler.watching.json_log import log_handler, use_json
from tests.support.commands import scrapy


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """The log of the test, which is JSON."""
    before, level = [*logging.root.handlers], logging.root.level
    logging.root.handlers = []
    path = tmp_path / "log"
    use_json(Settings({"LOG_FILE": str(path), "LOG_LEVEL": "INFO", "LOG_FILE_APPEND": True}))
    yield path
    handler = log_handler()
    assert handler is not None
    handler.close()
    logging.root.handlers = before
    logging.root.setLevel(level)


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_line_has_time_level_logger_and_words(file: Path) -> None:
    logging.getLogger("crawler.run").warning("Мост %s\x1b[2J\nVeld", "塔姆")
    logging.getLogger("crawler.run").debug("not shown")
    [line] = lines(file)
    assert {name: line[name] for name in ("event", "level", "logger")} == {
        "event": "Мост 塔姆\x1b[2J\nVeld",
        "level": "warning",
        "logger": "crawler.run",
    }
    assert str(line["timestamp"]).endswith("Z")


def test_an_exception_is_a_field(file: Path) -> None:
    try:
        raise ValueError("Veld")
    except ValueError:
        logging.getLogger("crawler.run").exception("The run cannot go on")
    [line] = lines(file)
    [raised] = line["exception"]
    assert (raised["exc_type"], raised["exc_value"]) == ("ValueError", "Veld")
    assert "locals" not in raised["frames"][0]


def test_what_twisted_logs_is_a_line_too(file: Path) -> None:
    observer = twisted_log.PythonLoggingObserver("twisted")  # type: ignore[no-untyped-call]
    observer.start()
    try:
        twisted_log.err(Failure(ValueError("Veld")), "unhandled")  # type: ignore[no-untyped-call]
    finally:
        observer.stop()
    assert "ValueError: Veld" in str(lines(file)[-1]["event"])


def test_the_sentence_of_a_refused_run_is_a_line_too() -> None:
    refused = scrapy("crawl", "nws", "-s", "LOG_JSON=1")
    assert refused.returncode == USAGE
    [line] = [json.loads(line) for line in refused.stderr.splitlines()]
    assert line["event"].startswith("There is no spider 'nws'")
    assert line["level"] == "error"
