"""Bugs of the program that answers of a site bring to light: counted, logged once for each kind."""

from __future__ import annotations

import logging

logger = logging.getLogger(__name__)

IN_A_ROW = 25
"""After so many without an article between them the run ends: each of its requests would burden the
site for nothing."""


class Bugs:
    def __init__(self) -> None:
        self.count = 0
        self._row = 0
        self._kinds: set[str] = set()
        self._last = ""

    def add(self, error: BaseException, *, is_logged: bool) -> None:
        """Count an unexpected exception; each kind is logged once, with its traceback.

        Args:
            is_logged: whether Scrapy has logged it already.
        """
        self.count += 1
        self._row += 1
        self._last = type(error).__name__
        if not is_logged and self._last not in self._kinds:
            self._kinds.add(self._last)
            logger.error("A bug, please report it: %s", self._last, exc_info=error)

    def end_row(self) -> None:
        """An article was read and stored: the program works."""
        self._row = 0

    @property
    def verdict(self) -> str | None:
        """The sentence that ends the run, if every answer meets a bug."""
        if self._row < IN_A_ROW:
            return None
        return (
            f"a bug, please report it: {self._row} answers in a row could not be processed"
            f" ({self._last}); the numbers are requested again later"
        )
