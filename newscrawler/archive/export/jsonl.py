"""JSON Lines: one object per article in a line, with all values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

from newscrawler.archive.export.records import record, spelled
from newscrawler.archive.reader import StoredArticle


def write(articles: Iterable[StoredArticle], out: BinaryIO) -> None:
    """Write the articles in UTF-8; ``reporters`` and ``images`` are lists of objects."""
    for article in articles:
        # The only values that JSON does not know are times.
        line = json.dumps(record(article), ensure_ascii=False, default=spelled)
        out.write(line.encode() + b"\n")
