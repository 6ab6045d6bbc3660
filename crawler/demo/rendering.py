"""From stories to the responses of a site: pages, feeds and sitemaps, all by templates."""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from crawler.demo.content import Listing, SiteContent, Story, read_time
from crawler.demo.pictures import draw_picture
from crawler.demo.templating import site_templates

HTML = "text/html; charset=utf-8"
PNG = "image/png"
AMP = "/amp"
"""Prefix of the path of an article's AMP page."""

_RELATED = (1, 3, 4, 7)
"""An article links to the articles that come so many places after it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The response to a GET, before content and transfer coding."""

    body: bytes
    content_type: str
    status: int = 200
    modified: datetime | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """A strong entity tag, with its quotes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


Route = Callable[[str], Answer]
"""Takes the base URL of the request (`http://127.0.0.1:8000`)."""


class SiteRenderer:
    """The responses of one site: the same bytes for the same base URL and path."""

    def __init__(self, site: SiteContent) -> None:
        self._site = site
        self._templates = site_templates(site)
        self._routes = self._all_routes()
        self._pictures = {path for story in site.stories for path in site.pictures_of(story)}

    @property
    def paths(self) -> frozenset[str]:
        """Every path that exists, pictures left out."""
        return frozenset(self._routes)

    def answer(self, path: str, base: str) -> Answer:
        """The response for a path, 404 included."""
        if path in self._pictures:
            return Answer(draw_picture(path), PNG, modified=self._site.newest)
        route = self._routes.get(path)
        if route is None:
            return replace(self._render("404.html", base), status=404)
        return route(base)

    def _all_routes(self) -> dict[str, Route]:
        site = self._site
        routes = {listing.path: self._listing(listing) for listing in site.listings}
        routes |= {stray.path: self._redirect(stray.target) for stray in site.strays if stray.target}
        routes |= {page.path: self._page(page) for page in site.pages}
        routes |= {story.path: self._article(story, "article.html") for story in site.stories}
        if (site.templates / "amp.html").exists():
            routes |= {AMP + story.path: self._article(story, "amp.html") for story in site.stories}
        return routes

    def _listing(self, listing: Listing) -> Route:
        site = self._site
        stories = [story for story in site.stories if listing.section in ("", story.section)]
        stories.sort(
            key=lambda story: read_time(story.published) if story.published else site.newest, reverse=True
        )
        strays = [stray for stray in site.strays if listing.section in ("", stray.section)]

        def route(base: str) -> Answer:
            answer = self._render(listing.template, base, listing=listing, stories=stories, strays=strays)
            answer = replace(
                answer, content_type=self._in_charset(listing.content_type), modified=site.newest
            )
            return replace(answer, body=gzip.compress(answer.body, mtime=0)) if listing.gzip else answer

        return route

    def _page(self, page: Story) -> Route:
        return lambda base: self._render("page.html", base, story=page)

    def _article(self, story: Story, template: str) -> Route:
        stories = self._site.stories
        place = stories.index(story)
        others = [stories[(place + step) % len(stories)] for step in _RELATED]
        changed = story.modified or story.published
        modified = read_time(changed) if changed else None
        pictures = self._site.pictures_of(story)

        def route(base: str) -> Answer:
            answer = self._render(template, base, story=story, others=others, place=place, pictures=pictures)
            return replace(answer, modified=modified)

        return route

    def _redirect(self, target: str) -> Route:
        def route(base: str) -> Answer:
            answer = self._render("301.html", base)
            return replace(answer, status=301, headers={**answer.headers, "Location": base + target})

        return route

    def _render(self, template: str, base: str, **values: object) -> Answer:
        site = self._site
        text = self._templates.get_template(template).render(site=site, base=base, **values)
        # Characters that the encoding lacks become character references.
        body = text.encode(site.encoding, "xmlcharrefreplace")
        return Answer(body, self._in_charset(HTML), headers=site.headers)

    def _in_charset(self, content_type: str) -> str:
        return content_type.replace("utf-8", self._site.encoding)
