"""A report in a few lines, for a terminal or a mail."""

from collections.abc import Iterator

from crawler.report.flow import STAGES
from crawler.report.report_parts import divisions
from crawler.report.run_report import Report

_SHOWN = 5


def report_lines(report: Report) -> Iterator[str]:
    """The lines; text of pages is in them as it is."""
    yield from _heading(report)
    yield from _flow(report)
    waiting = f"{report.review.count:,} pages wait for review, {report.undated.count:,} for a date"
    yield f"corpus    {report.corpus.articles:,} articles; {waiting}"
    for division in divisions(report):
        if division.id != "month":
            some = ", ".join(f"{row.name} {row.count:,}" for row in division.rows[:_SHOWN])
            yield f"{division.id:9} {some}{', …' if len(division.rows) > _SHOWN else ''}"
    yield from _troubles(report)


def _heading(report: Report) -> Iterator[str]:
    first, last = report.runs[0], report.runs[-1]
    name = f"run {first.id} ({first.spider})" if first is last else f"runs {first.id} to {last.id}"
    changes = report.corpus.changes
    yield f"{name}, {first.started[:16].replace('T', ' ')} to {(last.ended or 'now')[:16].replace('T', ' ')} UTC"
    yield (
        f"brought   {changes['new']:,} new, {changes['updated']:,} updated, {changes['silent']:,} of them edited "
        f"without notice; {report.vanished.count:,} are gone from the web"
    )


def _flow(report: Report) -> Iterator[str]:
    stages = report.flow.stages
    ways = ", ".join(f"{stages[each.id]:,} {each.name}" for each in reversed(STAGES) if stages.get(each.id))
    yield f"URLs      {report.flow.discovered:,} = {ways}, {report.flow.waiting:,} not looked at yet"


def _troubles(report: Report) -> Iterator[str]:
    faults = [each for each in report.silent if each.faults]
    yield f"silent    {len(faults):,} sources with days that may have had news" + (":" if faults else "")
    for each in faults[:_SHOWN]:
        yield f"          {each.source}: {each.faults} days, {each.cause} ({each.detail or 'no detail'})"
    yield f"failing   {len(report.failing):,} feeds and lists gave nothing" + (":" if report.failing else "")
    for failing in report.failing[:_SHOWN]:
        yield f"          {failing.source}: {failing.cause} {failing.url}"
