"""Reads articles from the data that pages carry for their scripts."""
