"""Where the archive's manifest ended after each run, so that lines cut off later are missed."""

from sqlalchemy import insert, select

from crawler.catalogue.places import EVERYWHERE, ran_in
from crawler.database import schema
from crawler.database.catalogue import Catalogue


def note_manifest_head(catalogue: Catalogue, run_id: int, lines: int, sha256: str) -> None:
    """Remember how many lines the manifest had after a run, and the SHA-256 of the last one."""
    noting = insert(schema.manifest_head).values(run_id=run_id, lines=lines, sha256=sha256)
    catalogue.write(lambda connection: connection.execute(noting))


def manifest_head(catalogue: Catalogue, place: str = EVERYWHERE) -> tuple[int, str]:
    """Lines of a place's manifest as its last run noted them, and the last one's SHA-256; 0 if none did."""
    head, run = schema.manifest_head, schema.run
    noted = select(head.c.lines, head.c.sha256).join_from(head, run, head.c.run_id == run.c.id)
    query = noted.where(ran_in(place)).order_by(head.c.run_id.desc()).limit(1)
    with catalogue.read() as connection:
        row = connection.execute(query).first()
    return (row.lines, row.sha256) if row else (0, "")
