"""Addresses of objects, and which keys fit a pattern of them."""

from pathlib import Path

import pytest

from archive.errors import ArchiveUnreadable
from archive.objects.addresses import ObjectAddress, is_object_url, url_in_path


def test_a_url_names_bucket_and_key() -> None:
    assert ObjectAddress.parse("s3://news/2026/a.warc.gz") == ObjectAddress("news", "2026/a.warc.gz")
    assert str(ObjectAddress.parse("s3://news/2026/")) == "s3://news/2026"
    assert ObjectAddress.parse("s3://news").below("a/b") == ObjectAddress("news", "a/b")


@pytest.mark.parametrize(
    "url",
    ["s3:/news/a", "s3://", "s3://n/a", "s3://ne ws/a", "gs://news/a", "s3://news/a//b", "s3://news/../b"],
)
def test_what_is_no_address_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(ArchiveUnreadable, match=r"give s3://BUCKET/KEY|correct it"):
        ObjectAddress.parse(url)


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(ArchiveUnreadable, match="credentials by the environment") as refused:
        ObjectAddress.parse("s3://key:hunter2@news/a")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "fitting", "other"),
    [
        ("2026/*.warc.gz", "2026/a.warc.gz", "2026/03/a.warc.gz"),
        ("2026/**/*.warc.gz", "2026/03/05/a.warc.gz", "2025/a.warc.gz"),
        ("2026/**/*.warc.gz", "2026/a.warc.gz", "2026/a.warc"),
        ("2026-0[1-3]/?.gz", "2026-02/a.gz", "2026-04/a.gz"),
        ("2026-0[!1-3]/?.gz", "2026-04/a.gz", "2026-02/a.gz"),
        ("a+b/*", "a+b/c", "aab/c"),
    ],
)
def test_a_pattern_fits_as_one_of_files_does(pattern: str, fitting: str, other: str) -> None:
    address = ObjectAddress("news", pattern)
    assert address.is_pattern
    assert (address.fits(fitting), address.fits(other)) == (True, False)


def test_what_fits_a_pattern_lies_below_its_first_wildcard() -> None:
    assert ObjectAddress("news", "cc/2026-0*/a/*.gz").folder == "cc"
    assert ObjectAddress("news", "*.gz").folder == ""


def test_a_url_that_was_made_a_path_is_known_again() -> None:
    assert url_in_path(Path("s3://news/2026/a.warc.gz")) == "s3://news/2026/a.warc.gz"
    assert url_in_path(Path("/data/archive") / "s3://news/a.warc.gz") == "s3://news/a.warc.gz"
    assert url_in_path(Path("/data/s3/news")) is None
    assert is_object_url("s3://news/a")
    assert not is_object_url("data/s3/news")
