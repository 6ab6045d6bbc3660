"""The queue of pages that wait for a decision, and the form by which a person decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Flask, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from crawler.audit.review_queue import Waiting, chosen, waiting
from crawler.browse.site import Site
from crawler.catalogue.reviews import ReviewChoice, ReviewDecision
from crawler.catalogue.stated_months import StatedMonth
from crawler.http.url_identity import wire_url
from crawler.texts.seed_format import SeedError, normalise_paragraph, parse_month

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Queue:
    """The pages that wait, as a person chose and ordered them."""

    pages: tuple[Waiting, ...]
    """The first of them."""
    count: int
    sources: tuple[str, ...]
    languages: tuple[str, ...]
    source: str
    language: str
    order: str


def add(app: Flask, site: Site) -> None:
    """Add the pages of the review."""

    @app.get("/review")
    def review() -> str:
        said = request.args.get("said", "")
        return render_template("review.html", queue=_queue(site), said=said)

    @app.get("/api/review")
    def api_review() -> Response:
        return jsonify([_described(each) for each in _queue(site).pages])

    @app.post("/review")
    def decide() -> AnyResponse:
        form = request.form
        if form.get("choice") not in set(ReviewChoice) or not form.get("url"):
            abort(400, "A decision names a page, and whether it is accepted or rejected.")
        who, note = one_line(form.get("who", ""), 200) or site.who, one_line(form.get("note", ""), 1000)
        said = site.decide(ReviewDecision.now(wire_url(form["url"]), ReviewChoice(form["choice"]), who, note))
        if request.headers.get("Accept") == "application/json":
            return jsonify(said=said)
        kept = {name: form.get(name, "") for name in ("source", "language", "order")}
        return redirect(f"{url_for('review')}?{urlencode({**kept, 'said': said})}", 303)

    @app.post("/date")
    def date() -> AnyResponse:
        form, url = request.form, wire_url(request.form.get("url", ""))
        who, note = one_line(form.get("who", ""), 200) or site.who, one_line(form.get("note", ""), 1000)
        said = site.decide(StatedMonth.now(url, _month(form.get("month", "").strip()), who, note))
        return redirect(url_for("article", url=url, said=said), 303)


def _month(text: str) -> str:
    if text > f"{datetime.now(UTC):%Y-%m}":
        abort(400, "The month has not begun: nothing was changed.")
    try:
        return parse_month(text)
    except SeedError:
        abort(400, "A month is a year and a month, such as 2021-01: nothing was changed.")


def one_line(text: str, most: int) -> str:
    """What a person typed, as a statement can hold it."""
    return " ".join(normalise_paragraph(text).split())[:most]


def _queue(site: Site) -> Queue:
    given = request.args
    pages = waiting(site.catalogue, site.scale)
    source, language, order = given.get("source", ""), given.get("language", ""), given.get("order", "")
    found = chosen(pages, source, language, order)
    sources, languages = (
        _values(each.row.source for each in pages),
        _values(each.row.language for each in pages),
    )
    return Queue(tuple(found[:_SHOWN]), len(found), sources, languages, source, language, order)


def _values(found: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({each for each in found if each}))


def _described(page: Waiting) -> dict[str, object]:
    names = ("url", "title", "month", "source", "language", "conflict", "related", "terms", "text")
    row = {name: getattr(page.row, name) for name in names}
    return {**row, "worth": round(page.worth.total, 4), "because": [*page.worth.reasons()]}
