"""Finds the pictures of a story: for each the file that a desktop browser shows, and the largest one.

Fetching all files of a responsive image would multiply the traffic. With the file that a browser shows, the page
replays as it looked; the largest one keeps all detail of the picture.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice, takewhile

from lxml.html import HtmlElement

from crawler.extraction.body.marks import own_marks
from crawler.extraction.images.srcset import Candidate, applies, pick_largest, pick_shown, read_srcset
from crawler.extraction.page import Page
from crawler.http.url_identity import wire_url

MAX_IMAGES = 50
"""Most files of one article: two dozen pictures; at one request a second they occupy a host for a minute."""

_MAX_LOOKED_AT = 1000

_TOLD = ("og:image:secure_url", "og:image", "og:image:url")
_VIDEOS = ("video", "amp-video")
_PICTURES = ("img", "amp-img", *_VIDEOS)
_ATTRIBUTES = (
    ("srcset", "src"),
    # Attributes in which common lazy-loading scripts keep the file that they load later.
    ("data-srcset", "data-src"),
    ("data-lazy-srcset", "data-lazy-src"),
    ("data-original-set", "data-original"),
)
_Offer = tuple[HtmlElement, list[Candidate]]
"""An element, and the files that it offers."""

_STRANGE = {"ad", "article", "byline", "comments", "footer", "form", "share", "signup"}
_OFTEN_STRANGE = {"aside", "chrome", "related"}
"""Marks that pictures of the story have too, if an element around them is marked as a picture."""
_FRAMES = {"caption", "figcaption", "figure"}
_PIXEL_STYLE = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*[01](?:px)?\s*(?:!|;|$)")
_IMAGE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|tiff?|svg)(?:$|\?)", re.IGNORECASE)


def find_images(page: Page, story: Collection[str]) -> list[str]:
    """URLs of the story's pictures: the lead picture first, then in the order of the page, at most MAX_IMAGES.

    `story` holds the keys of the story's blocks. Pictures of other articles, authors, readers and advertisers are left
    out if the markup shows what they are, and so are tracking pixels.
    """
    written = [*_declared_images(page), *_find_shown(page, story)]
    found = map(page.url_of, written)
    own = wire_url(page.raw.url)
    return list(islice(dict.fromkeys(url for url in found if url and url != own), MAX_IMAGES))


def read_sources(image: HtmlElement) -> list[str]:
    """The files of an `img` or `video`, as written: the one a browser shows, those of scripts, the largest."""
    if image.tag in _VIDEOS:
        return [image.get("poster") or image.get("data-poster") or ""]
    offers = [_offers(image, *names) for names in _ATTRIBUTES]
    everything = [candidate for each in offers for _, candidates in each for candidate in candidates]
    urls = [url for each in offers if (url := _pick(each))]
    return [*urls, pick_largest(everything).url] if everything else []


def read_shown(image: HtmlElement) -> str:
    """The file of an `img` or `video` that a browser shows without scripts, as written; empty if it shows none."""
    if image.tag in _VIDEOS:
        return image.get("poster") or ""
    return _pick(_offers(image, *_ATTRIBUTES[0]))


def _offers(image: HtmlElement, set_name: str, name: str) -> list[_Offer]:
    """The files that an image and the `source` elements around it offer in attributes of these names."""
    offers = [(each, read_srcset(each.get(set_name) or "")) for each in _sources(image)]
    return [*offers, (image, _own_candidates(image, set_name, name))]


def _pick(offers: Iterable[_Offer]) -> str:
    """The file that a browser shows, by the first element whose files are for its window; empty if there is none."""
    element, candidates = next(filter(_is_fitting, offers), (None, []))
    if element is None:
        return ""
    return pick_shown(candidates, element.get("sizes") or element.get("data-sizes") or "").url


def _own_candidates(image: HtmlElement, set_name: str, name: str) -> list[Candidate]:
    """The candidates of an `img` itself; its `src` only if the set has no file for a density of 1."""
    candidates = read_srcset(image.get(set_name) or "")
    is_complete = any(each.width or each.density == 1 for each in candidates)
    source = image.get(name)
    return candidates if is_complete or not source else [*candidates, Candidate(source)]


def _sources(image: HtmlElement) -> Iterator[HtmlElement]:
    """The `source` elements of the `picture` around the image."""
    # libxml2 does not know that `source` is a void element: it may nest the image in one, and that in another.
    picture = next(image.iterancestors("picture"), None)
    if picture is not None:
        yield from picture.iter("source")


def _is_fitting(offer: _Offer) -> bool:
    element, candidates = offer
    return bool(candidates) and applies(element.get("media") or "")


def _declared_images(page: Page) -> Iterator[str]:
    """The pictures in the metadata of the page; JSON-LD often refers to another node by its id."""
    for name in _TOLD:
        yield from page.metas.get(name, [])
    image = page.article.get("image")
    if isinstance(image, list):
        image = image[0] if image else None  # the others are usually the same picture in other proportions
    if isinstance(image, dict):
        named = (node for node in page.nodes if node.get("@id") == image.get("@id"))
        image = next(
            (url for node in (image, *named) for url in map(node.get, ("url", "contentUrl")) if url), None
        )
    if isinstance(image, str):
        yield image


def _find_shown(page: Page, story: Collection[str]) -> Iterator[str]:
    holders = [block.container for block in page.blocks if block.key in story]
    if holders:
        place = _StoryPlace(page, holders)
        for image in islice(place.pictures(), _MAX_LOOKED_AT):
            if not is_pixel(image) and not place.is_apart(image):
                yield from read_sources(image)
                yield from place.enlargement(image)


class _StoryPlace:
    """The place of the story in the tree, from its headline on."""

    def __init__(self, page: Page, holders: Sequence[HtmlElement]) -> None:
        self._page, self._url = page, wire_url(page.raw.url)
        self._story = _meeting_point(page.tree, holders)
        self._headline = _headline_before(page.tree, self._story)
        targets = holders if self._headline is None else [*holders, self._headline]
        self._frame = _meeting_point(page.tree, targets)
        self._lineage = _lineage(targets)

    def pictures(self) -> Iterator[HtmlElement]:
        """The pictures in the `article` element; else those within the story, or between headline and story."""
        if self._frame.tag == "article":
            yield from self._frame.iter(*_PICTURES)
            return
        has_begun = self._headline is None
        for element in self._frame.iter():
            if element is self._story:
                yield from element.iter(*_PICTURES)
                return  # after the story come other articles, comments and advertising
            has_begun = has_begun or element is self._headline
            if has_begun and element.tag in _PICTURES:
                yield element

    def is_apart(self, image: HtmlElement) -> bool:
        """Whether an element around the picture, but not around the story, shows that it belongs to something else."""
        is_linked = False
        for each in self._surroundings(image):
            marks = own_marks(each, str(each.tag))
            if marks & _STRANGE or (marks & _OFTEN_STRANGE and not marks & _FRAMES):
                return True
            if each.tag == "a":
                is_linked = self._leads_elsewhere(each)
            elif each.tag == "figure" and each.find(".//figcaption") is not None:
                is_linked = False  # a picture with a caption may link to a page of its own
        return is_linked

    def enlargement(self, image: HtmlElement) -> Iterator[str]:
        """The file that a click on the picture opens."""
        for each in self._surroundings(image):
            target = each.get("href") or ""
            if each.tag == "a" and _IMAGE_FILE.search(target):
                yield target

    def _surroundings(self, image: HtmlElement) -> Iterator[HtmlElement]:
        """The picture and its ancestors, up to the first that contains the story too."""
        return takewhile(lambda each: each not in self._lineage, [image, *image.iterancestors()])

    def _leads_elsewhere(self, link: HtmlElement) -> bool:
        target = self._page.url_of(link.get("href") or "")
        return target is not None and not _IMAGE_FILE.search(target) and target != self._url


def _lineage(elements: Iterable[HtmlElement]) -> set[HtmlElement]:
    """The elements and all their ancestors."""
    lineage: set[HtmlElement] = set()
    for element in elements:
        each: HtmlElement | None = element
        while each is not None and each not in lineage:
            lineage.add(each)
            each = each.getparent()
    return lineage


def _meeting_point(root: HtmlElement, elements: Sequence[HtmlElement]) -> HtmlElement:
    """The innermost element that contains all of them."""
    lineage, ends, point = _lineage(elements), set(elements), root
    while point not in ends:
        below = [child for child in point if child in lineage]
        if len(below) != 1:
            break
        point = below[0]
    return point


def _headline_before(root: HtmlElement, story: HtmlElement) -> HtmlElement | None:
    """The last `h1` before the story; None if the story contains one."""
    if story.find(".//h1") is not None:
        return None
    headline = None
    for element in root.iter("h1", str(story.tag)):
        if element is story:
            break
        headline = element if element.tag == "h1" else headline
    return headline


def is_pixel(image: HtmlElement) -> bool:
    """Whether a picture is too small to be seen: it counts who reads the page."""
    sides = {(image.get(name) or "").strip().lower().removesuffix("px") for name in ("width", "height")}
    return not sides.isdisjoint(("0", "1")) or _PIXEL_STYLE.search(image.get("style") or "") is not None
