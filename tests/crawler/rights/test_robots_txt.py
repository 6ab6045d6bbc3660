"""What a robots.txt declares: robots of AI by name, Content-Signal, licences."""

import pytest

from crawler.rights.robots_txt import RobotsDeclarations

URL = "https://tarn.example/2026/harbour"

MANAGED = """
# As a condition of accessing this website, you agree to abide by the following content signals:
User-Agent: *
Content-Signal: search=yes,ai-train=no
Allow: /

User-agent: GPTBot
User-agent: ccbot
Disallow: /

User-agent: ClaudeBot
Disallow: /drafts/

License: https://tarn.example/licence.xml
Sitemap: https://tarn.example/map.xml
"""


def declared(body: str | bytes, url: str = URL) -> list[str]:
    data = body if isinstance(body, bytes) else body.encode()
    return [str(each) for each in RobotsDeclarations.read(data, "https://tarn.example/robots.txt").of(url)]


def test_each_robot_of_ai_that_is_named_is_refused_or_not() -> None:
    assert declared(MANAGED) == [
        "robots.txt GPTBot: disallow",
        "robots.txt CCBot: disallow",
        "robots.txt ClaudeBot: allow",
        "robots.txt: search=yes",
        "robots.txt: ai-train=no",
        "robots.txt: rsl=https://tarn.example/licence.xml",
    ]


def test_it_depends_on_the_path() -> None:
    assert "robots.txt ClaudeBot: disallow" in declared(MANAGED, "https://tarn.example/drafts/1")


@pytest.mark.parametrize(
    "body", ["", "User-agent: *\nDisallow: /private", "<html><title>GPTBot</title>", "# GPTBot"]
)
def test_what_names_no_robot_of_ai_declares_nothing(body: str) -> None:
    assert declared(body) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Content-Signal: ai-train=no\nUser-agent: *\nAllow: /", ["robots.txt: ai-train=no"]),
        (
            "User-agent: *\ncontent-signal : AI-Train = NO ;search=yes",
            ["robots.txt: ai-train=no", "robots.txt: search=yes"],
        ),
        ("User-agent: *\nContent-Signal: /2026/ ai-input=no", ["robots.txt: ai-input=no"]),
        ("User-agent: *\nContent-Signal: /2020/ ai-input=no", []),
        ("User-agent: veldbot\nContent-Signal: ai-train=no", []),
        ("User-agent: *\nContent-Signal: ai-train=perhaps, =no", []),
        (
            "User-agent: *\nUser-agent: GPTBot\nContent-Signal: ai-train=no\nAllow: /",
            ["robots.txt GPTBot: allow", "robots.txt: ai-train=no", "robots.txt GPTBot: ai-train=no"],
        ),
        (
            "User-agent: veldbot\nDisallow: /\n\nUser-agent: *\nContent-Signal: search=no",
            ["robots.txt: search=no"],
        ),
        (
            "User-agent: *\nLicense: /terms.xml\nUser-agent: veldbot\nContent-Signal: ai-train=no",
            ["robots.txt: ai-train=no", "robots.txt: rsl=https://tarn.example/terms.xml"],  # of no group
        ),
        (
            "License: javascript:alert(1)\nLicense: /terms.xml",
            ["robots.txt: rsl=https://tarn.example/terms.xml"],
        ),
    ],
)
def test_signals_and_licences_are_read_as_they_are_written(body: str, said: list[str]) -> None:
    assert declared(body) == said


def test_a_file_in_utf_16_is_read_too() -> None:
    assert declared("User-agent: GPTBot\nDisallow: /".encode("utf-16")) == ["robots.txt GPTBot: disallow"]


def test_of_too_many_rules_nobody_says_what_they_mean() -> None:
    lines = "\n".join(f"Disallow: /{number}" for number in range(6000))
    assert declared(f"User-agent: GPTBot\n{lines}") == ["robots.txt GPTBot: unknown"]
