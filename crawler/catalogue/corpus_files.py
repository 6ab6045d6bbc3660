"""Which seed files the corpus holds, by month."""

from sqlalchemy import func, select

from crawler.database import schema
from crawler.database.catalogue import Catalogue


def files_of_month(catalogue: Catalogue, month: str) -> set[str]:
    """The files that a month of the corpus holds, as `2021-01/000_….txt`."""
    article = schema.article.c
    files = select(article.file).where(article.month == month, article.file.is_not(None))
    with catalogue.read() as connection:
        return set(connection.execute(files).scalars())


def last_number(catalogue: Catalogue, month: str) -> int:
    """The highest file number that a month of the corpus ever used, -1 if none."""
    highest = select(func.max(schema.article.c.number)).where(schema.article.c.month == month)
    with catalogue.read() as connection:
        number = connection.execute(highest).scalar()
    return -1 if number is None else int(number)
