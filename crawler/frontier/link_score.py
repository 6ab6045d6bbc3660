"""How much a link promises to lead to what the seeds speak of: its title, its URL, and its neighbours tell."""

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import fmean
from urllib.parse import unquote, urlsplit

from crawler.discovery import discover
from crawler.items import Link, RawPage, UrlKind
from crawler.relevance import NO_TOPIC, Scorer, Topic
from crawler.relevance.seeds import read_seeds

MOST_JUDGED = 5_000
"""Of a listing's links: sitemaps name 50,000, and their newest mostly stand together."""

_OWN_WORD = 0.8
"""How much a link's own words count; the rest is what the page's links say on average."""

_SEPARATOR = re.compile(r"[-_+.]+")
_WORD = re.compile(r"[^\W\d_]{3}")


@dataclass(frozen=True, slots=True)
class Focus:
    """What a run looks for: the seed documents, and which of the scores decides."""

    seeds: tuple[tuple[str, ...], ...]
    mode: str
    topic: Topic = NO_TOPIC


def read_focus(seeds: Path, mode: str) -> Focus:
    """That of a folder of seeds; ValueError, for the operator to read, if something is wrong with it."""
    return Focus(tuple(read_seeds(seeds)), mode, Topic.read(seeds))


def discover_promising(raw: RawPage, kind: UrlKind, focus: Focus | None) -> list[Link]:
    """What `discover` finds, each article with its promise; without a focus none has one."""
    links = discover(raw, kind)
    if focus is None:
        return links
    own = [_promise(link, focus) for link in links[:MOST_JUDGED]]
    told = [promise for promise in own if promise is not None]
    if not told:
        return links
    usual = fmean(told)
    return [
        replace(link, promise=_blend(promise, usual)) if link.kind is UrlKind.ARTICLE else link
        for link, promise in zip(links, own + [None] * (len(links) - len(own)), strict=True)
    ]


def words_of(url: str) -> str:
    """The words in a URL's path: of `/2021/01/air-strikes-near-veld.html` the last four."""
    parts = [_SEPARATOR.sub(" ", unquote(part)) for part in urlsplit(url).path.split("/")]
    return " ".join(part for part in parts if _WORD.search(part))


def _promise(link: Link, focus: Focus) -> float | None:
    """Between 0 and 1; None for what is no article, or says nothing of itself."""
    title, words = link.evidence.title, words_of(link.url)
    if link.kind is not UrlKind.ARTICLE or not (title or words):
        return None
    return _scorer(focus).promise(title or words, (words,) if title else ())


def _blend(own: float | None, usual: float) -> float:
    return usual if own is None else _OWN_WORD * own + (1 - _OWN_WORD) * usual


@cache
def _scorer(focus: Focus) -> Scorer:
    return Scorer.from_seeds(focus.seeds, focus.mode, focus.topic)
