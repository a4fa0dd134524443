"""Tells a watcher how a run goes, in the manner of healthchecks.io; never stops a crawl."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.request import Request, urlopen

from newscrawler import __version__, options
from newscrawler.options import HasSettings
from newscrawler.outcomes import EXIT_OK, EXIT_UNSETTLED

logger = logging.getLogger(__name__)

_FINE = (EXIT_OK, EXIT_UNSETTLED)
"""A number that waits for another try, or a budget that is used up, is the ordinary course."""


def tell(settings: HasSettings, site: str, summary: Mapping[str, Any] | None) -> None:
    """Call PING_URL, if there is one: a run begins (no summary), or is over."""
    address: str = options.read(settings, "PING_URL").replace("{site}", site)
    if not address:
        return
    if summary is None:
        address = _below(address, "start")
    elif summary["exit_code"] not in _FINE:
        address = _below(address, "fail")
    _send(address, summary, options.read(settings, "PING_TIMEOUT"))


def _below(address: str, word: str) -> str:
    path, question, query = address.partition("?")
    return f"{path.rstrip('/')}/{word}{question}{query}"


def _send(address: str, summary: Mapping[str, Any] | None, timeout: float) -> None:
    body = b"" if summary is None else json.dumps(summary, ensure_ascii=False).encode()
    headers = {
        "User-Agent": f"newscrawler/{__version__}",
        "Content-Type": "application/json; charset=utf-8",
    }
    try:
        with urlopen(Request(address, body, headers), timeout=timeout):
            pass
    except (OSError, HTTPException, ValueError) as error:
        # Whoever reads the address may ping in our name: the log does not show it.
        logger.warning("PING_URL could not be told: %s", type(error).__name__)
