"""What people and machines see of a run while it goes on: a view at a terminal, lines in the log, metrics."""
