"""The seed format, and the comparison of texts."""
