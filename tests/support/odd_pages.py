"""Pages that are no article, or one that does not enter the corpus, each with a fate of its own."""

from collections.abc import Mapping

from tests.support.hostile_site import http, paragraphs
from tests.support.odd_framing import page, rambling
from tests.support.origin import Answer

_DATED = '<meta property="article:published_time" content="2021-01-11T10:00:00+00:00">'


def _page(title: str, body: str, head: str = "") -> Answer:
    return http(f"<html lang=en><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode())


def _story(name: str, head: str = "", kind: str = "NewsArticle", **fields: str) -> Answer:
    data = "".join(f', "{field}": "{value}"' for field, value in fields.items())
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (*paragraphs(name), *rambling(name)))
    script = f'<script type="application/ld+json">{{"@type": "{kind}"{data}}}</script>'
    return _page(
        f"Report from {name}", f"<article><h1>Report from {name}</h1>{text}</article>", script + head
    )


_CONSENT = (
    "Our partners store cookies on your device.",
    "You may give or refuse consent to the use of cookies.",
    "Read more in our privacy policy about partners and GDPR.",
)
_LINKS = "".join(
    f'<li><a href="/2021/{number}">The council of Veld votes on bridge number {number} again</a></li>'
    for number in range(60)
)

ODD_PAGES: Mapping[str, tuple[Answer, str]] = {
    "/kinds/wall": (_page("Your choice", "".join(f"<p>{each}</p>" for each in _CONSENT)), "consent_wall"),
    "/kinds/robot": (_page("Just a moment...", "<p>Checking your browser.</p>"), "bot_challenge"),
    "/kinds/lost": (_page("404 Not Found", "<p>There is nothing here any more.</p>"), "soft_404"),
    "/kinds/shell": (
        _page("Veld", "<div id=root></div><noscript>Please enable JavaScript.</noscript>"),
        "js_shell",
    ),
    "/kinds/short": (_page("Veld", "<article><p>The bridge is open.</p></article>", _DATED), "too_short"),
    "/kinds/index": (_page("All news", f"<ul>{_LINKS}</ul>"), "index_page"),
    "/kinds/live": (_story("Sorna", _DATED, "LiveBlogPosting"), "live_blog"),
    "/kinds/stub": (
        _page(
            "Report from Rhun",
            f"<article><h1>Report from Rhun</h1><p>{paragraphs('Rhun')[0]}</p><p>{paragraphs('Rhun')[1]}</p>"
            '<div class="gate"><h2>This story is for subscribers</h2></div></article>',
            _DATED,
        ),
        "paywall_stub",
    ),
    "/kinds/undated": (_story("Pelin"), "undated"),
    "/kinds/reserved": (_story("Quero", f'{_DATED}<meta name="robots" content="noarchive">'), "rights_dropped"),
    "/kinds/first": (http(page("Ilva")), "saved"),
    "/kinds/second": (http(page("Ilva")), "duplicate"),
    "/kinds/peace": (
        _page(
            "Choir sings in Ilva",
            "<article><h1>Choir sings in Ilva</h1>"
            "<p>A choir sang new songs for the library of Ilva, and everybody in the hall was glad of it.</p>"
            "<p>The songs were about apples, bread and snow; the children of the school had written them.</p>"
            "<p>Bakers brought cakes, and the librarian thanked all who had come with a poem of her own.</p>"
            "<p>It will sing again on Sunday at the market, when the bakers open their stalls.</p></article>",
            _DATED,
        ),
        "off_topic",
    ),
}  # fmt: skip
"""Path -> answer and the right fate, with RIGHTS_POLICY `drop`; which of the two about Ilva is saved may change."""
