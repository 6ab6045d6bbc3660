"""Looks at sources, to check those of the registry and to find what a new one has; gathers nothing."""
