"""Which data directory has what: the one place where that is decided.

Workers that share a catalogue have a data directory each, here called a place. Its id lies in it (`place.id`), so that
it is known again wherever it is moved. A record lies in the place of the run that entered it (`capture.place`), and the
seed file of an article in the corpus beside its record.
"""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from socket import gethostname
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, ScalarSelect, func, or_, select, true

from archive.objects.whereabouts import files_in
from crawler.catalogue.article_row import ArticleRow
from crawler.data_dir import DataDir
from crawler.database import schema
from crawler.database.bulk import batches, replacing
from crawler.database.catalogue import Catalogue
from crawler.database.clock import utc_text
from crawler.errors import OperatorError

EVERYWHERE = ""
"""Instead of an id: everything counts, as in a catalogue that serves one data directory."""

NOWHERE = "nowhere"
"""Instead of the id of a folder that has none: nothing in the catalogue is its own."""


class Place(NamedTuple):
    """A data directory that shares a catalogue with others."""

    id: str
    host: str
    """Empty if no run has told where it is."""
    path: str
    collection: str
    seen: str
    """When a run last wrote there: ISO 8601, UTC."""

    def __str__(self) -> str:
        return self.path if self.host in ("", gethostname()) else f"{self.path} on {self.host}"

    @property
    def data_dir(self) -> DataDir:
        """Its paths, for a machine that has them."""
        return DataDir(Path(self.path), Path(self.collection))

    @property
    def is_reachable(self) -> bool:
        """Whether it is where it was: another folder at that path has another id, or none."""
        return self.data_dir.place == self.id


class OtherPlace(NamedTuple):
    """Another data directory, and how much the catalogue knows to be in it."""

    place: Place
    records: int
    articles: int


# --- which rows are whose -----------------------------------------------------------------------------
def lies_in(place: str) -> ColumnElement[bool]:
    """Whether a record lies in a place, as a condition on `capture`; what lies in an unknown one is everybody's."""
    its = schema.capture.c
    return true() if place == EVERYWHERE else or_(its.place.in_((place, "")), its.id.is_(None))


def ran_in(place: str) -> ColumnElement[bool]:
    """Whether a run was in a place, as a condition on `run`."""
    return true() if place == EVERYWHERE else schema.run.c.place == place


def is_of(row: ArticleRow, place: str) -> bool:
    """Whether record and seed file of a row lie in a place."""
    return place == EVERYWHERE or row.place in (place, None)


def place_of_run(run_id: int | BindParameter[int]) -> ScalarSelect[str]:
    """The place of a run: what it records lies there."""
    return select(schema.run.c.place).where(schema.run.c.id == run_id).scalar_subquery()


# --- which place a folder is --------------------------------------------------------------------------
def place_of(catalogue: Catalogue, data_dir: DataDir) -> str:
    """The place that a data directory is in a catalogue; nothing is written."""
    if not catalogue.is_shared:
        return EVERYWHERE
    return data_dir.place or _place_of_files(catalogue, data_dir) or NOWHERE


def enter_place(catalogue: Catalogue, data_dir: DataDir) -> str:
    """The id of a data directory, which gets one if it has none; a shared catalogue learns where it is now.

    The caller holds the directory. OperatorError if it is a copy of another one that is still there.
    """
    own = data_dir.place or _place_of_files(catalogue, data_dir) or secrets.token_hex(8)
    if catalogue.is_shared:
        _refuse_copy(catalogue, data_dir, own)
    if not data_dir.place:
        data_dir.keep_place(own)
    if catalogue.is_shared:
        catalogue.write(lambda connection: _note(connection, _as_it_is(data_dir, own)))
    return own


def _place_of_files(catalogue: Catalogue, data_dir: DataDir) -> str:
    """The place to which the catalogue ascribes the WARC files of a folder whose own id is lost; empty if to none."""
    capture = schema.capture.c
    names = [path.name for path in files_in(data_dir.archive, "*.warc*")]
    with catalogue.read() as connection:
        for some in batches(names):
            known = select(capture.place).where(capture.warc.in_(some), capture.place != "").limit(1)
            if found := connection.execute(known).scalar():
                return str(found)
    return ""


def _refuse_copy(catalogue: Catalogue, data_dir: DataDir, own: str) -> None:
    known = {each.id: each for each in places(catalogue)}.get(own)
    if known and known.is_reachable and not Path(known.path).samefile(data_dir.path):
        raise OperatorError(
            f"{data_dir} is a copy of {known.path}, and the catalogue could not tell their records apart: "
            "name that one with -s DATA_DIR=FOLDER, or an empty folder for another worker."
        )


def _as_it_is(data_dir: DataDir, own: str) -> Place:
    path, collection = data_dir.path.resolve(), data_dir.collection.resolve()
    return Place(own, gethostname(), str(path), str(collection), utc_text(datetime.now(UTC)))


def _note(connection: Connection, place: Place) -> None:
    values = place._asdict()
    connection.execute(replacing(connection, schema.place, "id", values), values)


# --- all of them --------------------------------------------------------------------------------------
def places(catalogue: Catalogue) -> list[Place]:
    """The data directories that share the catalogue, in the order of their paths; none if it serves one only."""
    table = schema.place.c
    query = select(*(table[name] for name in Place._fields)).order_by(table.host, table.path)
    if not catalogue.is_shared:
        return []
    with catalogue.read() as connection:
        return [Place(*row) for row in connection.execute(query)]


def other_places(catalogue: Catalogue, own: str) -> list[OtherPlace]:
    """The other data directories of the catalogue, and those of which it knows records only."""
    if not catalogue.is_shared or own == EVERYWHERE:
        return []
    known = {each.id: each for each in places(catalogue)}
    with catalogue.read() as connection:
        records, articles = _count_records(connection), _count_articles(connection)
    unknown = sorted(records.keys() - known.keys())
    everyone = [
        *known.values(),
        *(Place(each, "", f"an unknown folder ({each})", "", "") for each in unknown),
    ]
    return [
        OtherPlace(each, records.get(each.id, 0), articles.get(each.id, 0))
        for each in everyone
        if each.id != own
    ]


def _count_records(connection: Connection) -> dict[str, int]:
    place = schema.capture.c.place
    counted = select(place, func.count()).where(place != "").group_by(place)
    return {str(name): int(count) for name, count in connection.execute(counted)}


def _count_articles(connection: Connection) -> dict[str, int]:
    capture, article = schema.capture, schema.article
    of_corpus = select(capture.c.place, func.count()).join_from(
        article, capture, article.c.capture_id == capture.c.id
    )
    counted = of_corpus.where(article.c.file.is_not(None)).group_by(capture.c.place)
    return {str(name): int(count) for name, count in connection.execute(counted)}


def required_place(catalogue: Catalogue, data_dir: DataDir) -> str:
    """The place that a data directory is; OperatorError if the catalogue is of other ones only."""
    own = place_of(catalogue, data_dir)
    if own == NOWHERE and (known := places(catalogue)):
        names = ", ".join(str(each) for each in known)
        raise OperatorError(
            f"{data_dir} is no data directory of this catalogue: it has {names}. "
            "Name one with -s DATA_DIR=FOLDER."
        )
    return own
