"""Parsers of what strangers write, given whatever bytes: `python -m tests.fuzz` tries them for long."""
