"""What belongs to a page, its images and the further pages of its article, and from where it is fetched."""

from dataclasses import replace

from crawler.http.web_copies import other_page
from crawler.items import Article, Discovery, Evidence, Origin


def names_more(page: Article) -> bool:
    """Whether what belongs to a page can be fetched: from its site, or from the archive that has a copy of it."""
    return page.origin is Origin.LIVE or bool(page.origin is Origin.WAYBACK and page.evidence.copy)


def evidence_beside(page: Article, url: str, how: Discovery) -> Evidence:
    """What is known of a URL that belongs to a page; of the page's archive it is wanted as of the same moment."""
    known = page.evidence
    beside = Evidence(
        source=known.source,
        how=how,
        via=page.url,
        zone=known.zone,
        language=known.language,
        period=known.period,
    )
    if not known.copy:
        return beside
    return replace(beside, copy=other_page(known.copy, url), origin=known.origin)
