"""The registry of publishers."""
