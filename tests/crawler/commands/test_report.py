"""`scrapy report` writes a page, prints a few lines, or lists URLs; a run is not harmed by its report."""

import logging
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.cli import report
from crawler.errors import OperatorError
from crawler.exit_codes import OK, USAGE
from tests.support.commands import call, scrapy
from tests.support.hostile_site import SETTINGS, Site, article, open_site
from tests.support.reported_runs import Reported, report_two_runs


@pytest.fixture
def two_runs(tmp_path: Path) -> Reported:
    return report_two_runs(tmp_path / "data")


def said(reported: Reported, *options: str) -> int:
    return call("report", *options, DATA_DIR=str(reported.data))


def test_the_latest_run_has_a_page_of_its_own_and_the_latest(
    two_runs: Reported, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(two_runs) == OK
    reports = two_runs.data / "reports"
    assert capsys.readouterr().out == f"Report: {reports}/run-2.html\n"
    assert sorted(file.name for file in reports.iterdir()) == ["latest.html", "run-2.html"]
    assert (reports / "latest.html").read_bytes() == (reports / "run-2.html").read_bytes()


@pytest.mark.parametrize(("wanted", "written"), [("1", ["latest.html", "run-1.html"]), ("0", [])])
def test_a_crawl_writes_its_report_before_its_last_line(
    wanted: str, written: list[str], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    given = {**SETTINGS, "DATA_DIR": data, "REPORT": wanted}
    options = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    with open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path):
        ran = scrapy("crawl", "news", "-a", f"sources={tmp_path / 'sources.txt'}", *options)
    assert ran.returncode == OK, ran.stderr
    assert sorted(path.name for path in (data / "reports").glob("*")) == written
    assert "Run finished: " in ran.stderr.splitlines()[-1]


def test_a_file_can_be_named_and_a_period(two_runs: Reported, tmp_path: Path) -> None:
    assert said(two_runs, "--since", "2021-01", "--out", str(tmp_path / "week.html")) == OK
    assert "Runs 1 to 2" in (tmp_path / "week.html").read_text("utf-8")
    assert not (two_runs.data / "reports").exists()


def test_it_is_printed_without_what_controls_a_terminal(
    two_runs: Reported, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(two_runs, "--run", "1", "--text") == OK
    printed = capsys.readouterr().out
    assert printed.startswith("run 1 (news), ")
    assert len(printed.splitlines()) < 20


def test_the_urls_that_ended_alike_are_listed(two_runs: Reported, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(two_runs, "--run", "1", "--list", "off_topic") == OK
    assert capsys.readouterr().out == "marisol\thttps://marisol.example/soup\tconflict 0.00, related 0.01\n"
    assert said(two_runs, "--run", "1", "--list", "off_topic", "--source", "tarn") == OK
    assert capsys.readouterr().out == ""


WRONG = [
    (["--run", "9"], "There is no run 9: the latest that gathered is 2"),
    (["--since", "2999-01-01"], "No run has gathered since 2999-01-01"),
    (["--since", "soon"], "--since is 'soon'"),
    (["--run", "1", "--since", "7d"], "--run and --since: give one of them"),
    (["--list", "off-topic"], "There is no fate 'off-topic'; did you mean off_topic"),
    (["page.html"], "Unknown argument 'page.html'"),
]


@pytest.mark.parametrize(("options", "sentence"), WRONG, ids=lambda each: " ".join(each))
def test_what_cannot_be_meant_is_one_sentence(options: list[str], sentence: str, two_runs: Reported) -> None:
    with pytest.raises(OperatorError) as refused:
        said(two_runs, *options)
    assert str(refused.value).startswith(sentence)
    assert refused.value.exit_code == USAGE


def test_a_page_that_cannot_be_written_is_one_sentence(two_runs: Reported, tmp_path: Path) -> None:
    (two_runs.data / "reports").touch()
    with pytest.raises(OperatorError, match=r"Cannot write .*reports"):
        said(two_runs)
    with pytest.raises(OperatorError, match=r"Cannot write .*Is a directory"):
        said(two_runs, "--out", str(tmp_path))


@pytest.mark.parametrize("failure", [RuntimeError("no such thing"), KeyboardInterrupt()])
def test_a_report_that_fails_is_a_warning_of_the_run(
    failure: BaseException,
    two_runs: Reported,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_report: object) -> str:
        raise failure

    monkeypatch.setattr(report, "report_page", fail)
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.setdict({"DATA_DIR": str(two_runs.data)}, priority="cmdline")
    with caplog.at_level(logging.INFO):
        report.report_after_run(settings, two_runs.second, "")
    [line] = caplog.records
    assert line.levelno == logging.WARNING
    assert "the run itself is whole" in line.getMessage()
    assert not (two_runs.data / "reports").exists()
