"""`scrapy relevance`: the scorer by itself, on texts from anywhere, one JSON object a line."""

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Score texts, measure scores against labels, or find thresholds."""

    def syntax(self) -> str:
        return "score IN.jsonl OUT.jsonl | eval FILE | tune FILE"

    def short_desc(self) -> str:
        return "Score texts of a JSONL file, measure against labels, find thresholds"

    def long_desc(self) -> str:
        return (
            "Example: scrapy relevance score texts.jsonl scores.jsonl. A line of input has id, title, text and lang. "
            "eval and tune need label_conflict or label_seed_related too (0, 1 or null); tune prints lines for "
            "topic.toml beside the seeds. Files of any size: they are read line by line."
        )
