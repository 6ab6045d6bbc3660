"""URLs, robots.txt, addresses and answers: what HTTP says and what we may fetch."""
