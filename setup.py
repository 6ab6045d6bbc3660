"""For `scrapyd-deploy`, which needs this file; everything else is in pyproject.toml."""

from setuptools import setup

setup()
