"""The program's version: the one place to change for a release."""

from __future__ import annotations

__version__ = "0.1.0"

USER_AGENT = f"newscrawler/{__version__}"
"""The program's name for servers and in the files that it writes."""
