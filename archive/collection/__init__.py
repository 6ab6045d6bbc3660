"""One collection on disk: writing, merging, importing and redacting its WARC files."""
