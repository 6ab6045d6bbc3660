"""Deriving the corpus again and comparing it with what is there."""
