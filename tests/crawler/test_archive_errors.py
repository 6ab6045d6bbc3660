import pytest

from archive.errors import (
    ArchiveError,
    ArchiveUnreadable,
    CannotPack,
    InvalidSetting,
    KeyForeign,
    KeyMissing,
    ManifestDamaged,
)
from crawler.archive_errors import operator_error


def test_a_command_that_helps_is_named() -> None:
    missing, foreign = KeyMissing("The key is not there."), KeyForeign("Another key signed.")
    damaged = ManifestDamaged("Line 2 is no line of a manifest.")
    assert (
        str(operator_error(missing)) == "The key is not there. If it is lost, run `scrapy key rotate --lost`."
    )
    assert (
        str(operator_error(foreign))
        == "Another key signed. To go on with this key instead, run `scrapy key rotate`."
    )
    assert "`scrapy verify`" in str(operator_error(damaged))


def test_where_no_command_helps_the_archive_s_own_sentence_stands() -> None:
    assert str(operator_error(ArchiveUnreadable("a.warc.gz is empty."))) == "a.warc.gz is empty."


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (InvalidSetting("ARCHIVE_PREFIX is '/'."), 2),
        (KeyForeign("Another key signed."), 2),
        (ManifestDamaged("Line 2 is no line of a manifest."), 2),
        (ArchiveUnreadable("a.warc.gz is empty."), 1),
        (CannotPack("There is no closed WARC file."), 1),
    ],
)
def test_each_error_has_its_exit_code(error: ArchiveError, exit_code: int) -> None:
    assert operator_error(error).exit_code == exit_code
