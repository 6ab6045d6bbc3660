"""What the pages show, as JSON for other programs (docs/browse.md)."""

from dataclasses import asdict

from flask import Flask, Response, abort, jsonify, request

from crawler.browse.article_page import ArticlePage, read_article
from crawler.browse.searches import number, read_address
from crawler.browse.site import Site
from crawler.catalogue.articles import articles_of_ids
from crawler.catalogue.exported_articles import exported
from crawler.http.url_identity import wire_url
from crawler.search.hits import find, totals
from crawler.search.passages import passage
from crawler.search.search_query import read_query

MOST = 500
"""Hits that one answer has at most."""


def add(app: Flask, site: Site) -> None:
    """Add the addresses below /api/."""

    @app.get("/api/search")
    def api_search() -> Response:
        asked = read_address(request.args)
        limit = min(number(request.args.get("limit", ""), 20), MOST)
        query = read_query(asked.search.words)
        with site.index() as index:
            found = find(index, asked.search, asked.start, limit)
        rows = articles_of_ids(site.catalogue, [hit.article for hit in found.hits])
        hits = [
            {**exported(row), "passage": "".join(each.text for each in passage(row.text, query))}
            for row in rows
        ]
        facets = {name: dict(values) for name, values in found.facets.items()}
        return jsonify(count=found.count, is_cut=found.is_cut, start=asked.start, hits=hits, facets=facets)

    @app.get("/api/article")
    def api_article() -> Response:
        page = read_article(site, wire_url(request.args.get("url", "")))
        if page is None:
            abort(404, "No page was extracted from this URL: /api/why says what became of it.")
        return jsonify(**_article(page))

    @app.get("/api/why")
    def api_why() -> Response:
        url = wire_url(request.args.get("url", ""))
        return jsonify(url=url, lines=[{"label": label, "text": text} for label, text in site.explain(url)])

    @app.get("/api/totals")
    def api_totals() -> Response:
        with site.index() as index:
            return jsonify({name: dict(values) for name, values in totals(index).items()})


def failure(sentence: str) -> Response:
    """What went wrong, as JSON."""
    return jsonify(error=sentence)


def _article(page: ArticlePage) -> dict[str, object]:
    return {
        **exported(page.row),
        "text": page.row.text,
        "terms": page.row.terms,
        "dates": [asdict(each) for each in page.row.dates],
        "reasons": [asdict(each) for each in page.row.reasons or ()],
        "copies": [asdict(each) for each in page.copies],
        "revisions": [
            {"earlier": change.earlier.file, "later": change.later.file, "captured": change.later.captured,
             "silent_edit": change.later.silent_edit, "passages": [each._asdict() for each in change.passages]}
            for change in page.changes
        ],
        "decisions": [each._asdict() for each in page.decisions],
        "months": [each._asdict() for each in page.months],
        "checks": [each._asdict() for each in page.checks],
        "archived": page.archived,
    }  # fmt: skip
