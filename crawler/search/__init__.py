"""Full-text search over what the catalogue knows: an index of its own, which can be made again at any time."""
