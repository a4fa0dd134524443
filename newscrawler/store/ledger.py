"""The work list: which numbers a crawl requests next, read lazily from the ledger.

Every generator reads a few hundred rows at a time and leaves no cursor open, so a crawl over two
billion numbers starts at once and uses little memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from newscrawler import clock
from newscrawler.store import blocks
from newscrawler.store.connection import Connection
from newscrawler.store.states import FINAL_SQL, UNSETTLED_SQL, Code

CHUNK = 500


_MANY_LOOKS = 3
"""This many attempts in a row must have the same answer, where one is weak evidence."""
_PACE_ARTICLES = 200
"""About two weeks of a paper that publishes a dozen a day."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a paper publishes."""

    per_day: float
    last_published_at: datetime


class Ledger:
    """A site's ledger, read-only use of any connection to the archive."""

    def __init__(self, connection: Connection, site: str) -> None:
        self.connection = connection
        self.site = site

    def unsettled_within(self, first: int, last: int) -> Iterator[int]:
        """Numbers of a range that are not settled, upwards: never requested, or unsettled."""
        start = first
        while start <= last:
            end = min(last, start + CHUNK - 1)
            settled = {
                idx
                for (idx,) in self.connection.execute(
                    f"SELECT idx FROM ledger WHERE site = ? AND idx BETWEEN ? AND ?"
                    f" AND {FINAL_SQL}",
                    [self.site, start, end],
                )
            }
            yield from (idx for idx in range(start, end + 1) if idx not in settled)
            start = end + 1

    def fresh_within(self, first: int, last: int, now: datetime) -> Iterator[int]:
        """Numbers of a range that were never requested or are due, upwards."""
        start = first
        while start <= last:
            end = min(last, start + CHUNK - 1)
            waiting = {
                idx
                for (idx,) in self.connection.execute(
                    "SELECT idx FROM ledger WHERE site = ? AND idx BETWEEN ? AND ?"
                    " AND (next_attempt_at IS NULL OR next_attempt_at > ?)",
                    [self.site, start, end, clock.to_text(now)],
                )
            }
            yield from (idx for idx in range(start, end + 1) if idx not in waiting)
            start = end + 1

    def never_asked(self, top: int, bottom: int) -> Iterator[int]:
        """Numbers without a row, downwards from ``top`` to ``bottom``."""
        for low, high in blocks.with_holes(self.connection, self.site, blocks.ASKED, top, bottom):
            yield from self._never_asked(high, low)

    def _never_asked(self, top: int, bottom: int) -> Iterator[int]:
        start = top
        while start >= bottom:
            end = max(bottom, start - CHUNK + 1)
            asked = {
                idx
                for (idx,) in self.connection.execute(
                    "SELECT idx FROM ledger WHERE site = ? AND idx BETWEEN ? AND ?",
                    [self.site, end, start],
                )
            }
            yield from (idx for idx in range(start, end - 1, -1) if idx not in asked)
            start = end - 1

    def due(self, now: datetime, newest: int, *, articles_only: bool = False) -> Iterator[int]:
        """Numbers up to ``newest`` that are due, newest first."""
        only = " AND state = 'article'" if articles_only else ""
        yield from self._downwards(
            "ledger_by_due",
            f"next_attempt_at <= :now AND idx <= :newest{only}",
            {"now": clock.to_text(now), "newest": newest},
        )

    def oldest_gaps(self, limit: int, before: datetime, newest: int) -> list[int]:
        """Settled gaps that were last requested before a time, the longest ago first: a site that
        has hidden an article once may show it now. Silent ones need evidence of their own."""
        rows = self.connection.execute(
            "SELECT idx FROM ledger INDEXED BY ledger_final_gaps WHERE site = ?"
            " AND state = 'missing' AND next_attempt_at IS NULL AND silence IS NULL"
            " AND last_attempt_at < ? AND idx <= ? ORDER BY last_attempt_at, idx LIMIT ?",
            [self.site, clock.to_text(before), newest, limit],
        )
        return [idx for (idx,) in rows]

    def unsettled(self) -> Iterator[int]:
        """Every unsettled number, due or not, given up or not, newest first."""
        yield from self._downwards("ledger_by_state", f"state IN {UNSETTLED_SQL}", {})

    def silent(
        self, silence: str, since: datetime, long_ago: datetime, *, at_once: bool, after: int
    ) -> list[int]:
        """Numbers with this silent answer, upwards: the next few hundred.

        A stored article needs many such answers over a long time; so does everything else, unless
        ``at_once``.

        Args:
            silence: the answer's form, by ``pages/silence.py``.
            since: the last attempt was then or later.
            long_ago: those that need time have had this answer since then.
            after: only numbers above this one.
        """
        rows = self.connection.execute(
            "SELECT idx FROM ledger INDEXED BY ledger_by_silence"
            " WHERE site = :site AND silence = :silence AND idx > :after"
            " AND last_attempt_at >= :since AND (state = 'missing'"
            " OR (:at_once AND state NOT IN ('article', 'restricted'))"
            f" OR (silent_since <= :long_ago AND failures >= {_MANY_LOOKS}))"
            f" ORDER BY idx LIMIT {CHUNK}",
            {
                "site": self.site,
                "silence": silence,
                "after": after,
                "since": clock.to_text(since),
                "long_ago": clock.to_text(long_ago),
                "at_once": at_once,
            },
        )
        return [idx for (idx,) in rows]

    def article_beside(self, idx: int) -> int | None:
        """The nearest article above a number, else below, that existed at its last request."""
        for side, order in ((">", "ASC"), ("<", "DESC")):
            row = self.connection.execute(
                "SELECT idx FROM ledger WHERE site = ? AND state = 'article' AND failures = 0"
                f" AND idx {side} ? ORDER BY idx {order} LIMIT 1",
                [self.site, idx],
            ).fetchone()
            if row:
                return int(row[0])
        return None

    def _downwards(self, index: str, where: str, values: dict[str, object]) -> Iterator[int]:
        # Without INDEXED BY SQLite reads the whole ledger in order to find three numbers.
        below = 2**63 - 1
        while True:
            rows = self.connection.execute(
                f"SELECT idx FROM ledger INDEXED BY {index}"
                f" WHERE site = :site AND {where} AND idx < :below"
                f" ORDER BY idx DESC LIMIT {CHUNK}",
                {**values, "site": self.site, "below": below},
            ).fetchall()
            for (idx,) in rows:
                yield idx
            if len(rows) < CHUNK:
                return
            below = rows[-1][0]

    def pace(self) -> Pace | None:
        """How fast the paper publishes, by its newest stored articles; ``None``: not known."""
        rows = self.connection.execute(
            "SELECT idx, published_at FROM articles WHERE site = ? AND published_at IS NOT NULL"
            f" ORDER BY idx DESC LIMIT {_PACE_ARTICLES}",
            [self.site],
        ).fetchall()
        if len(rows) < 2:
            return None
        (top, newest), (bottom, oldest) = rows[0], rows[-1]
        last = clock.from_text(newest)
        days = (last - clock.from_text(oldest)).total_seconds() / 86_400
        return Pace((top - bottom) / max(days, 1.0), last)

    def published_at(self, idxs: Iterable[int]) -> dict[int, datetime]:
        """When these articles were published by their pages; those without a date are left out."""
        return {
            row["idx"]: clock.from_text(row["published_at"])
            for idx in idxs
            for row in self.connection.execute(
                "SELECT idx, published_at FROM articles"
                " WHERE site = ? AND idx = ? AND published_at IS NOT NULL",
                [self.site, idx],
            )
        }

    def without_article(self, idxs: Iterable[int]) -> list[int]:
        """Those of some numbers whose last answer was that nothing is there, or was silent."""
        return [
            idx
            for idx in idxs
            if self.connection.execute(
                "SELECT 1 FROM ledger WHERE site = ? AND idx = ? AND (state = 'missing'"
                f" OR code = '{Code.DISBELIEVED}' OR silence IS NOT NULL)",
                [self.site, idx],
            ).fetchone()
        ]

    def is_something(self, idx: int) -> bool:
        """Whether the site has shown an article with this number, if only to its members."""
        row = self.connection.execute(
            "SELECT 1 FROM ledger WHERE site = ? AND idx = ?"
            " AND state IN ('article', 'removed', 'restricted')",
            [self.site, idx],
        ).fetchone()
        return row is not None

    def is_article(self, idx: int) -> bool:
        """Whether the last attempt that settled the number found an article."""
        return bool(self._count("idx = :idx AND state = 'article'", "ledger_by_state", idx=idx))

    def is_settled(self, idx: int) -> bool:
        """Whether this number is settled."""
        return self.count_settled(idx, idx) == 1

    def is_unsettled(self, idx: int) -> bool:
        """Whether this number was requested, and waits for another attempt."""
        return bool(
            self._count(f"idx = :idx AND state IN {UNSETTLED_SQL}", "ledger_by_state", idx=idx)
        )

    # -- how much is ahead --------------------------------------------------

    def count_settled(self, first: int, last: int) -> int:
        """Settled numbers within a range."""
        return blocks.count(self.connection, self.site, blocks.FINAL, first, last)

    def count_asked(self, first: int, last: int) -> int:
        """Numbers within a range that have a row."""
        return blocks.count(self.connection, self.site, blocks.ASKED, first, last)

    def count_due(self, now: datetime, newest: int) -> int:
        """How many numbers :meth:`due` yields."""
        return self._count(
            "next_attempt_at <= :now AND idx <= :newest",
            "ledger_by_due",
            now=clock.to_text(now),
            newest=newest,
        )

    def count_waiting(self, newest: int) -> int:
        """Unsettled numbers up to ``newest`` that will be tried again."""
        return self._count(
            f"state IN {UNSETTLED_SQL} AND next_attempt_at IS NOT NULL AND idx <= :newest",
            "ledger_by_state",
            newest=newest,
        )

    def _count(self, where: str, index: str, **values: object) -> int:
        row = self.connection.execute(
            f"SELECT count(*) FROM ledger INDEXED BY {index} WHERE site = :site AND {where}",
            {**values, "site": self.site},
        ).fetchone()
        return int(row[0])

    # -- what was learned before --------------------------------------------

    def last_newest(self) -> int | None:
        """The newest number that an earlier crawl found listed by the site."""
        row = self.connection.execute(
            "SELECT max(newest) FROM runs WHERE site = ?", [self.site]
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def caught_up_to(self) -> int | None:
        """The number up to which nothing new is left to ask; ``None``: nothing is settled.

        The end of the last complete catching up; without one, the highest settled number. A number
        requested by hand later does not count, or the new ones below it would be skipped.
        """
        row = self.connection.execute(
            "SELECT max(caught_up_to) FROM runs WHERE site = ?", [self.site]
        ).fetchone()
        if row[0] is None:
            row = self.connection.execute(
                f"SELECT max(idx) FROM ledger WHERE site = ? AND {FINAL_SQL}",
                [self.site],
            ).fetchone()
        return None if row[0] is None else int(row[0])

    def latest_texts(self, limit: int) -> list[tuple[int, str, tuple[str, ...]]]:
        """Number, hash of the text, and addresses of the pictures of the articles that were stored
        last and are believed, oldest first."""
        rows = self.connection.execute(
            # From the newest row on: by the index of the site every article would be sorted.
            "SELECT a.id, a.idx, content_hash FROM articles AS a CROSS JOIN ledger AS l"
            " ON l.site = a.site AND l.idx = a.idx WHERE +a.site = ? AND l.state = 'article'"
            " ORDER BY a.id DESC LIMIT ?",
            [self.site, limit],
        ).fetchall()
        return [(idx, text, self._pictures(article_id)) for article_id, idx, text in reversed(rows)]

    def _pictures(self, article_id: int) -> tuple[str, ...]:
        rows = self.connection.execute(
            "SELECT url FROM images WHERE article_id = ? ORDER BY position", [article_id]
        )
        return tuple(url for (url,) in rows)

    def validators(self, idx: int) -> tuple[str | None, str | None, datetime | None]:
        """ETag and Last-Modified of the stored article, for a conditional request, and when it was
        published."""
        row = self.connection.execute(
            "SELECT etag, last_modified, published_at FROM ledger JOIN articles USING (site, idx)"
            " WHERE site = ? AND idx = ? AND state = 'article'",
            [self.site, idx],
        ).fetchone()
        if row is None:
            return None, None, None
        return row[0], row[1], clock.from_text(row[2]) if row[2] else None

    def gap_fingerprints(self) -> frozenset[str]:
        """Fingerprints of the site's answers for numbers that cannot exist."""
        rows = self.connection.execute(
            "SELECT fingerprint FROM gap_fingerprints WHERE site = ?", [self.site]
        )
        return frozenset(fingerprint for (fingerprint,) in rows)

    def section_names(self) -> dict[str, str]:
        """Section codes and the names that the menu gave them."""
        rows = self.connection.execute(
            "SELECT code, name FROM sections WHERE site = ?", [self.site]
        )
        return {row[0]: row[1] for row in rows}

    def unfinished_section_walks(self) -> list[tuple[str, int]]:
        """Sections whose lists are not read to the end, with the next page."""
        rows = self.connection.execute(
            "SELECT code, next_page FROM section_walks WHERE site = ? AND finished_at IS NULL"
            " ORDER BY code",
            [self.site],
        )
        return [(code, page) for code, page in rows]

    def some_articles(self, limit: int) -> list[int]:
        """Stored articles, newest first, that existed at the last request."""
        rows = self.connection.execute(
            "SELECT idx FROM ledger WHERE site = ? AND state = 'article' AND failures = 0"
            " ORDER BY idx DESC LIMIT ?",
            [self.site, limit],
        )
        return [idx for (idx,) in rows]
