"""Writes the corrections of a re-parse."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from newscrawler import clock
from newscrawler.archive.reparse.compare import RereadNumber
from newscrawler.store import articles
from newscrawler.store.articles import ArticleRow, Reindexing
from newscrawler.store.schedule import Schedule
from newscrawler.store.states import State
from newscrawler.store.store import Store


class Corrections:
    """Writes the findings of one site, a batch in one transaction: a kill loses whole batches
    only."""

    def __init__(
        self, store: Store, site: str, schedule: Schedule, parser_version: int, now: datetime
    ) -> None:
        self.store = store
        self.connection = store.connection
        self.site = site
        self._schedule = schedule
        self._parser_version = parser_version
        self._now = now

    def write(self, findings: Iterable[RereadNumber]) -> None:
        """Write findings, of which some may change nothing.

        Raises:
            StoreError: nothing of them was written.
        """
        reindex: list[Reindexing] = []
        with self.store.transaction():
            for finding in findings:
                self._note_read(finding)
                if finding.article or finding.revisions:
                    self._correct(finding, reindex)
                if finding.settlement:
                    self._settle(finding)
            articles.index(self.connection, reindex)

    def _note_read(self, finding: RereadNumber) -> None:
        # SQLite writes a row anew, with text and capture, even where no value of it changes.
        version = self._parser_version
        self.connection.executemany(
            "UPDATE captures SET verdict = ?1, layout = ifnull(?2, layout), parser_version = ?3"
            " WHERE id = ?4"
            " AND (verdict, layout, parser_version) IS NOT (?1, ifnull(?2, layout), ?3)",
            [(verdict, skin, version, id) for id, verdict, skin in finding.captures],
        )
        if finding.confirmed:
            self.connection.execute(
                "UPDATE articles SET parser_version = ?1"
                " WHERE site = ?2 AND idx = ?3 AND parser_version <> ?1",
                [version, self.site, finding.idx],
            )

    def _correct(self, finding: RereadNumber, reindex: list[Reindexing]) -> None:
        row = ArticleRow(self.connection, self.site, finding.skin, self._parser_version, reindex)
        article_id = self._article_id(finding.idx)
        if finding.seen:
            first, last = finding.seen
            assert finding.article is not None
            article_id = row.insert(finding.article, first, None)
            self.connection.execute(
                "UPDATE articles SET last_fetched_at = ? WHERE id = ?", [last, article_id]
            )
        elif finding.article:
            assert finding.before is not None
            row.correct(article_id, finding.before, finding.article)
        if finding.revisions:
            row.rewrite_revisions(article_id, finding.revisions)

    def _article_id(self, idx: int) -> int:
        row = self.connection.execute(
            "SELECT id FROM articles WHERE site = ? AND idx = ?", [self.site, idx]
        ).fetchone()
        return int(row[0]) if row else 0

    def _settle(self, finding: RereadNumber) -> None:
        settlement = finding.settlement
        assert settlement is not None
        state = settlement.state
        article = finding.article or finding.before
        due: datetime | None = None if state.settled else self._now
        if state in (State.ARTICLE, State.REMOVED) and article:
            due = self._schedule.refresh(self._now, article.published_at)
            self.connection.execute(
                "UPDATE articles SET removed_at = ? WHERE site = ? AND idx = ?",
                [settlement.at if state is State.REMOVED else None, self.site, finding.idx],
            )
        self.connection.execute(
            "UPDATE ledger SET state = ?, reason = ?, code = NULL, http_status = ?,"
            " failures = 0, next_attempt_at = ? WHERE site = ? AND idx = ?",
            [
                state,
                settlement.reason,
                settlement.http_status,
                due and clock.to_text(due),
                self.site,
                finding.idx,
            ],
        )
