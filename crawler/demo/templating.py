"""A site's templates, with the filters by which they write dates and links."""

import re
from datetime import UTC
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from crawler.demo.content import SiteContent, read_time

_SHARED = Path(__file__).parent / "templates"


def site_templates(site: SiteContent) -> Environment:
    """The site's own templates, and those that all sites share."""
    environment = Environment(
        loader=FileSystemLoader([site.templates, _SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "rfc822": rfc822,
        "w3c_utc": w3c_utc,
        "long_date": lambda time: long_date(time, site),
        "keywords": lambda paragraph: link_keywords(paragraph, site.keywords),
    }
    return environment


def rfc822(time: str) -> str:
    """A time as RSS writes it: `Thu, 14 Jan 2021 09:12:00 +0100`."""
    return format_datetime(read_time(time))


def w3c_utc(time: str) -> str:
    """A time in UTC as Atom writes it: `2021-01-14T08:12:00Z`."""
    return read_time(time).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def long_date(time: str, site: SiteContent) -> str:
    """A time as the site's readers see it, in their time zone and their digits."""
    local = read_time(time).astimezone(ZoneInfo(site.zone))
    text = site.date_format.format(
        day=local.day,
        month=site.months[local.month - 1],
        year=local.year,
        hour=f"{local.hour:02d}",
        minute=f"{local.minute:02d}",
    )
    return text.translate(str.maketrans("0123456789", site.digits))


def link_keywords(paragraph: str, keywords: dict[str, str]) -> Markup:
    """The paragraph with the first mention of each keyword as a link to its path."""
    text = str(escape(paragraph))
    for term, path in keywords.items():
        link = str(Markup('<a href="{}">{}</a>').format(path, term))
        text = re.sub(rf"\b{re.escape(str(escape(term)))}\b", link.replace("\\", r"\\"), text, count=1)
    return Markup(text)
