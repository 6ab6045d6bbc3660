"""Answers of every kind, whole in HTTP and odd in what they say, each with the fate that is right for its URL."""

import gzip

from crawler.http.standard_urls import MAX_URL_CHARS
from tests.support.hostile_site import Site, article, feed, http, redirect
from tests.support.origin import Answer, Origin, Then
from tests.support.registries import source_entry

PAGE = article("Veld").data.partition(b"\r\n\r\n")[2]


def page(name: str, **fields: str) -> Answer:
    return http(article(name).data.partition(b"\r\n\r\n")[2], **fields)


def raw(head: str, body: bytes = b"", then: Then = Then.CLOSE) -> Answer:
    return Answer(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body, then)


def bare(head: str) -> Answer:
    return http(f"<html><head>{head}<title>Moved</title></head><body>Moved</body></html>".encode())


def refresh(content: str) -> str:
    return f'<meta http-equiv="refresh" content="{content}">'


STATUSES = {
    f"/status/{status}": (http(b"<p>Words of the server.</p>", status=f"{status} Odd"), fate)
    for statuses, fate in (
        ((300, 304, 305, 306), "http_error"),
        ((301, 302, 303, 307, 308), "http_error"),  # without a Location
        ((404, 410, 451), "gone"),
        ((400, 401, 402, 403, 405, 406, 407, 408, 409, 418, 421, 425, 426, 429, 431, 499), "http_error"),
        ((500, 501, 502, 503, 504, 505, 511, 520, 599, 600, 799, 998, 999), "http_error"),
    )
    for status in statuses
}
EMPTY = {f"/empty/{status}": (raw(f"HTTP/1.1 {status} Empty"), "no_text") for status in (200, 204, 205, 206)}
WHOLE = {
    f"/page/{status}": (
        http(article(f"Orla {status}").data.partition(b"\r\n\r\n")[2], status=f"{status} Odd"),
        "saved",
    )
    for status in (201, 203, 206, 226, 299)
}
REDIRECTS = {
    "/to/ftp": (redirect("ftp://127.0.0.1/a"), "bad_url"),
    "/to/data": (redirect("data:text/html,a"), "bad_url"),
    "/to/mail": (redirect("mailto:desk@newsroom.example"), "bad_url"),
    "/to/script": (redirect("javascript:alert(1)"), "bad_url"),
    "/to/port": (redirect("http://127.0.0.1:99999/a"), "bad_url"),
    "/to/port/0": (redirect("http://127.0.0.1:0/a"), "bad_url"),
    "/to/long": (redirect("/" + "a" * MAX_URL_CHARS), "bad_url"),
    "/to/no/host": (redirect("http://"), "bad_url"),
    "/to/broken": (redirect("//[broken"), "bad_url"),
    "/to/empty": (redirect(""), "http_error"),
    "/to/fragment": (redirect("#top"), "trap"),
    "/to/itself": (redirect("/to/itself"), "trap"),
    "/to/loop/1": (redirect("/to/loop/2"), "trap"),
    "/to/loop/2": (redirect("/to/loop/1"), "trap"),
    "/to/nowhere": (redirect("/nowhere"), "redirected"),
    "/to/closed": (redirect("/closed/a"), "redirected"),
    "/to/private": (redirect("http://10.0.0.1/a"), "redirected"),
    "/to/words": (redirect("/\u00e9t\u00e9 a"), "redirected"),
    "/to/300": (http(b"", status="300 Multiple Choices", Location="/page/201"), "http_error"),
    "/to/304": (http(b"", status="304 Not Modified", Location="/page/201"), "http_error"),
    "/to/201": (http(PAGE.replace(b"Veld", b"Dara"), status="201 Created", Location="/page/201"), "saved"),
    "/to/two": (http(b"", status="302 Found", Location="ftp://a/", location="/page/201"), "redirected"),
}
CHAIN = {f"/hop/{n}": (redirect(f"/hop/{n + 1}"), "redirected" if n < 10 else "trap") for n in range(11)}
MOVES = {
    "/move/refresh": (bare("<META HTTP-EQUIV=REFRESH CONTENT=\"0; URL='/moved/refresh'\">"), "redirected"),
    "/moved/refresh": (article("Amir"), "saved"),
    "/move/field": (http(b"", Refresh="0;url=/moved/field"), "redirected"),
    "/moved/field": (article("Bako"), "saved"),
    "/move/noscript": (bare(f"<noscript>{refresh('0;url=/moved/noscript')}</noscript>"), "redirected"),
    "/moved/noscript": (article("Cerro", head=f"<noscript>{refresh('0;url=/nowhere')}</noscript>"), "saved"),
    "/move/slow": (article("Dolna", head=refresh("300; url=/nowhere")), "saved"),
    "/move/away": (article("Emba", head=refresh("0; url=/moved/away")), "redirected"),
    "/moved/away": (article("Faro", head=refresh("0; url=/moved/away")), "saved"),
    "/move/again": (bare(refresh("5")), "no_text"),
    "/move/itself": (bare(refresh("0; url=/move/itself")), "trap"),
    "/move/closed": (bare(refresh("0; url=/closed/a")), "redirected"),
    "/move/mail": (bare(refresh("0; url=mailto:desk@newsroom.example")), "no_text"),
    "/move/canonical": (bare('<link rel="canonical" href="/moved/canonical">'), "redirected"),
    "/moved/canonical": (article("Gorna", head='<link rel="canonical" href="/">'), "saved"),
    "/move/link": (http(b"<p>Read on.", Link='</moved/link>; rel="canonical"'), "redirected"),
    "/moved/link": (article("Hadar", head='<link rel="canonical" href="/moved/canonical">'), "saved"),
    "/move/front": (bare('<link rel="canonical" href="/">'), "no_text"),
    "/round/1": (bare(refresh("0; url=/round/2")), "trap"),
    "/round/2": (bare('<link rel="canonical" href="/round/3">'), "trap"),
    "/round/3": (redirect("/round/1"), "trap"),
    "/round/in": (redirect("/round/2"), "redirected"),
}
BUSY = {
    "/busy/now": (http(b"", status="503 Busy", Retry_After="0"), "http_error"),
    "/busy/past": (http(b"", status="429 Busy", Retry_After="Mon, 11 Jan 2021 10:00:00 GMT"), "http_error"),
    "/busy/odd": (http(b"", status="503 Busy", Retry_After="soon"), "http_error"),
    "/busy/offset": (
        http(b"", status="500 Oops", Retry_After="Fri, 31 Dec 9999 23:59:59 -9959"),
        "http_error",
    ),
}
BODIES = {
    "/body/pdf": (http(b"%PDF-1.7", "application/pdf"), "not_html"),
    "/body/image": (http(b"\x89PNG", "image/png"), "not_html"),
    "/body/untyped": (raw("HTTP/1.1 200 OK", PAGE.replace(b"Veld", b"Lome")), "saved"),
    "/body/typed/oddly": (http(PAGE.replace(b"Veld", b"Nalu"), "text/plain"), "saved"),
    "/body/feed": (
        http(feed(["http://10.0.0.1/b"]).data.partition(b"\r\n\r\n")[2], "text/xml"),
        "not_html",
    ),
    "/body/binary": (http(bytes(range(256)) * 9), "not_html"),
    "/body/cut": (
        raw("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 9999", PAGE[:-30]),
        "incomplete",
    ),
    "/body/cut/404": (raw("HTTP/1.1 404 No\nContent-Length: 9999", b"<p>"), "gone"),
    "/body/cut/chunk": (raw("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", b"ff\r\n<p>"), "incomplete"),
    "/body/old": (raw("HTTP/1.0 200 OK\nContent-Type: text/html", PAGE.replace(b"Veld", b"Ubari")), "saved"),
    "/body/large": (http(b"<p>" + b"x" * 30_000), "too_large"),
    "/body/coding": (http(b"\x1f\x9d\x90\x00" + PAGE, Content_Encoding="compress"), "quarantined"),
    "/body/gzip": (http(b"\x1f\x8b no gzip", Content_Encoding="gzip"), "not_html"),
    "/body/bomb": (http(gzip.compress(bytes(17 * 1024 * 1024)), Content_Encoding="gzip"), "too_large"),
}
IMAGES = {
    "/image/fine": (http(b"\xff\xd8\xff", "image/jpeg"), "not_html"),
    "/image/page": (http(PAGE), "soft_404"),
    "/image/304": (http(b"", status="304 Not Modified"), "http_error"),
    "/image/moved": (redirect("/image/fine"), "redirected"),
    "/image/lost": (redirect(""), "http_error"),
    "/image/mail": (redirect("mailto:desk@newsroom.example"), "bad_url"),
    "/image/gone": (http(b"", status="410 Gone"), "gone"),
    "/image/cut": (
        raw("HTTP/1.1 200 OK\nContent-Type: image/png\nContent-Length: 99", b"\x89"),
        "incomplete",
    ),
    "/image/empty": (raw("HTTP/1.1 204 No Content"), "not_html"),
}
LISTINGS = {
    "/feeds/html": (http(b"<p>No feed here, and no link."), "soft_404"),
    "/feeds/binary": (http(bytes(range(256)) * 9, "application/xml"), "soft_404"),
    "/feeds/empty": (http(b"", "application/rss+xml"), "soft_404"),
    "/feeds/304": (http(b"", status="304 Not Modified"), "http_error"),
    "/feeds/410": (http(b"", status="410 Gone"), "gone"),
    "/feeds/moved": (redirect("/feeds/there"), "redirected"),
    "/feeds/lost": (redirect(""), "http_error"),
    "/feeds/coding": (http(b"\x1f\x9d\x90", Content_Encoding="compress"), "quarantined"),
    "/feeds/left": (bare(refresh("0; url=/feeds/there")), "redirected"),
    "/feeds/wall": (redirect("/feeds/wall"), "trap"),
    "/feeds/large": (http(b"<p>" + b"x" * 30_000), "too_large"),
    "/sitemaps/html": (http(b"<p>No sitemap here, and no link."), "soft_404"),
    "/sitemaps/binary": (http(bytes(range(256)) * 9), "soft_404"),
    "/sitemaps/pdf": (http(b"%PDF-1.7", "application/pdf"), "soft_404"),
    "/sections/feed": (feed(["http://10.0.0.1/a"]), "discovery"),
    "/sections/pdf": (http(b"%PDF-1.7", "application/pdf"), "soft_404"),
    "/listings/left": (bare(refresh("3; url=/listings/html")), "redirected"),
    "/listings/html": (http(b"<p>No link."), "discovery"),
    "/listings/binary": (http(bytes(range(256)) * 9), "soft_404"),
}
PAGES = STATUSES | EMPTY | WHOLE | REDIRECTS | CHAIN | MOVES | BUSY | BODIES
UNANSWERED = {
    "/silent": (Answer(b"", Then.CLOSE), "network_error"),
    "/other": (Answer(b"SSH-2.0-OpenSSH_9.9\r\n", Then.CLOSE), "network_error"),
    "/head/cut": (Answer(b"HTTP/1.1 200 OK\r\nContent-Ty", Then.CLOSE), "network_error"),
    "/closed/a": (http(PAGE), "robots_disallowed"),
    "http://10.0.0.1/a": (http(PAGE), "blocked_address"),
}
"""What leaves no answer in the archive, so that a replay of records does not know it."""


def site_of_all() -> tuple[Site, list[str]]:
    """A site that gives all of these answers, and what its feed has to list."""
    known = PAGES | IMAGES | LISTINGS | UNANSWERED
    site = Site({path: answer for path, (answer, _) in known.items()})
    site["/robots.txt"] = http(b"User-agent: *\nDisallow: /closed/\n", "text/plain")
    pictures = "".join(f'<img src="{path}">' for path in IMAGES).encode()
    site["/pictures"] = http(PAGE.replace(b"Veld", b"Sirte").replace(b"</h1>", b"</h1>" + pictures))
    return site, [*(path for path in PAGES if path not in CHAIN), "/hop/0", "/pictures", *UNANSWERED]


def entry_of(origin: Origin) -> str:
    """The site in a registry: it begins with the feed of articles and every listing."""
    starts: dict[str, list[str]] = {"feeds": [origin.url("/feed")]}
    for listing in LISTINGS:
        starts.setdefault(listing.split("/")[1], []).append(origin.url(listing))
    return source_entry("odd", origin.url("/"), **starts)
