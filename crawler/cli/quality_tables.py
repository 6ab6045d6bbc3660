"""How good a corpus is, printed for a terminal of 80 columns."""

from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.audit.corpus_quality import ENOUGH, Part, QualityReport
from crawler.audit.estimates import Estimate
from crawler.audit.sampling import Stratum
from crawler.catalogue.samples import Sample, SampledPage
from crawler.cli.console import printable, say

_SOURCES = 10
_URLS = 10


def show_report(sample: Sample, report: QualityReport, not_fetched: Mapping[str, int]) -> None:
    """Print all that a sample says; `not_fetched` counts URLs without a page, by fate."""
    say(_heading(sample, report))
    if not report.judged:
        return
    console = Console(highlight=False)
    for table in (
        _figures(report),
        _kinds(report),
        *_parts("language", report.languages),
        *_parts("source", report.sources),
    ):
        console.print()
        console.print(table)
    console.print()
    for sentence in _remarks(sample, report, not_fetched):
        console.print(Text(printable(sentence)))
    _show_pages(
        "Judged to belong, and not in the corpus; `scrapy review accept URL` lets one in:", report.lacking
    )
    _show_pages(
        "In the corpus, and judged not to belong; `scrapy review reject URL` takes one out:", report.wrong
    )


def _heading(sample: Sample, report: QualityReport) -> Iterator[str]:
    drawn, pages = len(sample.pages), sum(sample.cells.values())
    yield f"The corpus as it was on {sample.drawn[:16].replace('T', ' ')} UTC: {drawn} of {pages:,} pages were drawn."
    if not report.judged:
        yield "None of them is judged yet: scrapy audit asks about them."
        return
    left = drawn - report.judged - report.skipped
    rest = [
        f"{report.skipped} nobody could tell" if report.skipped else "",
        f"{left} are left" if left else "",
    ]
    names = ", ".join(report.by)
    yield "; ".join([f"{report.judged} are judged (by {names})", *filter(None, rest)]) + "."


def _table(*columns: str) -> Table:
    """A table whose first column is text and whose others are numbers."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _figures(report: QualityReport) -> Table:
    table = _table("", "estimate", "95 % interval")
    found = report.quality
    for name, figure in (("precision", found.precision), ("recall", found.recall), ("F1", found.f1)):
        table.add_row(name, *_shares(figure))
    if (missed := found.missed) is not None:
        table.add_row("articles missed", f"{missed.value:,.0f}", f"{missed.low:,.0f} to {missed.high:,.0f}")
    return table


def _shares(figure: Estimate | None) -> tuple[str, str]:
    if figure is None:
        return "unknown", ""
    return f"{figure.value:.2f}", f"{figure.low:.2f} to {figure.high:.2f}"


def _kinds(report: QualityReport) -> Table:
    table = _table("kind of page", "pages", "judged", "belong", "missed, about")
    for kind in report.kinds:
        missed = "" if kind.missed is None else f"{kind.missed:,.0f}"
        name = kind.name.replace("_", " ")
        table.add_row(name, f"{kind.pages:,}", str(kind.judged), str(kind.belong), missed)
    return table


def _parts(name: str, parts: Sequence[Part]) -> Iterator[Table]:
    enough = [each for each in parts if each.judged >= ENOUGH][:_SOURCES]
    if not enough:
        return
    table = _table(name, "judged", "precision", "", "recall", "")
    for part in enough:
        its = part.quality
        cells = (*_shares(its.precision), *_shares(its.recall))
        table.add_row(Text(printable(part.name or "unknown")), str(part.judged), *cells)
    yield table


def _remarks(sample: Sample, report: QualityReport, not_fetched: Mapping[str, int]) -> Iterator[str]:
    for name, parts in (("languages", report.languages), ("sources", report.sources)):
        if few := [f"{each.name or 'unknown'} {each.judged}" for each in parts if each.judged < ENOUGH]:
            more = f" and {len(few) - _SOURCES} others" if len(few) > _SOURCES else ""
            yield f"Fewer than {ENOUGH} judged pages, so no figures: {name} {', '.join(few[:_SOURCES])}{more}."
    if report.unknown:
        yield f"No page was judged of: {', '.join(_named(*each) for each in report.unknown)}. No figure covers these."
    if report.twice:
        yield f"{report.twice} pages were judged by two people, who agreed on {report.alike}; the last answer counts."
    left_out = [
        f"{count:,} {why.replace('_', ' ')}"
        for why, count in (*sample.left_out.items(), *not_fetched.items())
    ]
    if left_out:
        yield f"Not sampled, because there is no page to read: {', '.join(left_out)}."


def _named(stratum: Stratum, pages: int) -> str:
    band = f" from score {stratum.band}" if stratum.band else ""
    return f"{stratum.kind.replace('_', ' ')}{band} ({pages:,} pages)"


def _show_pages(heading: str, pages: Sequence[SampledPage]) -> None:
    if pages:
        print()
        say([heading, *(f"  {each.cell.fate:13} {each.url}" for each in pages[:_URLS])])
        if len(pages) > _URLS:
            say([f"  and {len(pages) - _URLS} more."])
