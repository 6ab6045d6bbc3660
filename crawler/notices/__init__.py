"""What operators are told without asking: runs with problems, and new articles of saved searches."""
