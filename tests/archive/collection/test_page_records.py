"""Records belong to a page by their URL, or as parts of an exchange of which another record does."""

import pytest

from archive.collection.page_records import belongs, page_url
from archive.warc.record import WarcRecord

PAGE = "https://orla.example/a"


def record(url: str, kind: str = "response", *concurrent_to: str) -> WarcRecord:
    fields = [("warc-target-uri", url), *(("warc-concurrent-to", f"<{each}>") for each in concurrent_to)]
    return WarcRecord(kind, tuple(fields), b"", True, 0, 0)


@pytest.mark.parametrize("kind", ["response", "revisit", "resource", "request", "metadata", "conversion"])
def test_every_kind_of_record_belongs_to_the_page_that_it_names(kind: str) -> None:
    assert belongs(record(PAGE, kind), PAGE.__eq__, ())
    assert not belongs(record(f"{PAGE}/b", kind), PAGE.__eq__, ())


def test_the_record_that_describes_the_file_belongs_to_no_page() -> None:
    assert not belongs(record(PAGE, "warcinfo"), PAGE.__eq__, ())
    assert not belongs(record("", "warcinfo", "urn:example:1"), PAGE.__eq__, {"urn:example:1"})


def test_what_was_noted_of_an_exchange_belongs_to_its_page() -> None:
    assert belongs(record("", "metadata", "urn:example:1"), PAGE.__eq__, {"urn:example:1"})
    assert belongs(record("metadata://log", "metadata", "urn:example:1"), PAGE.__eq__, {"urn:example:1"})
    assert not belongs(record("", "metadata", "urn:example:2"), PAGE.__eq__, {"urn:example:1"})


@pytest.mark.parametrize("prefix", ["urn:text:", "urn:thumbnail:", "urn:pageinfo:", "URN:View:"])
def test_what_was_derived_from_a_page_names_the_page(prefix: str) -> None:
    derived = record(f"{prefix}{PAGE}", "resource")
    assert page_url(derived) == PAGE
    assert belongs(derived, PAGE.__eq__, ())


@pytest.mark.parametrize("url", ["", PAGE, "urn:isbn:0", "dns:orla.example", f"{PAGE}?u=urn:text:{PAGE}"])
def test_other_urls_are_as_they_are_written(url: str) -> None:
    assert page_url(record(url)) == url
