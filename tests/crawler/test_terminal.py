"""Nothing that is printed raises, and an interrupt shows no traceback, from the first moment on."""

import io
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.cli.console import open_console
from crawler.own_process import scrapy_command
from crawler.terminal import prepare

TEXT = "Тарн … «café» 停战 \udcff"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "koi8-r", "utf-8"])
def test_no_character_raises_on_any_terminal(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    prepare()
    print(TEXT)
    open_console().print(TEXT)
    stream.flush()
    assert r"\udcff" in stream.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize(
    "program",
    [
        "import crawler.commands; raise KeyboardInterrupt",
        "from crawler.terminal import prepare; prepare(); import interrupted",
    ],
)
def test_an_interrupt_outside_of_any_work_is_one_sentence(program: str, tmp_path: Path) -> None:
    (tmp_path / "interrupted.py").write_text("raise KeyboardInterrupt", encoding="utf-8")
    assert _interrupted([sys.executable, "-c", program], tmp_path) == (
        1,
        "frontwire: Stopped before the end.\n",
    )


def test_a_process_of_ours_is_interrupted_while_scrapy_is_imported(tmp_path: Path) -> None:
    (tmp_path / "scrapy.py").write_text("raise KeyboardInterrupt", encoding="utf-8")
    given = scrapy_command("crawl", "news")
    given[2] = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {given[2].replace('insert(0', 'insert(1')}"
    )
    assert _interrupted(given, tmp_path) == (1, "frontwire: Stopped before the end.\n")


def test_a_defect_keeps_its_traceback(tmp_path: Path) -> None:
    code, said = _interrupted([sys.executable, "-c", "import crawler.commands; 1 / 0"], tmp_path)
    assert code == 1
    assert said.startswith("Traceback")


def _interrupted(command: list[str], folder: Path) -> tuple[int, str]:
    environment = {"PYTHONPATH": f"{Path(__file__).parents[2]}:{folder}"}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stderr


@pytest.mark.parametrize(
    ("message", "arguments", "shown"),
    [
        (
            "Stored feed in: %s",
            ("ftp://reader:Geheim@orla.example/a",),
            "Stored feed in: ftp://orla.example/a",
        ),
        ("{'FEEDS': {'http://a:b@c:Geheim@orla.example/': 1}}", (), "{'FEEDS': {'http://orla.example/': 1}}"),
        ("Ask desk@orla.example about %d%%", (3,), "Ask desk@orla.example about 3%"),
    ],
)
def test_no_password_of_a_url_is_logged(
    message: str, arguments: tuple[object, ...], shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    before = logging.getLogRecordFactory()
    try:
        prepare()
        record = logging.getLogger("x").makeRecord("x", logging.INFO, "", 1, message, arguments, None)
        assert record.getMessage() == shown
        # What cannot be formatted is reported by the handler, as ever.
        logging.getLogger("x").makeRecord("x", logging.INFO, "", 1, "%s %s", ("@",), None)
    finally:
        logging.setLogRecordFactory(before)


@pytest.mark.parametrize(
    ("name", "level", "shown"),
    [
        ("scrapy.crawler", logging.INFO, logging.DEBUG),
        ("scrapy.core.engine", logging.WARNING, logging.WARNING),
        ("scrapy.extensions.feedexport", logging.INFO, logging.INFO),
        ("crawler.run.recorder", logging.INFO, logging.INFO),
    ],
)
def test_what_scrapy_says_of_itself_is_for_those_who_look_for_defects(
    name: str, level: int, shown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    prepare()
    record = logging.getLogger(name).makeRecord(name, level, __file__, 1, "Overridden settings", (), None)
    assert (record.levelno, record.levelname) == (shown, logging.getLevelName(shown))
