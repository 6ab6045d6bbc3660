"""Running sites, and the truth about what they publish."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlsplit, urlunsplit

from crawler.demo.content import SiteContent, Story, read_sites
from crawler.demo.rendering import AMP, SiteRenderer
from crawler.demo.server import SiteServer


@dataclass(frozen=True, slots=True)
class ArticleTruth:
    """What a crawl should make of one page."""

    url: str
    title: str
    paragraphs: tuple[str, ...]
    month: str | None
    """`YYYY-MM` of first publication on the site's own calendar; None: the page gives no date."""
    language: str
    conflict: bool
    """It is about armed conflict."""
    related: bool
    """Its theme is that of the seed document: jihadists in a desert and the war on them."""
    special: str
    """What sets it apart (`syndicated`, `undated`, `amp`, …); empty for a plain article."""
    fate: str
    """How a crawl with the default settings should end for it; where order decides (`syndicated`, `amp`),
    for the page that comes first."""
    pictures: tuple[str, ...]
    """URLs of its pictures, all of which the server has; some of them stand in the page as well."""


class Exchange(NamedTuple):
    """One request, and the status of its response."""

    site: str
    method: str
    path: str
    status: int


class Site:
    """One running site."""

    def __init__(self, content: SiteContent, server: SiteServer) -> None:
        self._content = content
        self._server = server
        self.id = content.id
        self.name = content.name
        self.language = content.language
        self.zone = content.zone
        self.url = f"{server.url}/"
        self.articles = tuple(self._truths())

    def link(self, path: str) -> str:
        """The absolute URL of a path."""
        return self._server.url + path

    @property
    def paths(self) -> frozenset[str]:
        """Every path that exists, pictures left out."""
        return self._server.renderer.paths

    @property
    def fates(self) -> dict[str, str]:
        """URL -> its fate in a crawl: articles, the pages that list them, moved and missing pages."""
        listings = [listing for listing in self._content.listings if listing.registry or listing.gzip]
        listed = {self.link(listing.path): "discovery" for listing in listings}
        strays = {
            self.link(stray.path): "redirected" if stray.target else "gone" for stray in self._content.strays
        }
        return listed | strays | {article.url: article.fate for article in self.articles}

    def registry_entry(self) -> dict[str, str | list[str]]:
        """The fields of the registry (`[[source]]`) for this site."""
        content = self._content
        return {
            "id": self.id,
            "name": self.name,
            "homepage": self.url,
            "country": content.country,
            "languages": list(content.languages),
            "timezone": self.zone,
            "kind": "newspaper",
            **{field: self._listed(field) for field in ("feeds", "news_sitemaps", "sitemaps", "sections")},
        }

    def _listed(self, field: str) -> list[str]:
        return [self.link(listing.path) for listing in self._content.listings if listing.registry == field]

    def _truths(self) -> list[ArticleTruth]:
        truths = [self._truth(story, story.path) for story in self._content.stories]
        # The AMP page is linked like an article, so a crawl finds both.
        truths += [
            self._truth(story, AMP + story.path) for story in self._content.stories if story.special == "amp"
        ]
        return truths

    def _truth(self, story: Story, path: str) -> ArticleTruth:
        return ArticleTruth(
            url=self.link(path),
            title=story.title,
            paragraphs=story.paragraphs,
            month=story.month,
            language=story.language or self.language,
            conflict=story.conflict,
            related=story.related,
            special=story.special,
            pictures=tuple(map(self.link, self._content.pictures_of(story))),
            fate=story.fate or ("saved" if story.conflict and story.related else "off_topic"),
        )


class Newsroom:
    """Small fictional news sites, each on a port of its own, which run within `with Newsroom() as newsroom:`.

    `ports` fixes the port of a site by its id; others get a free one.
    """

    def __init__(self, ports: Mapping[str, int] | None = None) -> None:
        self.requests: list[Exchange] = []
        """Every request so far, in the order of arrival."""
        self.sites: tuple[Site, ...] = ()
        self._ports = ports or {}
        self._servers: list[SiteServer] = []
        self._bodies: dict[tuple[int | None, str], bytes] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        try:
            self.sites = tuple(self._open(content) for content in read_sites())
        except OSError:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def served(self, url: str) -> bytes:
        """The body last sent for a URL, still content-encoded, without transfer coding; KeyError if there is none."""
        parts = urlsplit(url)
        return self._bodies[parts.port, urlunsplit(("", "", parts.path or "/", parts.query, ""))]

    def write_registry(self, path: Path) -> None:
        """Write the sites as a registry of sources (TOML)."""
        path.write_text(render_registry([site.registry_entry() for site in self.sites]), encoding="utf-8")

    def _open(self, content: SiteContent) -> Site:
        def note(method: str, target: str, status: int, body: bytes) -> None:
            with self._lock:
                self.requests.append(Exchange(content.id, method, target, status))
                if method == "GET" and status != 304:
                    self._bodies[server.server_port, target] = body

        server = SiteServer(
            SiteRenderer(content),
            self._ports.get(content.id, 0),
            note,
            compress=content.compress,
            chunked=content.chunked,
        )
        self._servers.append(server)
        server.start()
        return Site(content, server)

    def _stop(self) -> None:
        for server in self._servers:
            server.stop()
        self._servers.clear()


def render_registry(entries: Sequence[Mapping[str, str | list[str]]]) -> str:
    """A registry in TOML, whose strings and lists of strings are written as in JSON."""
    tables = []
    for entry in entries:
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in entry.items()]
        tables.append("\n".join(["[[source]]", *lines]))
    return "\n\n".join(tables) + "\n"
