"""The pages of `scrapy browse`: each address, what it reads and which template shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from crawler.browse import json_api, review_pages
from crawler.browse.article_page import read_article
from crawler.browse.page_guards import guard
from crawler.browse.page_words import add_words
from crawler.browse.searches import PER_PAGE, Asked, read_address
from crawler.browse.site import Site
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import articles_of_ids
from crawler.errors import OperatorError
from crawler.http.url_identity import wire_url
from crawler.search.hits import Found, find, first_articles, totals
from crawler.search.passages import Piece, passage
from crawler.search.search_query import read_query


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit as a list shows it."""

    row: ArticleRow
    passage: Sequence[Piece]


def make_app(site: Site) -> Flask:
    """The application, for any WSGI server."""
    app = Flask("crawler.browse")
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    guard(app, site)
    add_words(app, site)
    _add_pages(app, site)
    review_pages.add(app, site)
    json_api.add(app, site)
    app.register_error_handler(HTTPException, _show_error)
    app.register_error_handler(OperatorError, _show_failure)
    return app


def _add_pages(app: Flask, site: Site) -> None:
    @app.get("/")
    def start() -> str:
        asked = Asked(read_address({}).search)
        hits, _ = read_hits(site, asked, counts=False)
        with site.index() as index:
            return render_template("start.html", hits=hits, totals=totals(index), asked=asked)

    @app.get("/search")
    def search() -> str:
        asked = read_address(request.args)
        hits, found = read_hits(site, asked)
        stories = _story_titles(site, [each.value for each in found.facets.get("cluster", ())])
        return render_template(
            "search.html", asked=asked, hits=hits, found=found, per_page=PER_PAGE, story_titles=stories
        )

    @app.get("/article")
    def article() -> AnyResponse | str:
        url, words = wire_url(request.args.get("url", "")), request.args.get("q", "")
        page = read_article(site, url, words)
        said = request.args.get("said", "")
        return (
            render_template("article.html", page=page, said=said)
            if page
            else redirect(url_for("why", url=url))
        )

    @app.get("/page")
    def page() -> AnyResponse | str:
        url = wire_url(request.args.get("url", ""))
        article = read_article(site, url)
        return render_template("page.html", page=article) if article else redirect(url_for("why", url=url))

    @app.get("/why")
    def why() -> str:
        url = request.args.get("url", "").strip()
        return render_template("why.html", url=url, lines=site.explain(wire_url(url)) if url else ())


def read_hits(site: Site, asked: Asked, counts: bool = True) -> tuple[list[ShownHit], Found]:
    """One page of hits, with the passages that show why; and all that was found."""
    query = read_query(asked.search.words)
    with site.index() as index:
        found = find(index, asked.search, asked.start, PER_PAGE, counts)
    rows = articles_of_ids(site.catalogue, [hit.article for hit in found.hits])
    return [ShownHit(row, passage(row.text, query)) for row in rows], found


def _story_titles(site: Site, clusters: Sequence[str]) -> dict[str, str]:
    """The headline with which each story began."""
    with site.index() as index:
        firsts = first_articles(index, clusters)
    titles = {row.id: row.title for row in articles_of_ids(site.catalogue, list(firsts.values()))}
    return {cluster: titles.get(article) or cluster[:12] for cluster, article in firsts.items()}


def _show_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    return _failure(error.code, error.description or error.name)


def _show_failure(error: OperatorError) -> Any:
    return _failure(409, str(error))


def _failure(code: int, sentence: str) -> tuple[str | Response, int]:
    if request.path.startswith("/api/"):
        return json_api.failure(sentence), code
    return render_template("error.html", sentence=sentence), code
