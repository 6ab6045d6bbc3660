"""What is known of runs, pages, articles and texts."""
