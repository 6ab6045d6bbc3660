"""Words and numbers as pages show them, and what every page needs."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from crawler.browse.site import Site
from crawler.fates import IN_CORPUS, Fate
from crawler.items import Relation

_RELATIONS = {
    Relation.COPY: "repeats",
    Relation.DEVELOPS: "develops",
    Relation.REPORT: "reports the same as",
    Relation.TRANSLATION: "translates",
}

FACET_NAMES = {
    "source": "Source",
    "language": "Language",
    "month": "Month",
    "place": "Place",
    "fate": "Fate",
    "cluster": "Story",
}


def add_words(app: Flask, site: Site) -> None:
    """Let templates use them."""
    app.jinja_env.filters.update(host=_host, day=_day, relation=_relation, web=_is_web, moment=_moment)
    app.jinja_env.globals.update(
        site=site,
        facet_names=FACET_NAMES,
        fates=sorted(map(str, Fate)),
        in_corpus=frozenset(map(str, IN_CORPUS)),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    static = Path(app.static_folder or "")
    # Its own address for each content: what a browser kept of an earlier version is not taken.
    app.jinja_env.globals["style"] = f"browse.css?{(static / 'browse.css').stat().st_mtime_ns:x}"


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc or url
    except ValueError:
        return url


def _day(published: str | None) -> str:
    return (published or "")[:10]


def _moment(text: str | None) -> str:
    """A moment without fractions of a second."""
    return (text or "not known").split(".")[0].replace("T", " ").removesuffix("Z")


def _relation(relation: str) -> str:
    return _RELATIONS[Relation(relation)]


def _is_web(url: str) -> bool:
    """Whether an address may be a link: text of pages must not become a `javascript:` address."""
    return url.startswith(("http://", "https://"))
