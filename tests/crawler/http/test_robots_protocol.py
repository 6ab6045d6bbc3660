"""robots.txt by RFC 9309: its own examples, and what google/robotstxt tests, with other names."""

import pytest

from crawler.http.robots_rules import RobotsRules

EXAMPLE = """
User-Agent: *
Disallow: *.gif$
Disallow: /archive/
Allow: /bulletins/

User-Agent: veldbot
Disallow:/
Allow:/archive/front.html
Allow:/archive/map.gif

User-Agent: tarmil
User-Agent: marisol-bot
Disallow: /archive/front.html

User-Agent: oldcombe

EOF
"""

GROUPS = """
allow: /before/

user-agent: frontwire
disallow: /
allow: /x/
user-agent: veldbot
disallow: /
allow: /y/


allow: /w/
user-agent: tarmil

user-agent: frontwire
allow: /z/
disallow: /
"""

ALL, OURS, OTHERS = "user-agent: *\n", "user-agent: frontwire\n", "user-agent: veldbot\n"
TWICE = f"{OURS}disallow: /a\n\n{OTHERS}disallow: /\n\n{OURS}disallow: /b"
TYPOS = f"{OURS}disalow: /a\ndissalow: /b\ndiasllow: /c\ndisallaw: /d"


def allowed(rules: str | bytes, path: str, token: str = "frontwire") -> bool:
    body = rules if isinstance(rules, bytes) else rules.encode()
    return RobotsRules.read(body, token).allow(f"https://news.example{path}")


@pytest.mark.parametrize(
    ("token", "path", "is_allowed"),
    [
        ("frontwire", "/a.gif", False),
        ("frontwire", "/a.gif?size=2", True),
        ("frontwire", "/archive/2021", False),
        ("frontwire", "/bulletins/2021", True),
        ("frontwire", "/", True),
        ("veldbot", "/archive/front.html", True),
        ("veldbot", "/archive/map.gif", True),
        ("veldbot", "/bulletins/2021", False),
        ("tarmil", "/archive/front.html", False),
        ("marisol-bot", "/archive/front.html", False),
        ("Marisol-Bot", "/archive/other.html", True),
        ("oldcombe", "/archive/front.html", True),
    ],
)
def test_the_example_of_the_rfc(token: str, path: str, is_allowed: bool) -> None:
    assert allowed(EXAMPLE, path, token) is is_allowed


