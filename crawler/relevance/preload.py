"""Builds the index of the word lists: imported by the server that worker processes are forked from."""

from crawler.relevance.lexicon import load_lexicon

load_lexicon().index.build()
