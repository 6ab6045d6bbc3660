"""Archived captures read again, and answered as if from the web."""
