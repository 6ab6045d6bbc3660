"""What a robots.txt says to our crawler, as far as it counts."""

import pytest
from scrapy.exceptions import IgnoreRequest

from crawler.http import robots
from crawler.http.robots import CrawlDelayTooLong, parse_rules, product_token


def allowed(body: bytes, path: str, token: str = "frontwire") -> bool:
    try:
        parse_rules("https://news.example/robots.txt", body, token).check(
            f"https://news.example{path}", token
        )
    except IgnoreRequest:
        return False
    return True


def test_our_own_group_of_rules_goes_before_that_for_all() -> None:
    body = b"\xef\xbb\xbfUser-agent: FrontWire\r\nDisallow: /a\r\n\r\nUser-agent: *\r\nDisallow: /\r\n"
    assert allowed(body, "/b")
    assert not allowed(body, "/a/1")
    assert not allowed(body, "/b", token="otherbot")


def test_the_longest_matching_rule_counts() -> None:
    body = b"User-agent: *\nDisallow: /news\nAllow: /news/open\nDisallow: /*.pdf$\n"
    assert allowed(body, "/news/open/1")
    assert not allowed(body, "/news/1")
    assert not allowed(body, "/papers/1.pdf")


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype html><title>Not found</title><p>Disallow: /",
        "<!doctype html><body>User-agent: * Disallow: /</body>",
        "<script>\nallow: '/',\ndisallow: '/'\n</script>",
    ],
)
def test_a_page_of_html_holds_no_rules(page: str) -> None:
    assert allowed(page.encode(), "/1")


def padded(rules: bytes, beyond: bytes = b"") -> bytes:
    """A robots.txt whose limit falls right behind `rules`, and before `beyond`."""
    group = b"User-agent: *\n"
    comment = b"#" + b"p" * (robots.MAX_RULES_BYTES - len(group) - len(rules) - 2) + b"\n"
    assert len(group + comment + rules) == robots.MAX_RULES_BYTES
    return group + comment + rules + beyond


def test_rules_up_to_the_limit_count() -> None:
    assert not allowed(padded(b"Disallow: /private\n"), "/private")
    assert not allowed(padded(b"Disallow: /private"), "/private")
    assert not allowed(padded(b"Disallow: /private\n", b"# a comment"), "/private")


def test_rules_beyond_the_limit_are_cut_at_a_line() -> None:
    cut_within = padded(b"Disallow: /closed\nDisallow: /", b"private\n")
    assert allowed(cut_within, "/open")  # forbidden by the half of the last rule
    assert not allowed(cut_within, "/closed")
    assert allowed(cut_within, "/private")
    assert allowed(padded(b"Disallow: /closed\n", b"Disallow: /\n" * 100), "/open")
    assert not allowed(cut_within.replace(b"\n", b"\r"), "/closed")
    long_line = b"User-agent: *\nDisallow: /" + b"p" * robots.MAX_RULES_BYTES
    assert allowed(long_line, "/p")


@pytest.mark.parametrize(("delay", "is_kept"), [("60", True), ("60.5", False), ("86400", False)])
def test_a_pause_of_more_than_a_minute_leaves_the_host_for_later(delay: str, is_kept: bool) -> None:
    rules = parse_rules(
        "https://news.example/robots.txt", f"User-agent: *\nCrawl-delay: {delay}".encode(), "frontwire"
    )
    assert (rules.refusal is None) is is_kept
    if not is_kept:
        with pytest.raises(CrawlDelayTooLong, match=f"pause of {delay} s"):
            rules.check("https://news.example/1", "frontwire")


@pytest.mark.parametrize(
    ("user_agent", "token"),
    [
        ("frontwire/1.0 (+https://operator.example)", "frontwire"),
        ("Mozilla/5.0 (compatible; Frontwire/1.0)", "frontwire"),
        ("NewsDesk-Bot/2", "NewsDesk-Bot"),
        ("7/2", "frontwire"),
        ("FRONTWIRE/2", "frontwire"),
        ("x-Frontwire (y)", "frontwire"),
        ("", "frontwire"),
    ],
)
def test_the_product_token_is_part_of_the_user_agent(user_agent: str, token: str) -> None:
    assert product_token(user_agent, "frontwire") == token


@pytest.mark.parametrize(
    ("user_agent", "bot_name", "token"),
    [
        ("frontwire/1", "Frontwire", "Frontwire"),
        ("front wire/1", "front wire", "front"),
        ("", "front2", "front"),
        ("", "7", "7"),
    ],
)
def test_a_bot_whose_name_is_none_of_a_crawler_has_its_beginning(
    user_agent: str, bot_name: str, token: str
) -> None:
    assert product_token(user_agent, bot_name) == token


@pytest.mark.parametrize(
    ("rule", "closed", "opened"),
    [
        ("/a*b*c", "/a1b2c3", "/a1c2b"),
        ("/a*b*c", "/abc", "/acb"),
        ("*/b*c", "/b1c", "/c1b"),
        ("/a*b*c$", "/a1b2c", "/a1b2c3"),
        ("/a*b*c$", "/abcbc", "/acbc3"),
        ("/a*", "/a", "/b"),
        ("/a$", "/a", "/ab"),
        ("/a*b$", "/ab", "/a"),
        ("/ab*b$", "/abb", "/ab"),
        ("a", "/a", "/b"),
        ("/*?", "/a?", "/a"),
        ("/?u=/a", "/?u=%2Fa", "/?u=%2Fb"),
        ("/a%2Fb", "/a%2fb", "/a/b"),
    ],
)
def test_asterisks_stand_for_anything_between_and_a_dollar_for_the_end(
    rule: str, closed: str, opened: str
) -> None:
    body = f"User-agent: *\nDisallow: {rule}".encode()
    assert not allowed(body, closed)
    assert allowed(body, opened)
