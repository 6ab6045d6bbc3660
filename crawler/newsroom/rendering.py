"""From stories to the answers of a site: pages, feeds and sitemaps, all by templates."""

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from crawler.newsroom.content import Listing, SiteContent, Story, read_time

HTML = "text/html; charset=utf-8"
AMP = "/amp"
"""Before the path of an article's AMP page."""

_SHARED = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site says to a GET, before content and transfer coding."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    modified: datetime | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


Route = Callable[[str], Answer]
"""Takes the base URL (`http://127.0.0.1:8000`) by which the site was asked."""


class SiteRenderer:
    """The answers of one site: the same bytes for the same base URL and path."""

    def __init__(self, site: SiteContent) -> None:
        self._site = site
        self._zone = ZoneInfo(site.zone)
        self._templates = self._environment()
        self._routes = dict(self._all_routes())

    @property
    def paths(self) -> frozenset[str]:
        """Every path that does not end in 404."""
        return frozenset(self._routes)

    def answer(self, path: str, base: str) -> Answer:
        """The answer for a path, 404 included."""
        route = self._routes.get(path)
        if route is None:
            return self._render("404.html", base, status=404)
        return route(base)

    def _all_routes(self) -> list[tuple[str, Route]]:
        site = self._site
        routes: list[tuple[str, Route]] = [
            (listing.path, self._listing(listing)) for listing in site.listings
        ]
        routes += [(stray.path, self._redirect(stray.target)) for stray in site.strays if stray.target]
        routes += [(page.path, self._story(page, "page.html")) for page in site.pages]
        routes += [(story.path, self._story(story, "article.html")) for story in site.stories]
        if (site.templates / "amp.html").exists():
            routes += [(AMP + story.path, self._story(story, "amp.html")) for story in site.stories]
        return routes

    def _listing(self, listing: Listing) -> Route:
        site = self._site
        chosen = [story for story in site.stories if listing.section in ("", story.section)]
        chosen.sort(key=lambda story: read_time(story.published or site.newest.isoformat()), reverse=True)
        strays = [stray for stray in site.strays if listing.section in ("", stray.section)]

        def route(base: str) -> Answer:
            answer = self._render(
                listing.template,
                base,
                content_type=listing.content_type,
                modified=site.newest,
                stories=chosen,
                strays=strays,
                listing=listing,
            )
            return (
                Answer(gzip.compress(answer.body, mtime=0), listing.content_type) if listing.gzip else answer
            )

        return route

    def _story(self, story: Story, template: str) -> Route:
        newest = story.modified or story.published
        modified = read_time(newest) if newest else None
        place = self._site.stories.index(story) if story in self._site.stories else 0
        others = [self._site.stories[(place + step) % len(self._site.stories)] for step in (1, 3, 4, 7)]

        def route(base: str) -> Answer:
            return self._render(template, base, modified=modified, story=story, others=others, place=place)

        return route

    def _redirect(self, target: str) -> Route:
        def route(base: str) -> Answer:
            return self._render("301.html", base, status=301, headers={"Location": base + target})

        return route

    def _render(
        self,
        template: str,
        base: str,
        *,
        content_type: str = HTML,
        status: int = 200,
        modified: datetime | None = None,
        headers: dict[str, str] | None = None,
        **values: object,
    ) -> Answer:
        site = self._site
        text = self._templates.get_template(template).render(site=site, base=base, **values)
        content_type = content_type.replace("utf-8", site.encoding)
        body = text.encode(site.encoding, "xmlcharrefreplace")
        return Answer(body, content_type, status, modified, {**site.headers, **(headers or {})})

    def _environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader([self._site.templates, _SHARED]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= {
            "long_date": self._long_date,
            "rfc822": lambda time: format_datetime(read_time(time)),
            "w3c_utc": lambda time: read_time(time).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "keywords": self._link_keywords,
        }
        return environment

    def _long_date(self, time: str) -> str:
        """A time as the site's readers see it, on their own clock."""
        local = read_time(time).astimezone(self._zone)
        text = self._site.date_format.format(
            day=local.day,
            month=self._site.months[local.month - 1],
            year=local.year,
            hour=f"{local.hour:02d}",
            minute=f"{local.minute:02d}",
        )
        return text.translate(str.maketrans("0123456789", self._site.digits))

    def _link_keywords(self, paragraph: str) -> Markup:
        """The paragraph with the first mention of each keyword as a link."""
        text = escape(paragraph)
        for term, path in self._site.keywords.items():
            link = Markup('<a href="{}">{}</a>').format(path, term)
            text = Markup(re.sub(rf"\b{re.escape(escape(term))}\b", lambda _, link=link: link, text, count=1))
        return text
