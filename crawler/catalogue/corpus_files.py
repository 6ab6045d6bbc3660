"""Which seed files the corpus holds, by month, and which of them left it."""

from typing import Any

from sqlalchemy import Select, func, select

from crawler.catalogue.places import EVERYWHERE, lies_in
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.texts.seed_format import seed_name


def files_of_month(catalogue: Catalogue, month: str, place: str = EVERYWHERE) -> set[str]:
    """The files that a month of the corpus holds in a place, as `2021-01/000_….txt`."""
    article = schema.article.c
    files = _of_month(month, place, article.file).where(article.file.is_not(None))
    with catalogue.read() as connection:
        return set(connection.execute(files).scalars())


def replaced_files(catalogue: Catalogue, month: str, place: str = EVERYWHERE) -> set[str]:
    """The files of earlier texts: they lie in `.revisions`, or will when the next run in their place begins."""
    article = schema.article.c
    rows = _of_month(month, place, article.number, article.sha256)
    rows = rows.where(article.file.is_(None), article.number.is_not(None), article.sha256.is_not(None))
    with catalogue.read() as connection:
        return {seed_name(month, row.number, row.sha256) for row in connection.execute(rows)}


def all_files(catalogue: Catalogue, place: str = EVERYWHERE) -> set[str]:
    """Every file that the corpus of a place holds, and those of earlier texts."""
    article, capture = schema.article, schema.capture
    query = (
        select(article.c.month, article.c.number, article.c.sha256)
        .outerjoin_from(article, capture, article.c.capture_id == capture.c.id)
        .where(lies_in(place), article.c.number.is_not(None), article.c.sha256.is_not(None))
    )
    with catalogue.read() as connection:
        return {seed_name(row.month, row.number, row.sha256) for row in connection.execute(query)}


def erased_numbers(catalogue: Catalogue, month: str, place: str = EVERYWHERE) -> set[int]:
    """The numbers of the files whose pages were taken down: they stay known when all else of a row is erased."""
    article = schema.article.c
    numbers = _of_month(month, place, article.number)
    numbers = numbers.where(article.number.is_not(None), article.sha256.is_(None))
    with catalogue.read() as connection:
        return set(connection.execute(numbers).scalars())


def last_number(catalogue: Catalogue, month: str) -> int:
    """The highest file number that a month of the corpus ever used, -1 if none."""
    highest = select(func.max(schema.article.c.number)).where(schema.article.c.month == month)
    with catalogue.read() as connection:
        number = connection.execute(highest).scalar()
    return -1 if number is None else int(number)


def _of_month(month: str, place: str, *columns: Any) -> Select[Any]:
    article, capture = schema.article, schema.capture
    rows = select(*columns).outerjoin_from(article, capture, article.c.capture_id == capture.c.id)
    return rows.where(article.c.month == month, lies_in(place))
