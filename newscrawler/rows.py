"""Rows of the archive → the items that the program speaks of."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any

from newscrawler.items import Article, Image, Reporter

ARTICLE = """a.*,
  (SELECT json_group_array(json_array(name, email)) FROM
    (SELECT name, email FROM article_reporters WHERE article_id = a.id ORDER BY position)
  ) AS reporters,
  (SELECT json_group_array(json_array(url, caption)) FROM
    (SELECT url, caption FROM images WHERE article_id = a.id ORDER BY position)) AS images,
  (SELECT json_group_array(keyword) FROM
    (SELECT keyword FROM article_keywords WHERE article_id = a.id ORDER BY position)
  ) AS keywords"""
"""What to select of ``articles AS a`` for an article with its parts."""


def article_from_row(row: sqlite3.Row) -> Article:
    """The article of a row of :data:`ARTICLE`: what the parser once returned."""
    return Article(**article_values(row))


def article_values(row: sqlite3.Row) -> dict[str, Any]:
    """The fields of an :class:`~newscrawler.items.Article`, by name."""
    return {
        "idx": row["idx"],
        "url": row["url"],
        "title": row["title"],
        "body": row["body"],
        "subtitle": row["subtitle"],
        "section": row["section"],
        "section_code": row["section_code"],
        "byline": row["byline"],
        "reporters": tuple(Reporter(*pair) for pair in _parts(row["reporters"])),
        "published_at": moment(row["published_at"]),
        "modified_at": moment(row["modified_at"]),
        "images": tuple(Image(*pair) for pair in _parts(row["images"])),
        "keywords": tuple(_parts(row["keywords"])),
        "recommend_count": row["recommend_count"],
    }


def _parts(text: str) -> list[Any]:
    # Most articles lack one or another of them.
    return [] if text == "[]" else json.loads(text)


def moment(text: str | None) -> datetime | None:
    """A stored time, aware; ``None`` stays ``None``."""
    return None if text is None else datetime.fromisoformat(text)