@pytest.mark.parametrize(
    ("rules", "path", "is_allowed"),
    [
        # The longest rule counts, of two that are equally long the one that allows (RFC 9309, 2.2.2 and 5.2).
        (f"{OURS}allow: /e/p/\ndisallow: /e/p/closed.gif", "/e/p/closed.gif", False),
        (f"{OURS}disallow: /x/page.html\nallow: /x/", "/x/page.html", False),
        (f"{OURS}allow: /x/page.html\ndisallow: /x/", "/x/page.html", True),
        (f"{OURS}allow: /x/page.html\ndisallow: /x/", "/x/", False),
        (f"{OURS}disallow: \nallow: ", "/x/page.html", True),
        (f"{OURS}disallow: /\nallow: /", "/x/page.html", True),
        (f"{OURS}disallow: /x\nallow: /x/", "/x", False),
        (f"{OURS}disallow: /x\nallow: /x/", "/x/", True),
        (f"{OURS}allow: /page\ndisallow: /*.html", "/page.html", False),
        (f"{OURS}allow: /page\ndisallow: /*.html", "/page", True),
        (f"{OURS}allow: /x/page.\ndisallow: /*.html", "/x/page.html", True),
        (f"{OURS}allow: /$\ndisallow: /", "/", True),
        (f"{OURS}allow: /$\ndisallow: /", "/page.html", False),
        # Names of records count in any case, rules before any group for no one, groups of one name together.
        ("UsEr-AgEnT: FRONTwire\nDiSaLlOw: /", "/", False),
        (GROUPS, "/before/a", False),
        (GROUPS, "/x/b", True),
        (GROUPS, "/z/d", True),
        (GROUPS, "/y/c", False),
        (TWICE, "/a", False),
        (TWICE, "/b", False),
        (TWICE, "/c", True),
        # The group for all binds those whom no group names.
        (f"{ALL}allow: /\n{OURS}disallow: /", "/x", False),
        (f"{ALL}disallow: /x/\n{OURS}disallow: /y/", "/x/page", True),
        (f"{ALL}disallow: /x/\n{OTHERS}disallow: /y/", "/x/page", False),
        ("user-agent: * all of you\ndisallow: /", "/x", False),
        ("user-agent: *bot\ndisallow: /", "/x", True),
        (f"{ALL}disallow: /\n{OURS}", "/x", True),
        # Paths count in their case.
        (f"{OURS}disallow: /X/", "/x/y", True),
        # Bytes beyond ASCII, and reserved ones, are the same escaped or not; escaped letters are letters.
        (
            f"{ALL}disallow: /\nallow: /a?q=t&u=https://orla.example",
            "/a?q=t&u=https%3A%2F%2Forla.example",
            True,
        ),
        (
            f"{ALL}disallow: /\nallow: /a?q=t&u=https%3A%2F%2Forla.example",
            "/a?q=t&u=https://orla.example",
            True,
        ),
        (f"{OURS}disallow: /a/ツ", "/a/%E3%83%84", False),
        (f"{OURS}disallow: /a/%e3%83%84", "/a/ツ", False),
        (f"{OURS}disallow: /п", "/%d0%bf", False),
        (f"{OURS}disallow: /a/%62%61%7A", "/a/baz", False),
        (f"{OURS}disallow: /foo", "/fo%6F", False),
        (f"{OURS}disallow: /fo%6f", "/foo", False),
        (f"{OURS}disallow: /caf%E9", "/caf%E8", True),
        (f"{OURS}disallow: /caf%E9", "/caf%e9/menu", False),
        (f"{OURS}disallow: /a%2Fb", "/a/b", True),
        (f"{OURS}disallow: /a/b", "/a%2fb", True),
        (f"{OURS}disallow: /*%2F*", "/c?to=a%2fb", False),
        (f"{OURS}disallow: /*?", "/is-it-true%3F", True),
        (f"{OURS}disallow: /*?", "/is-it-true?", False),
        (f"{OURS}disallow: /*3D", "/a=b", True),
        # An asterisk stands for anything, a dollar at the end for the end, a hash begins a comment.
        (f"{OURS}allow: /\ndisallow: /foo/*/qux", "/foo/bar/qux", False),
        (f"{OURS}allow: /\ndisallow: /foo/*/qux", "/foo//qux", False),
        (f"{OURS}allow: /\ndisallow: /foo/*/qux", "/foo/qux", True),
        (f"{OURS}disallow: /foo/bar$", "/foo/bar", False),
        (f"{OURS}disallow: /foo/bar$", "/foo/bar/", True),
        (f"{OURS}disallow: /foo$", "/foo$bar", True),
        (f"{OURS}disallow: /price$list", "/price$list/2", False),
        (f"{OURS}disallow: /file-with-a-%2A.html", "/file-with-a-*.html", False),
        (f"{OURS}disallow: /foo-%24", "/foo-$/a", False),
        (f"{OURS}# disallow: /\ndisallow: /foo/quz#qux", "/foo/bar", True),
        (f"{OURS}# disallow: /\ndisallow: /foo/quz#qux", "/foo/quz", False),
        (f"{OURS}disallow: /\nallow: /fish", "/fishheads/yummy.html", True),
        (f"{OURS}disallow: /\nallow: /fish", "/catfish", False),
        (f"{OURS}disallow: /\nallow: /fish", "/?id=fish", False),
        (f"{OURS}disallow: /\nallow: /fish*", "/fish.html?id=anything", True),
        (f"{OURS}disallow: /\nallow: /fish*", "/Fish.asp", False),
        (f"{OURS}disallow: /\nallow: /fish/", "/fish/?id=anything", True),
        (f"{OURS}disallow: /\nallow: /fish/", "/fish.html", False),
        (f"{OURS}disallow: /\nallow: /*.php", "/index?f=filename.php/", True),
        (f"{OURS}disallow: /\nallow: /*.php", "/windows.PHP", False),
        (f"{OURS}disallow: /\nallow: /*.php$", "/folder/filename.php", True),
        (f"{OURS}disallow: /\nallow: /*.php$", "/filename.php?parameters", False),
        (f"{OURS}disallow: /\nallow: /fish*.php", "/fishheads/catfish.php?parameters", True),
        (f"{OURS}disallow: /*/private/", "/go?to=/private/", False),
        # What google/robotstxt forgives.
        ("user-agent frontwire\ndisallow /", "/x", False),
        ("user agent: frontwire\ndisallow: /", "/x", False),
        ("useragent: frontwire\ndissallow: /", "/x", False),
        (TYPOS, "/a", False),
        (TYPOS, "/b", False),
        (TYPOS, "/c", False),
        (TYPOS, "/d", False),
        (f"{OURS}foo: /\nbar: /", "/x", True),
        (f"{OURS}allow: /open/index.html\ndisallow: /", "/open/", True),
        (f"{OURS}allow: /open/index.html\ndisallow: /", "/open/index.htm", False),
        (f"{OURS}disallow: private/", "/private/1", False),
        # Records of others end no list of names.
        (f"{OTHERS}sitemap: https://orla.example/map.xml\n{OURS}disallow: /", "/x", False),
        (f"{OURS}\n\nhost: orla.example\n{OTHERS}\ndisallow: /", "/x", False),
        (f"{OURS}crawl-delay: 2\n{OTHERS}disallow: /", "/x", False),
        (f"{OURS}unknown: this\n{ALL}disallow: /", "/x", False),
        (f"{ALL}disallow: /", "/robots.txt", True),
    ],
)
def test_public_cases(rules: str, path: str, is_allowed: bool) -> None:
    assert allowed(rules, path) is is_allowed


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        ("Frontwire/1.0", True),
        ("frontwire (news)", True),
        ("FRONTWIRE # us", True),
        ("frontwire\t", True),
        ("frontwire; news", True),
        ("front", False),
        ("f", False),
        ("frontwirebot", False),
        ("frontwire-news", False),
        ("not frontwire", False),
        ("5emeRue", False),
        ("", False),
    ],
)
def test_a_group_is_ours_if_its_name_is(name: str, is_ours: bool) -> None:
    group = f"User-agent: {name}\nDisallow: "
    assert allowed(f"{group}/", "/1") is not is_ours
    assert allowed(f"{ALL}Disallow: /\n\n{group}", "/1") is is_ours


