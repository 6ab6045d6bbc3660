"""Metrics are what Prometheus' own parser reads, on loopback only, and documented."""

import re
import socket
from pathlib import Path
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crawler.catalogue.run_sizes import Queues
from crawler.errors import OperatorError
from crawler.fates import Fate
from crawler.watching.figures import RunFigures
from crawler.watching.metrics import Metrics
from crawler.watching.progress import Progress
from tests.support.checkout import ROOT
from tests.support.outcomes import article, ended, link, outcome_of

Samples = dict[tuple[str, str], float]


def metrics() -> Metrics:
    figures = RunFigures()
    figures.note(outcome_of(article("a")))
    figures.note(ended(link("b"), Fate.TIMEOUT))
    figures.note(ended(link('c"\n\\'), Fate.OFF_TOPIC))
    progress = Progress(60.0, 30, 3, 12.0, Queues(4, 9))
    return Metrics("news", lambda: (progress, figures))


def parsed(text: str) -> Samples:
    """By name and the value of the second label."""
    return {
        (
            sample.name,
            "".join(value for name, value in sample.labels.items() if name != "spider"),
        ): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_run_answers_on_loopback() -> None:
    port, run = free_port(), metrics()
    run.serve(port)
    try:
        with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            samples = parsed(answer.read().decode())
        with pytest.raises(OperatorError, match=rf"METRICS_PORT: port {port} cannot be opened"):
            metrics().serve(port)
    finally:
        run.close()
    assert samples["frontwire_urls_total", "saved"] == 1
    assert samples["frontwire_source_failures_total", "marisol"] == 1
    assert samples["frontwire_pending_urls", ""] == 27
    with pytest.raises(OSError, match="refused"):
        urlopen(f"http://127.0.0.1:{port}/metrics")


def test_the_file_of_a_run_that_ended_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "new" / "frontwire.prom"
    metrics().write(file, 3)
    assert parsed(file.read_text(encoding="utf-8"))["frontwire_exit_code", ""] == 3
    assert [path.name for path in file.parent.iterdir()] == ["frontwire.prom"]
    with pytest.raises(OperatorError, match="METRICS_FILE: cannot write"):
        metrics().write(file / "below", 0)


def test_every_metric_is_documented(tmp_path: Path) -> None:
    metrics().write(tmp_path / "a.prom", 0)
    names = {name for name, _ in parsed((tmp_path / "a.prom").read_text(encoding="utf-8"))}
    page = (ROOT / "docs" / "watching.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(frontwire_\w+)`", page)) == names
