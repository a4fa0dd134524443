"""The sections of a paper: their names, their articles, and how far their lists are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from newscrawler import clock
from newscrawler.store.writer import Writer


class Sections:
    """The sections in an archive that is open for writing."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def learn_names(self, site: str, names: Mapping[str, str], at: datetime) -> None:
        """Store the names that the menu gives to section codes."""
        with self._writer.transaction() as connection:
            connection.executemany(
                "INSERT INTO sections VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at",
                [(site, code, name, clock.to_text(at)) for code, name in names.items()],
            )

    def assign(self, site: str, idxs: Sequence[int], code: str, name: str | None) -> int:
        """Note the section of these articles, from its list; a section that a page printed stays.

        Returns:
            for how many of them it was new.
        """
        with self._writer.transaction() as connection:
            return connection.executemany(
                "UPDATE articles SET section_code = :code, section = ifnull(section, :name)"
                " WHERE site = :site AND idx = :idx AND ifnull(section_code, :code) = :code"
                " AND (section_code IS NULL OR (section IS NULL AND :name IS NOT NULL))",
                [{"site": site, "idx": idx, "code": code, "name": name} for idx in idxs],
            ).rowcount

    def begin_walks(self, site: str, codes: Iterable[str]) -> None:
        """Continue to read these sections' lists; start again if all were finished."""
        with self._writer.transaction() as connection:
            (open_walks,) = connection.execute(
                "SELECT count(*) FROM section_walks WHERE site = ? AND finished_at IS NULL", [site]
            ).fetchone()
            if not open_walks:
                connection.execute("DELETE FROM section_walks WHERE site = ?", [site])
            connection.executemany(
                "INSERT INTO section_walks VALUES (?, ?, 1, NULL) ON CONFLICT DO NOTHING",
                [(site, code) for code in codes],
            )

    def note_walk(
        self, site: str, code: str, next_page: int, finished_at: datetime | None = None
    ) -> None:
        """Note that a section's list is read up to the page before ``next_page``, or to its end."""
        with self._writer.transaction() as connection:
            connection.execute(
                "UPDATE section_walks SET next_page = ?, finished_at = ?"
                " WHERE site = ? AND code = ?",
                [next_page, finished_at and clock.to_text(finished_at), site, code],
            )
