"""Selects the blocks of a page that are the story."""