CLOSING = "# Закрыто\nUser-agent: *\nDisallow: /закрыто\nDisallow: /private\n"


@pytest.mark.parametrize(
    "body",
    [
        CLOSING.encode(),
        CLOSING.encode("utf-8-sig"),
        CLOSING.encode("utf-16"),
        CLOSING.encode("utf-16-le"),
        CLOSING.encode("utf-16-be"),
        b"\xfe\xff" + CLOSING.encode("utf-16-be"),
        CLOSING.encode("utf-32"),
        CLOSING.replace("\n", "\r").encode(),
        CLOSING.replace("\n", "\r\n").encode(),
        CLOSING.replace("\n", "\0\n").encode(),
        f"Sitemap: /map.xml\n\ufeff{CLOSING}".encode(),
        CLOSING.replace("\nDis", "\n \t Dis").encode(),
    ],
)
def test_rules_are_read_however_they_were_saved(body: bytes) -> None:
    assert not allowed(body, "/private/1")
    assert not allowed(body, "/%D0%B7%D0%B0%D0%BA%D1%80%D1%8B%D1%82%D0%BE/1")
    assert allowed(body, "/public")


def test_a_rule_in_latin_1_closes_its_path_in_both_spellings() -> None:
    body = f"{ALL}Disallow: /café\n".encode("latin-1")
    assert [allowed(body, path) for path in ("/caf%E9/1", "/caf%C3%A9/1", "/caf%E8/1")] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/public/../private/1",
        "/public/%2e%2e/private/1",
        "/public/%2E./private/1",
        "/./private/1",
        "//private/1",
        "/public/..//private/1",
        "/public\\..\\private/1",
        "/\\private\\1",
        "/../../private/1",
        "/private/../private/1?back=/public",
        "/%70rivate/1",
        "/private/public/..",
    ],
)
def test_no_spelling_of_a_path_evades_a_rule(path: str) -> None:
    assert not allowed(f"{ALL}Disallow: /private/\n", path)


@pytest.mark.parametrize(
    "path", ["/private/../public", "/public/?to=../private/", "/public/..private/", "/privat"]
)
def test_no_open_path_is_taken_for_a_closed_one(path: str) -> None:
    assert allowed(f"{ALL}Disallow: /private/\n", path)


def test_a_rule_about_doubled_slashes_counts_too() -> None:
    assert not allowed(f"{ALL}Disallow: /*//\n", "/a//b")


def test_a_rule_of_many_asterisks_holds_nothing_up() -> None:
    rules = f"{ALL}Disallow: /{'*a' * 5000}$\n"
    assert allowed(rules, f"/{'a' * 2000}b")


@pytest.mark.parametrize(
    ("lines", "delay_s"),
    [
        ("Crawl-delay: 1.5", 1.5),
        ("crawl delay: 1,5", 1.5),
        ("Crawl-delay: 2\nDisallow: /a\nCrawl-delay: 5\nCrawl-delay: 3", 5.0),
        ("Crawl-delay: -3", 0.0),
        ("Crawl-delay: soon", 0.0),
        (f"Crawl-delay: {'9' * 400}", 0.0),
        ("User-agent: veldbot\nCrawl-delay: 20", 20.0),
        ("Disallow: /a\nUser-agent: veldbot\nCrawl-delay: 20", 0.0),
    ],
)
def test_the_longest_pause_that_our_group_wants_counts(lines: str, delay_s: float) -> None:
    body = f"{OTHERS}Crawl-delay: 20\nDisallow: /\n\n{OURS}{lines}\n"
    assert RobotsRules.read(body.encode(), "frontwire").delay_s == delay_s
