"""Rows of the archive ↔ the items that the program speaks of."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from newscrawler.items import Article, Image, Reporter
from newscrawler.sqlite import Connection


def article_from_row(connection: Connection, row: sqlite3.Row) -> Article:
    """The article of a full ``articles`` row with its parts: what the parser once returned."""
    parts = [row["id"]]
    return Article(
        idx=row["idx"],
        url=row["url"],
        title=row["title"],
        body=row["body"],
        subtitle=row["subtitle"],
        section=row["section"],
        section_code=row["section_code"],
        byline=row["byline"],
        reporters=tuple(
            Reporter(name, email)
            for name, email in connection.execute(
                "SELECT name, email FROM article_reporters WHERE article_id = ? ORDER BY position",
                parts,
            )
        ),
        published_at=moment(row["published_at"]),
        modified_at=moment(row["modified_at"]),
        images=tuple(
            Image(url, caption)
            for url, caption in connection.execute(
                "SELECT url, caption FROM images WHERE article_id = ? ORDER BY position", parts
            )
        ),
        keywords=tuple(
            word
            for (word,) in connection.execute(
                "SELECT keyword FROM article_keywords WHERE article_id = ? ORDER BY position",
                parts,
            )
        ),
        recommend_count=row["recommend_count"],
    )


def moment(text: str | None) -> datetime | None:
    """A stored time, aware; ``None`` stays ``None``."""
    return None if text is None else datetime.fromisoformat(text)
