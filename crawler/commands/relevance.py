"""`scrapy relevance`: what judges here, tuned by people's decisions; and the scorer by itself, on any texts."""

import argparse

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Score texts, measure scores against labels, find thresholds, or show which are in force."""

    def syntax(self) -> str:
        return "[score IN.jsonl OUT.jsonl | eval FILE | tune FILE | tune --from-reviews | untune]"

    def short_desc(self) -> str:
        return "What judges here; tune it by decisions; score texts of a JSONL file"

    def long_desc(self) -> str:
        return (
            "Example: scrapy relevance score texts.jsonl scores.jsonl. A line of input has id, title, text and lang. "
            "eval and tune FILE need label_conflict or label_seed_related too (0, 1 or null); tune FILE prints lines "
            "for topic.toml beside the seeds. Files of any size: they are read line by line. tune --from-reviews moves "
            "the thresholds of this installation as people decided about its pages, if that helps on sources that it "
            "did not see; untune puts the shipped ones back. Without an argument it shows what is in force."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--from-reviews",
            action="store_true",
            help="tune by what people decided about pages of the catalogue",
        )
