"""Tells damage of an archive from a bug, when something unexpected has happened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from newscrawler.archive import opening
from newscrawler.exceptions import ArchiveError
from newscrawler.humanize import one_line

STUMBLES = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What Python raises on values that no column of ours can have: the file is damaged."""


def first_damage(path: Path) -> str | None:
    """The first problem that ``verify`` finds in the file; ``None``: none, so it is our bug."""
    from newscrawler.archive.verify import problems  # loads what a quick command does without

    try:
        with closing(opening.connect(path)) as connection:
            return next((one_line(problem) for problem in problems(connection)), None)
    except (ArchiveError, sqlite3.Error) as error:
        return str(error)
    except STUMBLES:
        return None
