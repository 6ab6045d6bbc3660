"""How the view of a run is drawn, for terminals of any size."""

from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from crawler.fates import IN_CORPUS, Fate
from crawler.terminal import printable
from crawler.watching.figures import RunFigures
from crawler.watching.progress import Progress, duration

WIDE = 120
"""Columns from which on headlines stand beside the sources."""

_LEAST_ROWS, _MOST_ROWS = 6, 18
_FRAME_ROWS = 3
_SOURCE_COLUMNS = 28
_WAITING = (Fate.REVIEW, Fate.UNDATED)


class RunView:
    """What rich draws; takes half of the terminal's height at most, so that the log stays readable above."""

    def __init__(self, spider: str) -> None:
        self.spider = spider
        self.progress = Progress(0.0, 0, 0, 0.0)
        self.figures = RunFigures()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        # Of characters whose width terminals do not agree about, a line may have one or two.
        width = max(options.max_width - 2, 20)
        rows = min(max(console.size.height // 2, _LEAST_ROWS), _MOST_ROWS) - _FRAME_ROWS
        yield Group(
            *_one_line([_headline(self.spider, self.progress)], width),
            _bar(self.progress, width),
            *_one_line([_fates(self.figures)], width),
            *_body(self.figures, width, rows),
        )


def _headline(spider: str, progress: Progress) -> Text:
    done = f"{progress.ended} of {max(progress.known, progress.ended)} known URLs"
    if progress.share_read is not None:
        done = f"{progress.ended} URLs"
    parts = [duration(progress.elapsed_s), done]
    if progress.is_stopping:
        parts.append("stopping")
    elif progress.left_s is not None:
        parts.append(f"about {duration(progress.left_s)} left")
    parts.append(f"{progress.per_minute:.0f} a minute")
    if progress.queues.hosts:
        parts.append(f"{progress.queues.hosts} hosts have more")
    return Text(spider, "bold").append(" · " + " · ".join(parts), "not bold")


def _bar(progress: Progress, width: int) -> RenderableType:
    row = Table.grid()
    row.add_row(ProgressBar(1.0, progress.share or 0.0, width=min(width, WIDE)))
    return row


def _fates(figures: RunFigures) -> Text:
    line = Text(f"{figures.articles} articles saved", "green")
    ranked = figures.fates.most_common()
    for fate, count in ranked:
        if fate not in IN_CORPUS:
            style = "yellow" if fate in _WAITING else "default"
            line.append(f" · {count} {fate.replace('_', ' ')}", style)
    return line


def _body(figures: RunFigures, width: int, rows: int) -> Iterator[RenderableType]:
    if width < WIDE:
        headlines = min(len(figures.headlines), (rows + 1) // 3)
        failures = min(sum(1 for _ in figures.last_failures()), rows // 3)
        yield from _sources(figures, width, rows - headlines - failures)
        yield from _news(figures, width, headlines, failures)
        return
    left = width * 2 // 5
    failures = min(sum(1 for _ in figures.last_failures()), rows // 3)
    panes = Table.grid(padding=(0, 2))
    panes.add_column(width=left)
    panes.add_column(width=width - left - 2)
    news = Group(*_news(figures, width - left - 2, rows - failures, failures))
    panes.add_row(Group(*_sources(figures, left, rows)), news)
    yield panes


def _sources(figures: RunFigures, width: int, rows: int) -> Iterator[Text]:
    """The sources that gave something last."""
    if rows < 2 or not figures.sources:
        return
    names = min(_SOURCE_COLUMNS, width - 28)
    yield Text(f"{'source':{names}} {'pages':>7} {'articles':>9} {'failed':>7}", "dim")
    for source, its in list(reversed(figures.sources.items()))[: rows - 1]:
        line = _cell(source or "-", names)
        line.append(f" {its.pages:>7} {its.articles:>9} ")
        yield line.append(f"{its.failed:>7}", "red" if its.failed else "default")


def _news(figures: RunFigures, width: int, headlines: int, failures: int) -> Iterator[Text]:
    """The last headlines, the newest first, and the last failures."""
    names = min(_SOURCE_COLUMNS, width // 4)
    for headline in list(reversed(figures.headlines))[:headlines]:
        line = _cell(headline.source or "-", names, "cyan").append(" ")
        yield from _one_line([line.append(_shown(headline.title))], width)
    for _, failure in zip(range(failures), figures.last_failures(), strict=False):
        line = _cell(failure.source or "-", names, "red").append(" ")
        yield from _one_line([line.append(_shown(f"{failure.reason} {failure.url}"))], width)


def _cell(text: str, width: int, style: str = "default") -> Text:
    cell = Text(_shown(text), style)
    cell.truncate(width, overflow="ellipsis", pad=True)
    return Text().append_text(cell)


def _one_line(lines: Iterable[Text], width: int) -> Iterator[Text]:
    for line in lines:
        line.truncate(width, overflow="ellipsis")
        line.no_wrap = True
        yield line


def _shown(text: str) -> str:
    """Text from a page in one line, without what controls the terminal."""
    return printable(" ".join(text.split()))
