"""Decides when an article was published."""
