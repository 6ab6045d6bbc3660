"""Robots that gather pages for AI or for mining, as publishers name them in robots.txt, X-Robots-Tag and meta elements.

A selection of those that publishers of news name most; https://github.com/ai-robots-txt/ai.robots.txt gathers far more.
Names with digits are left out: a product token of robots.txt has none (RFC 9309, 2.2.1).
"""

from typing import NamedTuple

LISTED = "2026-12-01"
"""The day on which the list was put together."""


class Agent(NamedTuple):
    """A robot, or a name that stands for a use."""

    name: str
    operator: str
    use: str
    since: str
    """Year, or year and month, since when it is known, as far as we know: no evidence, a help to readers."""


_TRAINING, _SEARCH, _READING, _DATA = "training", "AI search", "on behalf of a user", "data sets"

AGENTS = (
    Agent("GPTBot", "OpenAI", _TRAINING, "2023-08"),
    Agent("ChatGPT-User", "OpenAI", _READING, "2023-03"),
    Agent("OAI-SearchBot", "OpenAI", _SEARCH, "2024-07"),
    Agent("ClaudeBot", "Anthropic", _TRAINING, "2024"),
    Agent("Claude-User", "Anthropic", _READING, "2025"),
    Agent("Claude-SearchBot", "Anthropic", _SEARCH, "2025"),
    Agent("anthropic-ai", "Anthropic", _TRAINING, "2023"),
    Agent("Claude-Web", "Anthropic", _READING, "2023"),
    Agent("Google-Extended", "Google", _TRAINING, "2023-09"),
    Agent("Google-CloudVertexBot", "Google", _DATA, "2024"),
    Agent("Applebot-Extended", "Apple", _TRAINING, "2024-06"),
    Agent("Amazonbot", "Amazon", _SEARCH, "2021"),
    Agent("Meta-ExternalAgent", "Meta", _TRAINING, "2024-07"),
    Agent("Meta-ExternalFetcher", "Meta", _READING, "2024-07"),
    Agent("FacebookBot", "Meta", _TRAINING, "2022"),
    Agent("Bytespider", "ByteDance", _TRAINING, "2023"),
    Agent("TikTokSpider", "ByteDance", _TRAINING, "2024"),
    Agent("PerplexityBot", "Perplexity", _SEARCH, "2023"),
    Agent("Perplexity-User", "Perplexity", _READING, "2025"),
    Agent("MistralAI-User", "Mistral", _READING, "2025"),
    Agent("cohere-ai", "Cohere", _READING, "2023"),
    Agent("cohere-training-data-crawler", "Cohere", _TRAINING, "2024"),
    Agent("DuckAssistBot", "DuckDuckGo", _SEARCH, "2024"),
    Agent("YouBot", "You.com", _SEARCH, "2023"),
    Agent("PanguBot", "Huawei", _TRAINING, "2024"),
    Agent("CCBot", "Common Crawl", _DATA, "2011"),
    Agent("Diffbot", "Diffbot", _DATA, "2012"),
    Agent("omgili", "Webz.io", _DATA, "2012"),
    Agent("omgilibot", "Webz.io", _DATA, "2012"),
    Agent("Webzio-Extended", "Webz.io", _DATA, "2024"),
    Agent("ImagesiftBot", "The Hive", _DATA, "2023"),
    Agent("Timpibot", "Timpi", _DATA, "2023"),
    Agent("ICC-Crawler", "NICT", _DATA, "2013"),
)

BY_NAME = {agent.name.lower(): agent.name for agent in AGENTS}


def agent_name(written: str) -> str:
    """The name of a robot as the list has it, whatever its letters' case; others keep the name they were given."""
    return BY_NAME.get(written.lower(), written)
