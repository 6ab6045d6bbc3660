"""The seed format, and how texts are compared."""
