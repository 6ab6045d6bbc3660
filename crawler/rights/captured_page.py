"""All that was declared of the use of a page when it was captured, in one list."""

from collections.abc import Iterator, Mapping, Sequence

from lxml.html import HtmlElement

from crawler.items import Declaration, RawPage
from crawler.rights import content_usage, licences, robots_tags, tdmrep
from crawler.rights.declarations import ROBOTS_TXT, TDMREP, UNKNOWN, load_declared

NOT_KNOWN = (Declaration(ROBOTS_TXT, UNKNOWN), Declaration(TDMREP, UNKNOWN))
"""What is known of the site of a page whose record does not tell."""


def declared_of_site(raw: RawPage) -> tuple[Declaration, ...]:
    """What the site declared, as the crawl that captured the page noted it."""
    noted = load_declared(raw.declared)
    return NOT_KNOWN if noted is None else noted


def declared_in_answer(raw: RawPage) -> Iterator[Declaration]:
    """What the site and the header fields of the answer declare."""
    yield from declared_of_site(raw)
    yield from robots_tags.in_headers(raw.headers)
    yield from tdmrep.in_headers(raw.headers, raw.url)
    yield from content_usage.in_headers(raw.headers)
    yield from licences.in_headers(raw.headers, raw.url)


def declared_in_page(
    metas: Mapping[str, Sequence[str]], tree: HtmlElement, base: str
) -> Iterator[Declaration]:
    """What the page itself declares."""
    yield from robots_tags.in_metas(metas)
    yield from tdmrep.in_metas(metas, base)
    yield from licences.in_tree(tree, base)
