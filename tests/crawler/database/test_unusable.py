"""What is wrong with a database is said with the remedy that helps."""

import sqlite3

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from crawler.database.unusable import explained, is_broken
from crawler.exit_codes import STORAGE

FILE, SERVER = "sqlite:////srv/catalogue.sqlite", "postgresql+psycopg://keeper:s3cret@db.example/news"


@pytest.mark.parametrize(
    ("store", "cause", "sentence"),
    [
        (
            FILE,
            sqlite3.OperationalError("database is locked"),
            "database is locked. Close the program that holds it",
        ),
        (FILE, sqlite3.OperationalError("disk I/O error"), "disk I/O error. Free space or repair the disk"),
        (FILE, sqlite3.OperationalError("database or disk is full"), "disk is full. Free space or repair"),
        (FILE, sqlite3.OperationalError("unable to open"), "unable to open. Make its folder writable"),
        (
            FILE,
            sqlite3.DatabaseError("file is not a database"),
            "is broken: file is not a database. `scrapy store",
        ),
        (
            FILE,
            sqlite3.OperationalError("disk image is malformed"),
            "is broken: disk image is malformed. `scrapy",
        ),
        (FILE, Exception(" \n"), ": no reason is given. Make its folder writable"),
        (
            SERVER,
            Exception(" refused.\nIs it running?"),
            "does not answer as it should: refused. See that it runs",
        ),
        (SERVER, sqlite3.DatabaseError("odd"), "does not answer as it should: odd. See"),
    ],
)
def test_the_remedy_is_that_of_the_cause(store: str, cause: Exception, sentence: str) -> None:
    error = explained(OperationalError("select", None, cause), make_url(store))
    assert sentence in str(error)
    assert error.exit_code == STORAGE
    assert "s3cret" not in str(error)


def test_an_error_of_the_system_is_told_in_its_own_words() -> None:
    assert "catalogue.sqlite: [Errno 13] Permission denied. Make" in str(
        explained(PermissionError(13, "Permission denied"), make_url(FILE))
    )


@pytest.mark.parametrize(
    ("cause", "is_one"),
    [
        (sqlite3.DatabaseError("file is not a database"), True),
        (sqlite3.OperationalError("database disk image is malformed"), True),
        (sqlite3.OperationalError("database is locked"), False),
        (ValueError("malformed"), False),
        (None, False),
    ],
)
def test_only_a_file_that_is_no_whole_database_is_broken(cause: Exception | None, is_one: bool) -> None:
    assert is_broken(cause) is is_one
