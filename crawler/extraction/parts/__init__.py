"""Which pages an article goes on over, as one of them shows it."""

from crawler.extraction.parts.pager import PartLinks, find_part_links

__all__ = ["PartLinks", "find_part_links"]
