from archive.errors import ArchiveUnreadable, KeyForeign, KeyMissing, ManifestDamaged
from crawler.archive_errors import sentence_of


def test_a_command_that_helps_is_named() -> None:
    missing, foreign = KeyMissing("The key is not there."), KeyForeign("Another key signed.")
    damaged = ManifestDamaged("Line 2 is no line of a manifest.")
    assert sentence_of(missing) == "The key is not there. If it is lost, run `scrapy key rotate --lost`."
    assert (
        sentence_of(foreign) == "Another key signed. To go on with this key instead, run `scrapy key rotate`."
    )
    assert "`scrapy verify`" in sentence_of(damaged)


def test_where_no_command_helps_the_archive_s_own_sentence_stands() -> None:
    assert sentence_of(ArchiveUnreadable("a.warc.gz is empty.")) == "a.warc.gz is empty."
