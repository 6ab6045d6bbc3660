"""A copy of a page in a web archive is known by its address."""

from datetime import UTC, datetime

import pytest

from crawler.http.web_copies import Copy, address_of_copy, copy_of, is_timestamp, other_page

BASE, PAGE = "https://copies.example/web", "https://marisol.example/a?b=1"
COPY = f"{BASE}/20210128093015id_/{PAGE}"


def test_a_copy_says_of_which_page_it_is_and_of_when() -> None:
    assert address_of_copy(BASE, "20210128093015", PAGE) == COPY
    assert copy_of(COPY) == Copy(PAGE, datetime(2021, 1, 28, 9, 30, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    "url", [PAGE, COPY.replace("id_", ""), COPY.replace("0128", "0231"), COPY.replace("15id", "id")]
)
def test_another_address_is_no_copy(url: str) -> None:
    assert copy_of(url) is None


def test_another_page_is_taken_from_the_same_archive_at_the_same_moment() -> None:
    other = "https://marisol.example/other"
    assert other_page(COPY, other) == f"{BASE}/20210128093015id_/{other}"
    assert other_page(PAGE, other) == other


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("20210128093015", True),
        ("2021012809301", False),
        ("202101280930150", False),
        ("20210231093015", False),
        ("20210128096015", False),
        ("2021012809301\u0665", False),
        ("2021-01-28T093", False),
    ],
)
def test_a_timestamp_has_fourteen_digits_of_a_moment_that_exists(text: str, is_one: bool) -> None:
    assert is_timestamp(text) is is_one
