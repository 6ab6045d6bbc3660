"""The plan of a back-fill: printed before anything is fetched, and agreed to where it is large."""

import sys
from collections import Counter

from rich.table import Table
from scrapy.settings import BaseSettings

from crawler.cli.console import open_console
from crawler.cli.opening import require_catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED
from crawler.past.plan import Plan
from crawler.spiders.backfill import BackfillSpider

_MOST_ROWS = 40


def is_agreed(spider: BackfillSpider, settings: BaseSettings) -> bool:
    """Print the plan of a back-fill; whether it is to be carried out."""
    if spider.fills_gaps:
        require_catalogue(settings)
    spider.choose_sources(settings)
    if not spider.sources:
        _print_nothing(spider)
        return False
    plan = spider.plan(settings)
    _print_plan(plan, spider)
    if not spider.is_dry_run:
        _agree(plan, spider, settings)
    return not spider.is_dry_run


def _print_plan(plan: Plan, spider: BackfillSpider) -> None:
    """Print what each way would ask of each source, the largest first, and the sums."""
    console = open_console()
    console.print(_heading(spider), highlight=False)
    console.print(_table(plan))
    if len(plan.costs) > _MOST_ROWS:
        console.print(f"… and {len(plan.costs) - _MOST_ROWS} more rows, which are smaller.", highlight=False)
    console.print(_sums(plan), highlight=False)


def _print_nothing(spider: BackfillSpider) -> None:
    """Say that there is no gap to fill, and of whom that is not known."""
    console = open_console()
    days = f"{spider.period.first} to {spider.period.last}"
    console.print(
        f"No day from {days} is to be filled in: see scrapy gaps.{_strangers(spider)}", highlight=False
    )


def _agree(plan: Plan, spider: BackfillSpider, settings: BaseSettings) -> None:
    """Return if a plan may be carried out; OperatorError if it is empty, or somebody has to agree first, or said no."""
    if not plan.requests:
        ways = ",".join(way.name for way in spider.ways)
        raise OperatorError(
            f"via={ways} has nothing of {spider.period.first} to {spider.period.last}: GDELT began in February 2015, "
            "CC-NEWS in August 2016."
        )
    requests, size = settings.getint("BACKFILL_REQUESTS"), settings.getint("BACKFILL_BYTES")
    if spider.agrees or not plan.exceeds(requests, size):
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise OperatorError(
            f"The plan has {plan.requests} requests and {_bytes(plan.bytes)}, more than BACKFILL_REQUESTS "
            f"({requests}) or BACKFILL_BYTES ({_bytes(size)}): add -a yes=1 to begin all the same, or choose less."
        )
    if input("This exceeds your budget. Begin? [y/N] ").strip().lower() not in ("y", "yes"):
        raise OperatorError("Nothing was fetched.", FAILED)


def _heading(spider: BackfillSpider) -> str:
    days = f"{spider.period.first} to {spider.period.last}"
    if not spider.fills_gaps:
        return f"Back-fill of {days}, estimated:"
    causes = Counter(str(gap.silence) for gap in spider.gaps).most_common()
    each = ", ".join(f"{count} {cause}" for cause, count in causes)
    return (
        f"Gaps from {days}: {_counted(len(spider.gaps), 'day')} of {_counted(len(spider.sources), 'source')} ({each}), "
        f"each with the day before it.{_strangers(spider)} Estimated:"
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _strangers(spider: BackfillSpider) -> str:
    """Which gaps nobody can fill, because no registry of this run says where to look."""
    if not spider.strangers:
        return ""
    some = ", ".join(spider.strangers[:3]) + (", …" if len(spider.strangers) > 3 else "")
    return f" Gaps of sources that are not in the registry stay ({some}): name theirs with -a sources=FILE."


def _table(plan: Plan) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("way")
    table.add_column("source", overflow="fold")
    for name in ("requests", "bytes", "hours"):
        table.add_column(name, justify="right")
    for cost in sorted(plan.costs, key=lambda cost: (-cost.requests, cost.way, cost.source))[:_MOST_ROWS]:
        hours = f"{plan.hours_of(cost):.1f}"
        table.add_row(cost.way, cost.source or "all", f"{cost.requests:,}", _bytes(cost.bytes), hours)
    return table


def _sums(plan: Plan) -> str:
    return (
        f"Together {plan.requests:,} requests and {_bytes(plan.bytes)}, in about {plan.hours:.1f} hours: "
        f"hosts are asked at the same time, each every {plan.delay_s:g} s."
    )


def _bytes(size: int) -> str:
    for unit, one in (("GB", 10**9), ("MB", 10**6)):
        if size >= one:
            return f"{size / one:,.1f} {unit}"
    return f"{size / 1000:,.0f} kB"
