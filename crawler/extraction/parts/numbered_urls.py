"""Where a URL says which page of an article it names: `?page=2`, `/2/`, `/page/2`, `-2.html`, `_2.html`."""

import re
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

_WORD = (
    r"(?:page|pg|p|seite|pagina|pag|strona|strana|stranica|stranka|sayfa|sivu|sida|side|oldal|trang|halaman|hal"
    r"|part|partie|parte|teil)"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<before>.+)(?P<sign>/{_WORD}[-/_,]?)(?P<number>\d{{1,4}})(?P<end>)",
        r"(?P<before>.+)(?P<sign>/)(?P<number>\d{1,4})(?P<end>)",
        rf"(?P<before>.+?)(?P<sign>[-_,.]{_WORD}[-_]?)(?P<number>\d{{1,4}})(?P<end>\.\w{{2,5}}|)",
        r"(?P<before>.+?)(?P<sign>[-_,.])(?P<number>\d{1,4})(?P<end>\.\w{2,5})",
    )
)
_PARAMETER = re.compile(
    rf"{_WORD}|page_?(?:no|nr|num|number|index)|(?:cur|curr|current|show|article)_?page|pn", re.IGNORECASE
)
_INDEX = re.compile(r"/(?:index|default)(?:\.\w{2,5})?$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)


class PageNumber(NamedTuple):
    """One way to read a URL as a page of several."""

    stem: str
    """What all pages have in common, spelled in one way; no URL to fetch."""
    form: str
    """What stands around the number; empty for a URL without one, which is the first page."""
    number: int

    @property
    def path(self) -> str:
        """The path of the first page."""
        return self.stem.partition("/")[2].rpartition("?")[0]

    @property
    def may_count_from_0(self) -> bool:
        """Whether sites exist that give the second page the number 1: only in queries."""
        return self.form.startswith("?")


def read_numbers(url: str) -> list[PageNumber]:
    """Every way to read a URL as a page of several: first as one that has no number."""
    parts = urlsplit(url)
    path = _INDEX.sub("", parts.path.rstrip("/"))
    query = parse_qsl(parts.query, keep_blank_values=True)
    found = [PageNumber(_stem(parts, path, query), "", 1)]
    for form in _FORMS:
        if match := form.fullmatch(path):
            stem = _INDEX.sub("", match["before"] + match["end"])
            around = f"{match['sign']}N{match['end']}".lower()
            found.append(PageNumber(_stem(parts, stem, query), around, int(match["number"])))
            break
    for at, (name, value) in enumerate(query):
        if _PARAMETER.fullmatch(name) and _NUMBER.fullmatch(value):
            others = query[:at] + query[at + 1 :]
            found.append(PageNumber(_stem(parts, path, others), f"?{name.lower()}", int(value)))
    return found


def _stem(parts: SplitResult, path: str, query: list[tuple[str, str]]) -> str:
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{path}?{urlencode(sorted(query))}"
