"""The parts of a report as its page shows them: tables with bars, and lists with the command that shows the rest."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.report.corpus_counts import SHOWN, Part
from crawler.report.flow import STAGES
from crawler.report.run_report import Listed, Report

SOURCES = 25
"""Sources whose flow is shown one by one."""

COLUMNS = "url,title,day,source_name"

_HEADINGS = {
    "month": "Month of publication",
    "language": "Language",
    "country": "Country of the newsroom",
    "source": "Source",
    "war": "Conflict, by the places and actors named",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table."""

    name: str
    anchor: str
    """Id of the list that has its articles; empty if there is none."""
    count: int
    brought: int
    start: int
    width: int
    """Of its bar, in thousandths of the cell."""


@dataclass(frozen=True, slots=True)
class Division:
    """The articles of the corpus by the values of one thing."""

    id: str
    heading: str
    rows: Sequence[Row]
    others: int
    """Values that are not shown."""


@dataclass(frozen=True, slots=True)
class ArticleList:
    """Articles that a number stands for."""

    anchor: str
    heading: str
    listed: Listed
    command: str
    """Which lists all of them."""


def waterfall(report: Report) -> list[Row]:
    """From discovered to saved: what was left at each step, and what left the way there."""
    flow = report.flow
    whole = max(flow.discovered, flow.looked_at, 1)
    left, rows = (
        flow.discovered,
        [Row("discovered", "", flow.discovered, 0, 0, _width(flow.discovered, whole))],
    )
    steps = [("not looked at yet", "", flow.waiting)]
    steps += [(stage.name, f"stage-{stage.id}", flow.stages.get(stage.id, 0)) for stage in STAGES]
    for name, anchor, count in steps:
        left -= count
        rows.append(Row(name, anchor if count else "", count, 0, _width(left, whole), _width(count, whole)))
    return rows


def divisions(report: Report) -> list[Division]:
    """The corpus by month, language, country, source and war."""
    return [_division(report, name) for name in SHOWN]


def _division(report: Report, name: str) -> Division:
    parts = report.corpus.shown(name)
    most = max((report.corpus.parts[part].held for part in parts), default=0)
    rows = [_row(report, part, most) for part in parts]
    return Division(name, _HEADINGS[name], rows, len(report.corpus.values(name)) - len(rows))


def _row(report: Report, part: Part, most: int) -> Row:
    its = report.corpus.parts[part]
    anchor = _anchor(part) if its.examples else ""
    return Row(name_of(report, part), anchor, its.held, its.brought, 0, _width(its.held, most or 1))


def name_of(report: Report, part: Part) -> str:
    """A value as people read it."""
    division, value = part
    if not value:
        return {"war": "none named", "country": "not in the registry"}.get(division, "not known")
    return report.source_name(value) if division == "source" else value


def lists(report: Report) -> Iterator[ArticleList]:
    """The articles of each number of the divisions."""
    for part in (part for division in SHOWN for part in report.corpus.shown(division)):
        its = report.corpus.parts[part]
        if its.examples:
            heading = f"{_HEADINGS[part[0]]}: {name_of(report, part)}"
            listed = Listed(its.held, its.examples)
            yield ArticleList(_anchor(part), heading, listed, _command(*part))


def change_lists(report: Report) -> list[ArticleList]:
    """What the runs brought in, changed, and found gone."""
    runs = ",".join(str(run.id) for run in report.runs)
    export = f"scrapy export --columns {COLUMNS} --run {runs}"
    return [
        ArticleList("new", "New", report.of_changes("new"), f"{export} --fate saved,live_blog"),
        ArticleList("updated", "Updated", report.of_changes("updated"), f"{export} --fate updated"),
        ArticleList(
            "silent", "Edited without notice", report.of_changes("silent"), f"{export} --fate updated"
        ),
        ArticleList(
            "vanished", "Gone from the web, kept here", report.vanished, f"{list_command(report)} gone"
        ),
    ]


def waiting_lists(report: Report) -> list[ArticleList]:
    """What waits for people."""
    undated = f"scrapy export --columns {COLUMNS} --fate undated"
    return [
        ArticleList("review", "On topic or not?", report.review, "scrapy review list"),
        ArticleList("undated", "Of which month?", report.undated, undated),
    ]


def list_command(report: Report) -> str:
    """The command that lists the URLs of these runs that ended in the fate that is put behind it."""
    if len(report.runs) == 1:
        return f"scrapy report --run {report.runs[0].id} --list"
    return f"scrapy report --since {report.runs[0].started[:10]} --list"


def explain_command(url: str) -> str:
    """The command that shows all that is known of a URL, safe to paste into a shell."""
    return f"scrapy explain {shlex.quote(url)}"


def _command(division: str, value: str) -> str:
    export = f"scrapy export --columns {COLUMNS}"
    if division == "month":
        return f"{export} --since {value} --until {value}" if value else export
    return f"{export} --{division} {shlex.quote(value or 'unknown')}"


def _anchor(part: Part) -> str:
    """An id of HTML: ids of sources have no white space."""
    return f"{part[0]}-{part[1] or 'unknown'}"


def _width(count: int, whole: int) -> int:
    return max(2 if count > 0 else 0, round(1000 * count / whole))
