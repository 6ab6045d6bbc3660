"""An archive as one signed file."""
