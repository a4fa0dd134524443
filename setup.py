"""``scrapyd-deploy`` builds its egg by this file; all there is to know stands in pyproject.toml."""

from setuptools import setup

setup()
