"""What the catalogue knows, in the forms that other programs read."""
