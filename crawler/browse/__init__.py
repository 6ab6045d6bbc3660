"""The corpus in a web browser, on this machine only: search, articles, the review queue, why something is missing."""
