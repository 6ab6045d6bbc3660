"""One run: its workers, order, durability, end and result."""
