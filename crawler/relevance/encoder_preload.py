"""Loads the sentence encoder, if there is one: imported by the server that worker processes are forked from."""

from crawler.relevance.opinion import find_second_opinion

if (second := find_second_opinion()) is not None:
    second.load()
