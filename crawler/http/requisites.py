"""What is archived besides kept pages, so that they can be seen as they were; and what became of it."""

from collections.abc import Iterable

from crawler.fates import Fate
from crawler.http.belongings import evidence_beside
from crawler.items import REQUISITES, Article, Discovery, Evidence, Link, UrlKind

IMAGES, PAGE = "images", "page"

ACCEPT = {
    UrlKind.IMAGE: "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    UrlKind.STYLE: "text/css,*/*;q=0.1",
    UrlKind.FONT: "*/*",
}
"""What browsers send for each: servers that choose the format by it send what a reader would have seen."""

NAMES = {UrlKind.IMAGE: "image", UrlKind.STYLE: "style sheet", UrlKind.FONT: "font"}
"""What people call them."""

_FETCHED = {"": frozenset[UrlKind](), IMAGES: frozenset({UrlKind.IMAGE}), PAGE: REQUISITES}
_PAGE_TYPES = ("text/html", "application/xhtml+xml")


def wants_images(requisites: str) -> bool:
    """Whether ARCHIVE_REQUISITES has the pictures of stories fetched."""
    return UrlKind.IMAGE in _FETCHED[requisites]


def wants_look(requisites: str) -> bool:
    """Whether ARCHIVE_REQUISITES has all fetched that a page is shown with."""
    return requisites == PAGE


def kinds_to_fetch(requisites: str) -> set[UrlKind]:
    """What a run fetches, by ARCHIVE_REQUISITES."""
    return set(UrlKind) - REQUISITES | _FETCHED[requisites]


def image_links(article: Article) -> list[Link]:
    """The images of an article, as links that it names."""
    return [
        Link(url, UrlKind.IMAGE, evidence_beside(article, url, Discovery.IMAGE)) for url in article.images
    ]


def look_links(
    url: str, known: Evidence, files: Iterable[tuple[UrlKind, str]], depth: int = 0
) -> tuple[Link, ...]:
    """The files that a page or a style sheet is shown with, as links that it names."""
    evidence = Evidence(
        source=known.source, how=Discovery.LOOK, via=url, zone=known.zone, language=known.language
    )
    return tuple(Link(file, kind, evidence, depth=depth) for kind, file in files)


def fate_of_requisite(link: Link, headers: dict[str, str]) -> tuple[Fate, str]:
    """The fate of a file that came, by its type, and the reason; its bytes are not read."""
    name, content_type = NAMES[link.kind], headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type in _PAGE_TYPES:
        return Fate.SOFT_404, f"a web page where {_a(name)} of {link.evidence.via} was expected"
    return Fate.NOT_HTML, f"{name} of {link.evidence.via}"


def _a(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
