"""What `scrapy redact` finds of a page, and what it says before and after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.collection.redaction import Holding, Redactor
from archive.warc.gzip_file import OPEN_SUFFIX
from crawler.catalogue.redactions import (
    KnownPage,
    PageCaptures,
    PageTexts,
    captures_of,
    find_page,
    left_out_for,
    pictures_of,
    redacted_keys,
    texts_of,
)
from crawler.data_dir import REVISIONS
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.http.url_identity import url_key


@dataclass(frozen=True, slots=True)
class TakedownPlan:
    """What there is of a page, and where else the same may be found."""

    url: str
    page: KnownPage
    holding: Holding
    texts: PageTexts
    captures: PageCaptures
    left_out: list[str]
    pictures: list[str]


def make_plan(url: str, redactor: Redactor, catalogue: Catalogue, files: set[str]) -> TakedownPlan:
    """What archive and catalogue hold of a page; OperatorError if neither knows it.

    `files` are the names of the archive's files.
    """
    page = find_page(catalogue, url)
    holding = redactor.find(lambda other: url_key(other) == page.key)
    if not (holding.files or holding.out_of_reach or page.ids or page.key in redacted_keys(catalogue)):
        raise OperatorError(f"Neither archive nor catalogue know {url}: is it spelled as they have it?")
    return TakedownPlan(
        url,
        page,
        holding,
        texts_of(catalogue, page),
        captures_of(catalogue, page, files),
        left_out_for(catalogue, page),
        pictures_of(catalogue, page),
    )


def describe(plan: TakedownPlan, damage: Iterable[str]) -> Iterator[str]:
    """What is going to be done; `damage` says what could not be read."""
    holding, texts = plan.holding, plan.texts
    yield f"To be redacted: {plan.url}"
    yield from (f"  also as {url}" for url in sorted((holding.spellings | plan.page.spellings) - {plan.url}))
    yield f"  {holding.captures} captures in {len(holding.files)} WARC files, which are rewritten"
    yield from (f"    {name}: {len(found)} records" for name, found in sorted(holding.files.items()))
    repairs = sum(map(len, holding.dependents.values()))
    yield f"  {repairs} records of other pages repeat one of these and become whole, or refer to one that does"
    yield f"  {len(texts.files)} files of the corpus, earlier texts included, and {texts.rows} rows of the catalogue"
    yield from (f"    {name}" for name in texts.files)
    yield from (f"  cannot be searched: {sentence}" for sentence in damage)


def remains_of(left: dict[str, int], elsewhere: Iterable[str], strays: Iterable[str]) -> Iterator[str]:
    """What of the page is still in archives of ours, or may be in the corpus, a sentence each.

    `strays` are seed files that no row names.
    """
    for name, count in sorted(left.items()):
        remedy = (
            "another run is writing to it. Give the same command once more when that run has ended."
            if name.endswith(OPEN_SUFFIX)
            else "only .warc.gz files can be rewritten. Move it out of the archive, or delete it."
        )
        yield f"{count} records of the page are still in {name}: {remedy}"
    for name in elsewhere:
        yield (
            f"Captures of the page are in {name}, which is not in this archive: give the same command where "
            "that file is, with the DATA_DIR of the worker or the ARCHIVE_DIR that has it."
        )
    for name in strays:
        yield (
            f"A killed run left {name}, which was moved to {REVISIONS} and may be of the page: read it, "
            "and delete it if it is."
        )


def report(plan: TakedownPlan, remains: list[str], data_dirs: Iterable[str]) -> Iterator[str]:
    """What was done, what could not be done, and where the page may still be found."""
    if remains:
        yield f"{plan.url} was redacted only in part:"
        yield from (f"  {sentence}" for sentence in remains)
    else:
        yield f"Redacted {plan.url}."
    yield "Copies, backups and WACZ packages made before still hold the page."
    for name in plan.captures.foreign:
        yield f"Not redacted: {name}, an archive of others that was read in place."
    for name in data_dirs:
        yield f"{name} is a data directory of its own: run the command with -s DATA_DIR={name} too."
    yield from _related(plan)
    yield "Feeds and section pages that list the page may name its title: they are pages of their own."


def _related(plan: TakedownPlan) -> Iterator[str]:
    """Other pages that may have to go too."""
    for other in sorted(plan.holding.same_content):
        yield f"The archive has the same content at {other}: redact that too if it must go."
    for other in sorted(plan.holding.redirects):
        yield f"The page redirected to {other}: redact that too if it must go."
    for other in sorted(plan.holding.redirected_here):
        yield f"{other} redirected to the page, and notes on it may contain the title: redact that too if it must go."
    for other in plan.pictures:
        yield f"The archive has a picture of the page, {other}: redact that too if it must go."
    for other in plan.left_out:
        yield f"{other} has the same text and was left out for it: scrapy rederive --apply can bring it in."
    if plan.page.lists_articles:
        yield "The page lists articles: the next crawl fetches it again, with the content of that day."
