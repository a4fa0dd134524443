"""Corrections of the ledger that no answer of the site makes.

A number was settled by an answer that is not reliable, has a due time from a wrong clock, was read
when a run was killed, or is settled because an article above it was found later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from newscrawler import clock
from newscrawler.outcomes import Outcome
from newscrawler.store.answers import Newest, neighbour_published_at
from newscrawler.store.schedule import Schedule
from newscrawler.store.states import ONE_TEXT, REASONS, UNSETTLED_SQL, Code, State
from newscrawler.store.writer import Writer

_CLOCK_SLACK = timedelta(days=1)
"""By how much two correct clocks may differ."""


class LedgerCorrections:
    """Corrects the ledger of an archive that is open for writing."""

    def __init__(self, writer: Writer, newest: Newest) -> None:
        self._writer = writer
        self._newest = newest

    def settle_gaps_below_newest(self, site: str, since: datetime, schedule: Schedule) -> int:
        """Settle numbers without an article in this run, if an article above them was found since.

        While a crawl goes upwards without the newest number, each gap may be unpublished until an
        article above it is found. Only attempts after ``since`` count: older ones are out of date.

        Returns:
            how many of them were pending.
        """
        with self._writer.transaction() as connection:
            passed = connection.execute(
                "SELECT idx, state, last_attempt_at FROM ledger INDEXED BY ledger_by_code"
                " WHERE site = ? AND code = ? AND idx < ? AND last_attempt_at >= ?",
                [site, Code.FUTURE, self._newest.of(site), clock.to_text(since)],
            ).fetchall()
            for idx, _, at in passed:
                published_at = neighbour_published_at(connection, site, idx)
                due = schedule.gap(clock.from_text(at), published_at)
                connection.execute(
                    "UPDATE ledger SET state = 'missing', next_attempt_at = ?,"
                    " reason = 'nothing there', code = NULL WHERE site = ? AND idx = ?",
                    [due and clock.to_text(due), site, idx],
                )
            return sum(state == State.PENDING for _, state, _ in passed)

    def gaps_at_the_end(self, site: str, since: datetime) -> list[int]:
        """The numbers without an article that were requested after ``since``, and after the last
        article that was: a run that was killed has not proven them."""
        rows = self._writer.connection.execute(
            "SELECT idx FROM ledger WHERE site = :site"
            " AND state IN ('missing', 'removed', 'restricted') AND last_attempt_at >="
            " max(:since, ifnull((SELECT max(last_attempt_at) FROM ledger"
            " WHERE site = :site AND state = 'article'), ''))",
            {"site": site, "since": clock.to_text(since)},
        )
        return [idx for (idx,) in rows]

    def gaps_since(self, site: str, since: datetime) -> list[int]:
        """The numbers whose last answer, at ``since`` or later, was that nothing is there."""
        rows = self._writer.connection.execute(
            "SELECT idx FROM ledger INDEXED BY ledger_by_state"
            " WHERE site = ? AND state = 'missing' AND last_attempt_at >= ?",
            [site, clock.to_text(since)],
        )
        return [idx for (idx,) in rows]

    def disbelieve(self, site: str, idxs: Sequence[int], at: datetime) -> list[State]:
        """Make these numbers pending again: the answers that settled them, or would settle them at
        the end of the run, are not reliable.

        Returns:
            the states of those that held nothing until now.
        """
        due = clock.to_text(at)
        was: list[State] = []
        with self._writer.transaction() as connection:
            for idx in idxs:
                row = connection.execute(
                    "SELECT state FROM ledger WHERE site = ? AND idx = ?"
                    " AND (state IN ('missing', 'removed', 'restricted') OR code = ?)",
                    [site, idx, Code.FUTURE],
                ).fetchone()
                if row is None:
                    continue
                was.append(State(row["state"]))
                connection.execute(
                    "UPDATE articles SET removed_at = NULL WHERE site = ? AND idx = ?"
                    " AND removed_at = (SELECT last_attempt_at FROM ledger"
                    " WHERE ledger.site = articles.site AND ledger.idx = articles.idx)",
                    [site, idx],
                )
                connection.execute(
                    "UPDATE ledger SET reason = ?, code = ?, next_attempt_at = ?,"
                    " state = CASE WHEN EXISTS"
                    " (SELECT 1 FROM articles AS a WHERE a.site = ledger.site"
                    " AND a.idx = ledger.idx AND a.removed_at IS NULL)"
                    " THEN 'article' ELSE 'pending' END"
                    " WHERE site = ? AND idx = ?",
                    [REASONS[Code.DISBELIEVED], Code.DISBELIEVED, due, site, idx],
                )
        return was

    def forget_validators(self, site: str) -> None:
        """The next request for each article brings its page, whatever the site says of it."""
        with self._writer.transaction() as connection:
            connection.execute(
                "UPDATE ledger SET etag = NULL, last_modified = NULL WHERE site = ?"
                " AND (etag IS NOT NULL OR last_modified IS NOT NULL)",
                [site],
            )

    def doubt_articles(self, site: str, idxs: Sequence[int], at: datetime) -> None:
        """Make these numbers unknown, and due at once, without validators: the site had one text
        for all of them. What is stored stays until a number has another answer."""
        with self._writer.transaction() as connection:
            for idx in idxs:
                doubted = connection.execute(
                    "UPDATE ledger SET state = 'unknown', code = ?, reason = ?,"
                    " failures = failures + 1, next_attempt_at = ?, etag = NULL,"
                    " last_modified = NULL WHERE site = ? AND idx = ? AND state = 'article'",
                    [Code.DISBELIEVED, ONE_TEXT, clock.to_text(at), site, idx],
                ).rowcount
                if doubted:
                    # So that reading the captures again does not bring the article back.
                    connection.execute(
                        "UPDATE captures SET verdict = 'copy' WHERE id ="
                        " (SELECT capture_id FROM revision_texts AS r JOIN articles AS a"
                        " ON a.id = r.article_id WHERE a.site = ? AND a.idx = ?"
                        " ORDER BY number DESC LIMIT 1)",
                        [site, idx],
                    )

    def mend_times(self, site: str, now: datetime, longest: timedelta) -> int:
        """Make numbers due that a wrong clock has delayed; returns how many.

        No step of the schedule is longer than ``longest``, so a later due time comes from another
        clock, and so does an attempt in the future.
        """
        values = {
            "site": site,
            "now": clock.to_text(now),
            "far": clock.to_text(now + longest + _CLOCK_SLACK),
            "future": clock.to_text(now + _CLOCK_SLACK),
        }
        with self._writer.transaction() as connection:
            mended = connection.execute(
                "UPDATE ledger SET next_attempt_at = :now"
                " WHERE site = :site AND next_attempt_at > :far",
                values,
            ).rowcount
            # A killed run has no end, by which its clock could be judged.
            latest, killed = connection.execute(
                "SELECT max(max(started_at, ifnull(finished_at, started_at))),"
                " ifnull(max(outcome = ?), 0) FROM runs WHERE site = ?",
                [Outcome.RUNNING, site],
            ).fetchone()
            if killed or (latest is not None and latest > values["future"]):
                mended += connection.execute(
                    "UPDATE ledger SET next_attempt_at = :now"
                    " WHERE site = :site AND last_attempt_at > :future"
                    " AND (next_attempt_at IS NULL OR next_attempt_at > :now)",
                    values,
                ).rowcount
            return mended

    def suspect_crashers(self, site: str, now: datetime, schedule: Schedule) -> list[int]:
        """The numbers whose answers were being read when a run was killed.

        The answer need not be the reason, so the number is due at once, and the caller reads it
        where it cannot end the crawl. If that has ended a run again, the number is delayed. What is
        settled stays so, with its reason.
        """
        with self._writer.transaction() as connection:
            rows = connection.execute(
                "SELECT DISTINCT reading FROM runs WHERE site = ? AND outcome = ?"
                " AND reading IS NOT NULL",
                [site, Outcome.RUNNING],
            ).fetchall()
            for (idx,) in rows:
                known = connection.execute(
                    "SELECT code, failures FROM ledger WHERE site = ? AND idx = ?", [site, idx]
                ).fetchone()
                again = known is not None and known["code"] == Code.CRASHED
                failures = (known["failures"] if known else 0) + again
                due = schedule.after_failure(now, failures) if again else now
                connection.execute(
                    "INSERT INTO ledger (site, idx, state, reason, code, attempts, failures,"
                    " last_attempt_at, next_attempt_at)"
                    " VALUES (:site, :idx, 'unknown', :reason, :code, 1, :failures, :at, :due)"
                    " ON CONFLICT DO UPDATE SET state = excluded.state, reason = excluded.reason,"
                    " code = excluded.code, attempts = attempts + 1, failures = excluded.failures,"
                    " last_attempt_at = excluded.last_attempt_at,"
                    " next_attempt_at = excluded.next_attempt_at"
                    f" WHERE state IN {UNSETTLED_SQL}",
                    {
                        "site": site,
                        "idx": idx,
                        "reason": REASONS[Code.CRASHED],
                        "code": Code.CRASHED,
                        "failures": failures,
                        "at": clock.to_text(now),
                        "due": due and clock.to_text(due),
                    },
                )
            return [idx for (idx,) in rows]
