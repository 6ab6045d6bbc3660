"""Where the browser finds an archived page, and what is said while the index is filled."""

import pytest

from crawler.browse.site import Archive, Filling
from tests.support.exported_rows import article_row

ARCHIVE = Archive("http://127.0.0.1:8081", {"": "news", "0a1b": "other"})
CAPTURED = "2021-01-28T09:30:15.123456Z"


@pytest.mark.parametrize(
    ("place", "captured", "page"),
    [
        ("", CAPTURED, "news/20210128093015/https://vella.example/a%20b?x=1"),
        (None, CAPTURED, "news/20210128093015/https://vella.example/a%20b?x=1"),
        ("0a1b", CAPTURED, "other/20210128093015/https://vella.example/a%20b?x=1"),
        ("ffff", CAPTURED, ""),
        ("", None, ""),
    ],
)
def test_a_page_is_shown_from_the_archive_that_has_it(
    place: str | None, captured: str | None, page: str
) -> None:
    row = article_row(url="https://vella.example/a b?x=1", place=place, captured=captured)
    assert ARCHIVE.page(row) == (f"http://127.0.0.1:8081/{page}" if page else "")


def test_a_filling_is_done_when_nothing_is_left() -> None:
    filling = Filling()
    assert filling.percent is None
    for done, percent in ((0, 0), (1, 33), (2, 66), (3, None)):
        filling.show(done, 3)
        assert filling.percent == percent
