"""Archives of others whose records runs read where they lie."""

from typing import NamedTuple

from sqlalchemy import func, insert, select

from crawler.catalogue.places import EVERYWHERE, ran_in
from crawler.database import schema
from crawler.database.catalogue import Catalogue


class ForeignFile(NamedTuple):
    """An archive outside of ours, as it was when its records were read."""

    path: str
    """Absolute."""
    bytes: int
    sha256: str


def note_foreign_file(catalogue: Catalogue, run_id: int, file: ForeignFile) -> None:
    """Remember an archive that a run reads where it lies."""
    noting = insert(schema.foreign_file).values(run_id=run_id, **file._asdict())
    catalogue.write(lambda connection: connection.execute(noting))


def foreign_files(catalogue: Catalogue, place: str = EVERYWHERE) -> list[ForeignFile]:
    """The archives that runs in a place read where they lay, as they were then, in the order of their first reading."""
    file, run = schema.foreign_file, schema.run
    read = select(file.c.path, file.c.bytes, file.c.sha256).join_from(file, run, file.c.run_id == run.c.id)
    query = read.where(ran_in(place)).order_by(file.c.run_id, file.c.path)
    with catalogue.read() as connection:
        return list(dict.fromkeys(ForeignFile(*row) for row in connection.execute(query)))


def foreign_file(catalogue: Catalogue, run_id: int, path: str) -> ForeignFile | None:
    """The archive at an absolute path, as a run found it."""
    file = schema.foreign_file.c
    query = select(file.path, file.bytes, file.sha256).where(file.run_id == run_id, file.path == path)
    with catalogue.read() as connection:
        row = connection.execute(query).first()
    return ForeignFile(*row) if row else None


def first_read(catalogue: Catalogue, file: ForeignFile) -> str:
    """When the first run that read an archive of others began: ISO 8601, UTC."""
    run, known = schema.run.c, schema.foreign_file.c
    first = select(func.min(known.run_id)).where(known.path == file.path, known.sha256 == file.sha256)
    began = select(run.started).where(run.id == first.scalar_subquery())
    with catalogue.read() as connection:
        return str(connection.execute(began).scalar_one())
