"""Writes the result of one attempt: the article, the row in the ledger, the capture.

Everything happens in the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from newscrawler import clock
from newscrawler.items import Answer, Article, Change, Reading, Verdict
from newscrawler.store import articles
from newscrawler.store.articles import ArticleRow, Reindexing, with_kept_section
from newscrawler.store.captures import CaptureStore
from newscrawler.store.connection import Connection
from newscrawler.store.records import ARTICLE, article_from_row
from newscrawler.store.schedule import Schedule
from newscrawler.store.states import REASONS, Code, State

_SAME_TIME = timedelta(minutes=30)
"""Gaps that were requested within this time of a false one are in doubt: at two seconds a page some
two hundred."""


class KeepCaptures(StrEnum):
    """Which raw answers are kept."""

    ALL = "all"
    CHANGED = "changed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Saved:
    """What was stored for one attempt."""

    state: State
    """The state of the number after it."""
    change: Change
    failed: State | None = None
    """The result of the attempt itself, if it brought nothing and the number stays settled as
    before."""
    is_future: bool = False
    """There is no article, and the number is above the highest article."""


class Newest:
    """The highest number of each paper that is known to be published: an article was seen there.

    A number that the site only lists does not count: it settles nothing.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._known: dict[str, int] = {}

    def of(self, site: str) -> int:
        if site not in self._known:
            row = self.connection.execute(
                "SELECT max(idx) FROM articles WHERE site = ?", [site]
            ).fetchone()
            self._known[site] = row[0] or 0
        return self._known[site]

    def note(self, site: str, idx: int) -> None:
        """Note that ``idx`` is published."""
        self._known[site] = max(self.of(site), idx)


def stored_article(connection: Connection, site: str, idx: int) -> Article | None:
    """The article as stored, or ``None``."""
    row = connection.execute(
        f"SELECT {ARTICLE} FROM articles AS a WHERE site = ? AND idx = ?", [site, idx]
    ).fetchone()
    return None if row is None else article_from_row(row)


def compare(connection: Connection, answer: Answer) -> Change:
    """What an answer has that the archive does not have yet.

    A new recommend count alone is not a change, nor is a missing section that the archive knows
    from a list.
    """
    article = answer.reading.article if answer.reading else None
    if article is None:
        return Change.NONE
    before = stored_article(connection, answer.site, answer.idx)
    if before is None:
        return Change.NEW
    article = with_kept_section(article, before)
    same = replace(article, recommend_count=None) == replace(before, recommend_count=None)
    return Change.UNCHANGED if same else Change.CHANGED


def neighbour_published_at(connection: Connection, site: str, idx: int) -> datetime | None:
    """When the nearest article with a date was published: below the number, or else above."""
    for side, order in (("<", "DESC"), (">", "ASC")):
        row = connection.execute(
            f"SELECT published_at FROM articles WHERE site = ? AND idx {side} ?"
            f" ORDER BY idx {order} LIMIT 1",
            [site, idx],
        ).fetchone()
        if row and row[0]:
            return clock.from_text(row[0])
    return None


@dataclass(slots=True)
class Batch:
    """Writes the answers of one transaction, in their order."""

    connection: Connection
    newest: Newest
    captures: CaptureStore
    schedule: Schedule
    parser_version: int
    keep: KeepCaptures
    reindex: list[Reindexing] = field(default_factory=list)
    """Changes for the search index at the end."""
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def write(self, answer: Answer) -> Saved:
        if (answer.site, answer.idx) in self._seen:
            # It was compared before an earlier answer for the same number was written.
            answer.change = None
        self._seen.add((answer.site, answer.idx))
        return _Attempt(self, answer).write()

    def finish(self) -> None:
        """Call once, before the transaction ends."""
        articles.index(self.connection, self.reindex)


