"""The program's version: the one place that is edited for a release."""

from __future__ import annotations

__version__ = "0.1.0"

USER_AGENT = f"newscrawler/{__version__}"
"""How the program names itself to servers and in the files that it writes."""
