"""What `scrapy redact` finds of a page, and what it says before and after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archive.collection.redaction import Holding, Redactor
from archive.warc.gzip_file import OPEN_SUFFIX
from crawler.catalogue.places import OtherPlace
from crawler.catalogue.redactions import (
    KnownPage,
    PageCaptures,
    PageTexts,
    ShownWith,
    captures_of,
    find_page,
    left_out_for,
    redacted_keys,
    shown_with,
    statements_on,
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
    left_out: list[tuple[str, str]]
    """Pages that are not in the corpus because of this one, with the place of each."""
    shown_with: ShownWith
    statements: int = 0
    """How many decisions of people on the page the archive states."""


def make_plan(
    url: str, redactor: Redactor, catalogue: Catalogue, files: set[str], place: str
) -> TakedownPlan:
    """What archive and catalogue hold of a page; OperatorError if neither knows it.

    `files` are the names of the files of the archive of this place.
    """
    page = find_page(catalogue, url)
    holding = redactor.find(lambda other: url_key(other) == page.key)
    if not (holding.files or holding.out_of_reach or page.ids or page.key in redacted_keys(catalogue)):
        raise OperatorError(f"Neither archive nor catalogue know {url}: is it spelled as they have it?")
    return TakedownPlan(
        url,
        page,
        holding,
        texts_of(catalogue, page, place),
        captures_of(catalogue, page, files, place),
        left_out_for(catalogue, page),
        shown_with(catalogue, page),
        statements_on(catalogue, page),
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
    if texts.elsewhere:
        yield f"  {texts.elsewhere} more files lie in other data directories, until the command is given there"
    yield from (f"  cannot be searched: {sentence}" for sentence in damage)


class Remains(NamedTuple):
    """What of a page is still in archives of ours, or may be in a corpus."""

    left: Mapping[str, int]
    """How many records are left in files of this archive that could not be rewritten."""
    damage: Sequence[str]
    """Sentences on what could not be searched."""
    strays: Sequence[str]
    """Seed files that a killed run left, now in `.revisions`."""
    elsewhere: Sequence[tuple[str, str]] = ()
    """Files that are not in this archive, and the place of each, if it is not this one."""
    in_hand: Sequence[str] = ()
    """Places in which a run is fetching the page."""

    def __bool__(self) -> bool:
        return any(self)

    @property
    def here(self) -> "Remains":
        """Without what lies in other places."""
        ours = [each for each in self.elsewhere if not each[1]]
        return self._replace(elsewhere=ours, in_hand=())

    def done_with(self, captures: PageCaptures) -> set[int]:
        """The captures of which nothing is left."""
        if self.damage:
            return set()  # they may lie where nothing could be read
        unfinished = {name.removesuffix(OPEN_SUFFIX) for name in self.left}
        return {
            each for each, name in captures.here.items() if name.removesuffix(OPEN_SUFFIX) not in unfinished
        }

    def sentences(self, names: Mapping[str, str]) -> Iterator[str]:
        """A sentence for each; `names` of places by their ids."""
        for name, count in sorted(self.left.items()):
            yield f"{count} records of the page are still in {name}: {_remedy(name)}"
        for name, place in self.elsewhere:
            where = f", but in the data directory {names.get(place, place)}" if place else ""
            yield (
                f"Captures of the page are in {name}, which is not in this archive{where}: give the same command "
                "where that file is, with the DATA_DIR of the worker or the ARCHIVE_DIR that has it"
                f"{', or --all-places' if place else ''}."
            )
        for place in self.in_hand:
            yield (
                f"A run in {names.get(place, place)} is fetching the page: give the same command there when it has "
                "ended."
            )
        for name in self.strays:
            yield (
                f"A killed run left {name}, which was moved to {REVISIONS} and may be of the page: read it, "
                "and delete it if it is."
            )
        yield from self.damage


def _remedy(name: str) -> str:
    if name.endswith(OPEN_SUFFIX):
        return "another run is writing to it. Give the same command once more when that run has ended."
    return "only .warc.gz files can be rewritten. Move it out of the archive, or delete it."


def report(
    plan: TakedownPlan, remains: Remains, others: Sequence[OtherPlace] | None, data_dirs: Iterable[str]
) -> Iterator[str]:
    """What was done, what could not be done, and where the page may still be found.

    `others` are the other data directories of the catalogue; None if the command is carried out there, too.
    """
    here = " here" if others is None else ""
    others = others or ()
    names = {each.place.id: str(each.place) for each in others}
    if remains:
        yield f"{plan.url} was redacted{here} only in part:"
        yield from (f"  {sentence}" for sentence in remains.sentences(names))
    else:
        yield f"Redacted {plan.url}{here}."
    concerned = {place for _, place in remains.elsewhere}.union(remains.in_hand)
    for place in (each.place for each in others if each.place.id not in concerned):
        yield (
            f"Not searched: the archive of {place}, in which the catalogue knows no capture of the page any more; "
            "--all-places searches it too."
        )
    yield "Copies, backups and WACZ packages made before still hold the page."
    for name in plan.captures.foreign:
        yield f"Not redacted: {name}, an archive of others that was read in place."
    for name in data_dirs:
        yield f"{name} is a data directory of its own: run the command with -s DATA_DIR={name} too."
    yield from _related(plan, names)
    yield "Feeds and section pages that list the page may name its title: they are pages of their own."


def _related(plan: TakedownPlan, names: Mapping[str, str]) -> Iterator[str]:
    """Other pages that may have to go too."""
    for other in sorted(plan.holding.same_content):
        yield f"The archive has the same content at {other}: redact that too if it must go."
    for other in sorted(plan.holding.redirects):
        yield f"The page redirected to {other}: redact that too if it must go."
    for other in sorted(plan.holding.redirected_here):
        yield f"{other} redirected to the page, and notes on it may contain the title: redact that too if it must go."
    for other in plan.shown_with.pictures:
        yield f"The archive has a picture of the page, {other}: redact that too if it must go."
    if look := plan.shown_with.look:
        yield (
            f"The archive keeps {len(look)} files with which the page, and perhaps others, are shown: redact those "
            f"too that must go, {' '.join(look)}"
        )
    if plan.statements:
        yield (
            f"The archive keeps what people decided about the page ({plan.statements} statements), and what they noted "
            "with that: it is signed, and stays."
        )
    for other, place in plan.left_out:
        there = f" in the data directory {names[place]}" if place in names else ""
        yield f"{other} has the same text and was left out for it: scrapy rederive --apply can bring it in{there}."
    if plan.page.lists_articles:
        yield "The page lists articles: the next crawl fetches it again, with the content of that day."
