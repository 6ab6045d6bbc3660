"""What came of an answer, and of the records of archives: the same for a crawl, a replay and a cluster's workers."""
