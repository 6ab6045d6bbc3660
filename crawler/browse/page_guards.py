"""What keeps pages of others away: they cannot ask under a name of their own, send a form, or be in ours."""

from hmac import compare_digest

from flask import Flask, Response, abort, request

from crawler.browse.site import Site

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with none at all, browsers hide from a form whose page sent it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def guard(app: Flask, site: Site) -> None:
    """Let an application answer under its own names only, take forms from its own pages, and load nothing else."""
    frames = f"; frame-src {site.archive.address}" if site.archive else ""

    @app.before_request
    def check() -> None:
        # A name of others that leads to this machine would make their page one of ours (DNS rebinding).
        if request.host not in site.hosts:
            abort(403, f"This is not {' or '.join(sorted(site.hosts))}: open it under that address.")
        if request.method not in ("GET", "HEAD"):
            _check_form(site)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY + frames
        response.headers.update(_HEADERS)
        return response


def _check_form(site: Site) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin.removeprefix("http://") not in site.hosts:
        abort(403, "The form was sent by a page of another site: nothing was done.")
    if not compare_digest(request.form.get("token", "").encode(), site.token.encode()):
        abort(403, "The page is older than this run of scrapy browse: load it again. Nothing was done.")
