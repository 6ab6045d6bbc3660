"""Figures of a run for Prometheus: on a port of this machine while it goes on, and in a file at its end.

docs/watching.md lists the names, which are public.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from scrapy.settings import BaseSettings

from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE
from crawler.watching.figures import RunFigures
from crawler.watching.progress import Progress

Look = Callable[[], tuple[Progress, RunFigures]]
"""How the run is now."""


def library() -> ModuleType:
    """The library of Prometheus; OperatorError if it is not installed."""
    try:
        import prometheus_client.core
    except ImportError:
        raise OperatorError(
            "METRICS_PORT and METRICS_FILE need a library: pip install prometheus-client."
        ) from None
    return prometheus_client


def are_wanted(settings: BaseSettings) -> bool:
    """Whether an operator asked for them."""
    return bool(settings.getint("METRICS_PORT") or settings["METRICS_FILE"])


class Metrics:
    """The figures of one run, collected when they are asked for."""

    def __init__(self, spider: str, look: Look) -> None:
        self._client = library()
        self._spider, self._look = spider, look
        self._exit_code: int | None = None
        self._server: Any = None
        self._registry = self._client.CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def serve(self, port: int) -> None:
        """Answer at http://127.0.0.1:PORT/metrics from now on; OperatorError if the port is taken."""
        try:
            self._server, _ = self._client.start_http_server(port, "127.0.0.1", self._registry)
        except OSError as error:
            raise OperatorError(
                f"METRICS_PORT: port {port} cannot be opened: {error.strerror}. Give another one."
            ) from None

    def close(self) -> None:
        """Answer no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def write(self, file: Path, exit_code: int) -> None:
        """Put the figures of a run that has ended into a file, whole or not at all; OperatorError if it cannot be."""
        self._exit_code = exit_code
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._client.write_to_textfile(str(file), self._registry)
        except OSError as error:
            raise OperatorError(f"METRICS_FILE: cannot write {file}: {error.strerror}.", STORAGE) from None

    def collect(self) -> Iterator[Any]:
        """The families of metrics, as Prometheus' library asks for them."""
        progress, figures = self._look()
        yield from self._of_urls(figures)
        yield from self._of_sources(figures)
        yield self._gauge("frontwire_known_urls", "URLs that the run has to account for.", progress.known)
        pending = max(progress.known - progress.ended, 0)
        yield self._gauge("frontwire_pending_urls", "URLs of these that have not ended.", pending)
        yield self._gauge("frontwire_waiting_hosts", "Hosts with URLs that wait.", progress.queues.hosts)
        yield self._gauge(
            "frontwire_urls_per_minute", "URLs that ended in the last minute.", progress.per_minute
        )
        yield self._gauge("frontwire_run_seconds", "How long the run has been going on.", progress.elapsed_s)
        if self._exit_code is not None:
            yield self._gauge("frontwire_exit_code", "Exit code of the run that ended.", self._exit_code)

    def _of_urls(self, figures: RunFigures) -> Iterator[Any]:
        urls = self._counter("frontwire_urls", "URLs that ended, by fate.", ["fate"])
        for fate, count in sorted(figures.fates.items()):
            urls.add_metric([self._spider, str(fate)], count)
        yield urls
        failed = self._counter("frontwire_failures", "Requests that gave nothing.", [])
        failed.add_metric([self._spider], figures.failed)
        yield failed

    def _of_sources(self, figures: RunFigures) -> Iterator[Any]:
        articles = self._counter("frontwire_source_articles", "Articles that came in, by source.", ["source"])
        failures = self._counter("frontwire_source_failures", "Failed requests, by source.", ["source"])
        for source, its in sorted(figures.sources.items()):
            articles.add_metric([self._spider, source], its.articles)
            failures.add_metric([self._spider, source], its.failed)
        yield articles
        yield failures

    def _counter(self, name: str, meaning: str, labels: list[str]) -> Any:
        return self._client.core.CounterMetricFamily(name, meaning, labels=["spider", *labels])

    def _gauge(self, name: str, meaning: str, value: float) -> Any:
        gauge = self._client.core.GaugeMetricFamily(name, meaning, labels=["spider"])
        gauge.add_metric([self._spider], value)
        return gauge
