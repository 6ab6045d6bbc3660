"""The images of kept articles, archived so that a page can be seen as it was."""

from crawler.fates import Fate
from crawler.http.belongings import evidence_beside
from crawler.items import Article, Discovery, Link, UrlKind

IMAGES = "images"

ACCEPT = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
"""What browsers send for images: servers that choose the format by it send what a reader would have seen."""

_PAGE_TYPES = ("text/html", "application/xhtml+xml")


def wants_images(requisites: str) -> bool:
    """Whether ARCHIVE_REQUISITES names images."""
    return requisites == IMAGES


def kinds_to_fetch(requisites: str) -> set[UrlKind]:
    """What a run fetches, by ARCHIVE_REQUISITES."""
    return set(UrlKind) if wants_images(requisites) else set(UrlKind) - {UrlKind.IMAGE}


def image_links(article: Article) -> list[Link]:
    """The images of an article, as links that it names."""
    return [
        Link(url, UrlKind.IMAGE, evidence_beside(article, url, Discovery.IMAGE)) for url in article.images
    ]


def fate_of_image(link: Link, headers: dict[str, str]) -> tuple[Fate, str]:
    """The fate of an image that came, by its type, and the reason; its bytes are not read."""
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type in _PAGE_TYPES:
        return Fate.SOFT_404, f"a web page where an image of {link.evidence.via} was expected"
    return Fate.NOT_HTML, f"image of {link.evidence.via}"
