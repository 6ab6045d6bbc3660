"""For `scrapyd-deploy`, which asks for this file; all else stands in pyproject.toml."""

from setuptools import setup

setup()
