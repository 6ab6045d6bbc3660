"""Finds the pictures of a story."""