class _Attempt:
    """The writing of one answer."""

    def __init__(self, batch: Batch, answer: Answer) -> None:
        self.batch = batch
        self.connection = batch.connection
        self.schedule = batch.schedule
        self.answer = answer
        assert answer.reading is not None
        self.reading: Reading = answer.reading
        self.change = answer.change or compare(batch.connection, answer)
        self.key = (answer.site, answer.idx)
        self.at = clock.to_text(answer.asked_at)
        row = self.connection.execute(
            "SELECT state, code, attempts, failures, last_attempt_at, next_attempt_at,"
            " published_at, removed_at, a.id AS stored_id"
            " FROM ledger LEFT JOIN articles AS a USING (site, idx) WHERE site = ? AND idx = ?",
            self.key,
        ).fetchone()
        self.state = State(row["state"]) if row else None
        self.failures: int = row["failures"] if row else 0
        self.article_id: int | None = row["stored_id"] if row else None
        self.published_at = (
            clock.from_text(row["published_at"]) if row and row["published_at"] else None
        )
        is_final = row and self.state is State.MISSING and row["next_attempt_at"] is None
        self._was_gap_at = clock.from_text(row["last_attempt_at"]) if is_final else None
        """When the site said that nothing is there, if that was final."""
        self._is_doubted = (
            self.article_id is not None
            and row["code"] == Code.DISBELIEVED
            and row["removed_at"] is None
        )
        """The stored article is one text of many numbers (``doubt_articles``)."""

    def write(self) -> Saved:
        verdict = self.reading.verdict
        if self._is_doubted and verdict.settles:
            self._remove_copy()
        if verdict is Verdict.ARTICLE:
            return self._article()
        if verdict is Verdict.UNCHANGED and self.article_id is not None:
            return self._unchanged()
        if verdict is Verdict.MISSING:
            return self._nothing_there()
        if verdict is Verdict.REMOVED:
            return self._removed()
        if verdict is Verdict.RESTRICTED:
            self._keep_capture()
            return self._settle(State.RESTRICTED, None)
        if verdict is Verdict.FORBIDDEN:
            return self._forbidden()
        return self._no_usable_answer()

    def _remove_copy(self) -> None:
        """Remove the stored article, unless the number had another text before: then it stays a
        revision."""
        assert self.article_id is not None
        before = stored_article(self.connection, *self.key)
        assert before is not None
        (texts,) = self.connection.execute(
            "SELECT count(*) FROM revision_texts WHERE article_id = ?", [self.article_id]
        ).fetchone()
        if texts == 1:
            self._row().remove(self.article_id, before)
            self.article_id, self.published_at, self.change = None, None, Change.NEW

    def _row(self) -> ArticleRow:
        return ArticleRow(
            self.connection,
            self.answer.site,
            self.reading.skin,
            self.batch.parser_version,
            self.batch.reindex,
            self.answer.precomputed.words if self.answer.precomputed else None,
        )

    def _article(self) -> Saved:
        article = self.reading.article
        assert article is not None
        capture_id = None
        if self.batch.keep is KeepCaptures.ALL or self.change is not Change.UNCHANGED:
            capture_id = self._keep_capture()
        row = self._row()
        if self._was_gap_at:
            self._doubt_gaps_of(self._was_gap_at)
        if self.article_id is None:
            row.insert(article, self.at, capture_id)
        else:
            before = stored_article(self.connection, *self.key)
            assert before is not None
            article = with_kept_section(article, before)
            row.update(self.article_id, before, article, self.at, capture_id, self.change)
        self.batch.newest.note(self.answer.site, self.answer.idx)
        due = self.schedule.refresh(self.answer.asked_at, article.published_at)
        return self._settle(State.ARTICLE, due, self.change)

    def _doubt_gaps_of(self, then: datetime) -> None:
        """A final gap is an article: the gaps of that hour may be the same mistake, and are due."""
        self.connection.execute(
            "UPDATE ledger INDEXED BY ledger_final_gaps SET next_attempt_at = ?"
            " WHERE site = ? AND state = 'missing' AND next_attempt_at IS NULL"
            " AND last_attempt_at BETWEEN ? AND ?",
            [
                self.at,
                self.answer.site,
                clock.to_text(then - _SAME_TIME),
                clock.to_text(then + _SAME_TIME),
            ],
        )

    def _unchanged(self) -> Saved:
        self.connection.execute(
            "UPDATE articles SET last_fetched_at = ? WHERE id = ?", [self.at, self.article_id]
        )
        due = self.schedule.refresh(self.answer.asked_at, self.published_at)
        self.connection.execute(
            "UPDATE ledger SET attempts = attempts + ?, failures = 0, last_attempt_at = ?,"
            " next_attempt_at = ? WHERE site = ? AND idx = ?",
            [self.answer.requests, self.at, due and clock.to_text(due), *self.key],
        )
        return Saved(State.ARTICLE, Change.UNCHANGED)

    def _nothing_there(self) -> Saved:
        if self.article_id is not None:
            return self._removed()
        if self.answer.idx > self.batch.newest.of(self.answer.site):
            return self._nothing_there_yet()
        self._keep_capture()
        published_at = neighbour_published_at(self.connection, *self.key)
        due = self.schedule.gap(self.answer.asked_at, published_at)
        return self._settle(State.MISSING, due)

    def _nothing_there_yet(self) -> Saved:
        """Above the highest article: the answer is stored, and the number stays to be requested."""
        by_name = self.answer.by_name or self.state is State.MISSING
        if by_name:
            self._keep_capture()
        state = State.MISSING if by_name else State.PENDING
        reason = self.reading.reason if by_name else REASONS[Code.FUTURE]
        # Due at once: catching up asks when the newest number has passed it.
        self._note(state, reason, self.answer.asked_at, failures=0, code=Code.FUTURE)
        return Saved(state, Change.NONE, is_future=True)

    def _removed(self) -> Saved:
        self._keep_capture()
        if self.article_id is not None:
            self.connection.execute(
                "UPDATE articles SET removed_at = ifnull(removed_at, ?) WHERE id = ?",
                [self.at, self.article_id],
            )
        # Withdrawn articles sometimes come back: requested again as often as a refresh would be.
        return self._settle(
            State.REMOVED, self.schedule.refresh(self.answer.asked_at, self.published_at)
        )

    def _forbidden(self) -> Saved:
        state = self.state if self.state and self.state.settled else State.PENDING
        tomorrow = self.answer.asked_at + self.schedule.gap_every
        if state is not State.PENDING:
            return Saved(state, Change.NONE, State.PENDING)
        self._note(state, self.reading.reason, tomorrow, failures=self.failures)
        return Saved(state, Change.NONE)

    def _no_usable_answer(self) -> Saved:
        failures = self.failures + 1
        due = self.schedule.after_failure(self.answer.asked_at, failures)
        unknown = self.reading.verdict in (Verdict.UNKNOWN, Verdict.COPY)
        if unknown or self.reading.verdict is Verdict.BLOCKED:
            self._keep_capture()
        state = State.UNKNOWN if unknown else State.FAILED
        if self.state and self.state.settled:
            silence = self.reading.silence
            self.connection.execute(
                "UPDATE ledger SET attempts = attempts + ?, failures = ?, last_attempt_at = ?,"
                " next_attempt_at = ?,"
                " silent_since = CASE WHEN silence = ? THEN silent_since ELSE ? END, silence = ?"
                " WHERE site = ? AND idx = ?",
                [
                    self.answer.requests,
                    failures,
                    self.at,
                    due and clock.to_text(due),
                    silence,
                    silence and self.at,
                    silence,
                    *self.key,
                ],
            )
            return Saved(self.state, Change.NONE, state)
        is_believed = self.reading.is_believed and not self._is_doubted
        code = None if is_believed else Code.DISBELIEVED
        self._note(state, self.reading.reason, due, failures=failures, code=code)
        return Saved(state, Change.NONE)

    def _settle(self, state: State, due: datetime | None, change: Change = Change.NONE) -> Saved:
        self._note(state, self.reading.reason, due, failures=0)
        return Saved(state, change)

    def _note(
        self,
        state: State,
        reason: str,
        due: datetime | None,
        *,
        failures: int,
        code: Code | None = None,
    ) -> None:
        capture = self.answer.capture
        with_validators = capture if state is State.ARTICLE else None
        self.connection.execute(
            "INSERT INTO ledger (site, idx, state, reason, http_status, attempts, failures,"
            " last_attempt_at, next_attempt_at, etag, last_modified, code, silence, silent_since)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET state = excluded.state, reason = excluded.reason,"
            # An attempt without a request judges an earlier answer, whose status stays.
            " http_status = CASE WHEN excluded.attempts THEN excluded.http_status"
            " ELSE http_status END, attempts = attempts + excluded.attempts,"
            " silent_since = CASE WHEN silence = excluded.silence THEN silent_since"
            " ELSE excluded.silent_since END, silence = excluded.silence,"
            " failures = excluded.failures, last_attempt_at = excluded.last_attempt_at,"
            " next_attempt_at = excluded.next_attempt_at, etag = excluded.etag,"
            " last_modified = excluded.last_modified, code = excluded.code",
            [
                *self.key,
                state,
                reason,
                capture.http_status if capture else None,
                self.answer.requests,
                failures,
                self.at,
                due and clock.to_text(due),
                with_validators and with_validators.header("ETag"),
                with_validators and with_validators.header("Last-Modified"),
                code,
                self.reading.silence,
                self.reading.silence and self.at,
            ],
        )

    def _keep_capture(self) -> int | None:
        capture = self.answer.capture
        if capture is None or self.batch.keep is KeepCaptures.NONE:
            return None
        return self.batch.captures.keep(
            capture, self.reading, self.batch.parser_version, self.answer.precomputed
        )
