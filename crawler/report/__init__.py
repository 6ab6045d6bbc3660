"""The report of runs: what came in, what did not and why, what the corpus holds now."""
