"""A site whose links are written in every way that browsers understand, some with a password."""

from urllib.parse import quote

from tests.support.hostile_site import Site, article, http, redirect
from tests.support.origin import Answer

SECRET = b"Geheim"
WORD = "новость"
LONG = "/2021/01/11/" + "a" * 8_200
PAGES = {
    "feed": "/feed-story",
    "sitemap": "/2021/sitemap-story",
    "text": "/2021/text-story",
    "item": "/read?id=7&copy=1&lang=en",
    "moved": "/2021/moved-story",
    "latin": "/2021/jos%E9-rizal?from=1",
    "utf": "/2021/jos%C3%A9-rizal",
    "back": "/2021/01/11/behind-backslashes",
    "windows": "/2021/01/12/moved-behind-backslashes",
    "query": f"/read.php?id=12345&t={quote(WORD.encode('cp1251'))}",
    "path": f"/2021/01/11/{quote(WORD)}-12345",
    "dots": "/2021/01/11/behind-dots",
    "raw": "/2021/01/11/a|b[c];?d[]=1&e=^",
    "long": LONG,
    "secret": "/2021/01/11/behind-a-secret",
}
"""Where each story is, exactly as browsers ask for it."""


def site_at(root: str) -> Site:
    """The site whose links the crawl follows; `root` with credentials is on the same server."""
    secret = root.replace("://", "://reader:Geheim@")
    links = {
        r"\2021\01\11\behind-backslashes": "Behind backslashes in the harbour",
        f"/read.php?id=12345&t={WORD}": WORD * 5,
        f"/2021/01/11/{WORD}-12345": WORD * 5,
        "/2021/02/../%2e/01/11/x/%2E%2e/behind-dots": "Behind many dots in the harbour",
        "/2021/01/11/a|b[c];?d[]=1&amp;e=^": "As browsers send it, unescaped",
        f"{LONG}#part": "A very long story of the harbour",
        f"//r:Geheim@{root.partition('//')[2]}/2021/01/11/behind-a-secret": "Behind a secret in the harbour",
    }
    anchors = "".join(f'<a href="{url}">{text}</a> ' for url, text in links.items())
    section = f'<meta charset="windows-1251"><base href="{secret}/world/"><p>{WORD * 9}</p>{anchors}'
    item = "<item><title>x</title><link>{}</link></item>"
    listed = [
        f"{secret}/feed-story",
        f"{root}/read?id=7&copy=1&lang=en",
        *(f"{secret}/{name}" for name in ("latin", "utf", "moved", "moved-back", "broken")),
    ]
    head = (
        f'<link rel="canonical" href="{secret}/canonical"><meta property="og:image" content="{secret}/a.jpg">'
    )
    answers: dict[str, Answer | list[Answer]] = {
        path: article(name, head=head) for name, path in PAGES.items()
    }
    return Site(
        answers
        | {
            "/robots.txt": redirect(f"{secret}/rules.txt"),
            "/rules.txt": http(b"User-agent: *\nAllow: /\n", "text/plain"),
            "/feed": http(
                f'<rss version="2.0"><channel>{"".join(map(item.format, listed))}</channel></rss>'.encode(),
                "application/rss+xml",
            ),
            "/map.xml": http(
                f"<urlset><url><loc> {secret}/2021/sitemap-story\n</loc></url></urlset>".encode(), "text/xml"
            ),
            "/map.txt": http(f"{secret}/2021/text-story\n".encode(), "text/plain"),
            "/news": http(section.encode("cp1251"), "text/html; charset=windows-1251"),
            "/a.jpg": http(b"\xff\xd8\xff\xe0 a harbour", "image/jpeg"),
            "/moved": redirect(f"{secret}/2021/moved-story"),
            "/moved-back": redirect(r"\2021\01\12\moved-behind-backslashes"),
            "/broken": redirect("http://reader:Geheim@:80/"),
            "/latin": Answer(_moved(b"/2021/jos\xe9-rizal?from=1")),
            "/utf": Answer(_moved("/2021/josé-rizal".encode())),
        }
    )


def _moved(location: bytes) -> bytes:
    return b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"
