"""A complete, trustworthy archive of a Korean newspaper in one SQLite file."""

__version__ = "0.1.0"
