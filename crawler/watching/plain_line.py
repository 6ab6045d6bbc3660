"""The line that a run writes into its log once a minute."""

from collections.abc import Iterator

from crawler.watching.figures import RunFigures
from crawler.watching.progress import Progress, duration


def plain_line(progress: Progress, figures: RunFigures) -> str:
    """How far the run is, in one sentence."""
    return ", ".join(_parts(progress, figures)) + "."


def _parts(progress: Progress, figures: RunFigures) -> Iterator[str]:
    if progress.share_read is not None:
        yield f"{progress.share_read:.0%} of the archives read, {progress.ended} URLs done"
    else:
        yield f"{progress.ended} of {max(progress.known, progress.ended)} known URLs done"
    yield f"{figures.articles} articles saved"
    if figures.failed:
        yield f"{figures.failed} failed"
    yield f"{progress.per_minute:.0f} pages a minute"
    if progress.queues.hosts:
        yield f"{progress.queues.hosts} hosts have more"
    if progress.left_s is not None:
        yield f"about {duration(progress.left_s)} left of what is known"
