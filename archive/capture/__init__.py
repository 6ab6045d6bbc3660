"""Recording what passes between a crawl and its servers."""
