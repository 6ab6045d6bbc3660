"""The content of a site: `site.toml`, and a text file for each story.

A story's file begins with TOML between two lines `+++`; its paragraphs follow, separated by blank lines, exactly as
a corpus should hold them.
"""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SITES = Path(__file__).parent / "sites"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article, or a static page; times are ISO 8601 as the site writes them, empty if it gives none."""

    path: str
    title: str
    paragraphs: tuple[str, ...]
    summary: str = ""
    section: str = ""
    language: str = ""
    """Empty where it is the site's own."""
    published: str = ""
    modified: str = ""
    author: str = ""
    agency: str = ""
    caption: str = ""
    credit: str = ""
    times: tuple[str, ...] = ()
    """The hour of each paragraph of a live blog."""
    in_feeds: bool = True
    """False if only section pages list it."""
    month: str | None = None
    """Truth: first publication on the site's own calendar."""
    conflict: bool = False
    """Truth: it is about armed conflict."""
    related: bool = False
    """Truth: its theme is that of the seed document, jihadists in a desert and the war on them."""
    special: str = ""
    """Truth: what sets it apart from a plain article."""
    fate: str = ""
    """Truth: how a crawl should end for it; empty if by its subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A link to a page that has moved (to `target`) or is missing."""

    path: str
    title: str
    section: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One template over many stories: home, section, feed, sitemap, robots.txt."""

    path: str
    template: str
    content_type: str = "text/html; charset=utf-8"
    section: str = ""
    """Only this section's stories; empty for all."""
    registry: str = ""
    """The field of the registry that names it: feeds, news_sitemaps, sitemaps, sections."""
    gzip: bool = False
    """The resource itself is a gzip file (`sitemap.xml.gz`), whatever the client accepts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContent:
    """Everything one site publishes."""

    id: str
    name: str
    language: str
    languages: tuple[str, ...]
    country: str
    zone: str
    slogan: str
    months: tuple[str, ...]
    date_format: str
    """For `str.format`: {day} {month} {year} {hour} {minute}."""
    sections: dict[str, str]
    """Path of a section's page -> its name."""
    listings: tuple[Listing, ...]
    comments: tuple[dict[str, str], ...]
    keywords: dict[str, str]
    """Term -> path: its first mention in a paragraph becomes a link, as in many content systems."""
    strays: tuple[Stray, ...] = ()
    encoding: str = "utf-8"
    compress: bool = False
    chunked: bool = False
    digits: str = "0123456789"
    headers: dict[str, str]
    pictures: tuple[str, ...]
    """Paths of each story's pictures, with {place} for its place among the stories; the lead picture's first."""
    stories: tuple[Story, ...]
    pages: tuple[Story, ...]

    @property
    def templates(self) -> Path:
        return SITES / self.id / "templates"

    def pictures_of(self, story: Story) -> tuple[str, ...]:
        """Paths of a story's pictures."""
        place = self.stories.index(story)
        return tuple(pattern.format(place=f"{place:02d}") for pattern in self.pictures)

    @property
    def newest(self) -> datetime:
        """When the site last changed."""
        times = [time for story in self.stories for time in (story.published, story.modified) if time]
        return max(map(read_time, times))


def read_sites() -> list[SiteContent]:
    """All sites, by id."""
    return [read_site(file.parent) for file in sorted(SITES.glob("*/site.toml"))]


def read_site(folder: Path) -> SiteContent:
    """One site from its folder, whose name is its id."""
    fields = tomllib.loads((folder / "site.toml").read_text(encoding="utf-8"))
    return SiteContent(
        id=folder.name,
        languages=tuple(fields.pop("languages")),
        months=tuple(fields.pop("months")),
        comments=tuple(fields.pop("comments")),
        pictures=tuple(fields.pop("pictures")),
        listings=tuple(Listing(**listing) for listing in fields.pop("listings")),
        strays=tuple(Stray(**stray) for stray in fields.pop("strays", ())),
        stories=_read_stories(folder / "articles"),
        pages=_read_stories(folder / "pages"),
        **fields,
    )


def _read_stories(folder: Path) -> tuple[Story, ...]:
    return tuple(_read_story(file) for file in sorted(folder.glob("*.txt")))


def _read_story(file: Path) -> Story:
    _, head, text = file.read_text(encoding="utf-8").split("+++\n", 2)
    fields = tomllib.loads(head)
    times = tuple(fields.pop("times", ()))
    paragraphs = tuple(text.strip().split("\n\n")) if text.strip() else ()
    return Story(paragraphs=paragraphs, times=times, **fields)


def read_time(text: str) -> datetime:
    """An aware time from ISO 8601."""
    return datetime.fromisoformat(text)
