"""Pages to judge in a spreadsheet, and the answers read back from it."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from crawler.audit.pages_to_judge import PagesToJudge, PageToJudge
from crawler.audit.stored_pages import CannotDerive
from crawler.catalogue.exported_articles import csv_cell
from crawler.catalogue.samples import Answer, SampledPage
from crawler.cli.console import say
from crawler.cli.storage_errors import storing
from crawler.errors import OperatorError

COLUMNS = ("number", "answer", "title", "date", "source", "language", "url", "text", "instead", "record")

_LONGEST = 4000
"""Characters of a text: cells of spreadsheets hold 32,767, and a person judges by the beginning."""

_ANSWERS = {"y": Answer.YES, "n": Answer.NO, "d": Answer.LOST, "s": Answer.SKIPPED}


def write_pages(file: Path, left: Sequence[SampledPage], pages: PagesToJudge) -> None:
    """Write pages that are to be judged, safe to open in a spreadsheet; those that cannot be read are named."""
    if file.exists():
        raise OperatorError(
            f"{file} exists, perhaps with answers: scrapy audit import reads it; or name another file."
        )
    count = 0
    with storing(str(file)), file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for page in left:
            try:
                writer.writerow(map(csv_cell, _row(count + 1, pages.read(page))))
                count += 1
            except CannotDerive as error:
                say([f"{error} It stays unjudged."])
    say(
        [
            f"{count} pages were written to {file}. In the column `answer` give y (it belongs), n (it does not), "
            "s (cannot tell), or where `instead` has the text that the corpus kept for a copy, d (it belongs, and that "
            "says something different). Then: scrapy audit import " + str(file)
        ]
    )


def _row(number: int, shown: PageToJudge) -> tuple[str, ...]:
    cell, instead = shown.page.cell, shown.instead
    kept = "\n\n".join((instead.title, *instead.paragraphs)) if instead else ""
    return (
        *(str(number), "", shown.title, shown.date, cell.source, cell.language, shown.page.url),
        *("\n\n".join(shown.paragraphs)[:_LONGEST], kept[:_LONGEST], shown.page.record_id),
    )


def read_answers(file: Path, pages: Sequence[SampledPage]) -> Iterator[tuple[SampledPage, Answer]]:
    """The answers in such a file; OperatorError with the line that cannot be read. Empty answers are left out."""
    known = {each.record_id: each for each in pages}
    for line, record, said in _lines(file):
        if record not in known:
            raise OperatorError(
                f"Line {line} of {file} is of no page of this sample ({record or 'no record'})."
            )
        if not said:
            continue
        if said[:1] not in _ANSWERS:
            raise OperatorError(f"Line {line} of {file}: the answer is {said!r}; give y, n, s or d.")
        yield known[record], _ANSWERS[said[:1]]


def _lines(file: Path) -> Iterator[tuple[int, str, str]]:
    """Number, record and answer of each line; spreadsheets separate by semicolons or tabs where commas are decimal."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise OperatorError(f"{file} is not UTF-8: save it as CSV UTF-8.") from None
    except OSError as error:
        raise OperatorError(f"Cannot read {file}: {error.strerror}.") from None
    heading = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter=max(",;\t", key=heading.count))
    if not {"record", "answer"} <= set(reader.fieldnames or ()):
        raise OperatorError(f"{file} has no columns `record` and `answer`: scrapy audit export writes them.")
    for row in reader:
        yield reader.line_num, (row["record"] or "").strip(), (row["answer"] or "").strip().lower()
