"""Where the archive's manifest ended after each run, so that lines cut off later are missed."""

from sqlalchemy import insert, select

from crawler.database import schema
from crawler.database.catalogue import Catalogue


def note_manifest_head(catalogue: Catalogue, run_id: int, lines: int, sha256: str) -> None:
    """Remember how many lines the manifest had after a run, and the SHA-256 of the last one."""
    noting = insert(schema.manifest_head).values(run_id=run_id, lines=lines, sha256=sha256)
    catalogue.write(lambda connection: connection.execute(noting))


def manifest_head(catalogue: Catalogue) -> tuple[int, str]:
    """Lines of the manifest after the last run that noted them, and the last one's SHA-256; 0 if none did."""
    head = schema.manifest_head.c
    query = select(head.lines, head.sha256).order_by(head.run_id.desc()).limit(1)
    with catalogue.read() as connection:
        row = connection.execute(query).first()
    return (row.lines, row.sha256) if row else (0, "")
