"""Item pipelines: from an extracted article to its seed file and its row in the catalogue."""
