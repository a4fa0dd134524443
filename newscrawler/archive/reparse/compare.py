"""What the captures of a number say now, beside what the archive says: reads, writes nothing.

The newest capture that holds an article tells the article; each revision is
told by the capture that it was read from. A text that changes only because the
parser has changed is a correction of its revision, no new one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from typing import Any

from newscrawler import pages
from newscrawler.exceptions import DamagedArchiveError
from newscrawler.items import Article, Capture, Reading, Verdict
from newscrawler.pages.validation import validated
from newscrawler.sites import Site
from newscrawler.store.articles import RevisionText, with_kept_section
from newscrawler.store.compression import Unpacker
from newscrawler.store.connection import Connection
from newscrawler.store.ledger import Ledger
from newscrawler.store.records import ARTICLE, article_from_row, time
from newscrawler.store.states import REASONS, Code, State

FIELDS = tuple(field.name for field in fields(Article))

_GONE = (Verdict.MISSING, Verdict.REMOVED)
_GAPS = (*_GONE, Verdict.RESTRICTED)


@dataclass(frozen=True, slots=True)
class Reread:
    """A capture and what it is taken for now."""

    id: int
    fetched_at: str
    http_status: int
    was: Verdict
    verdict: Verdict
    reason: str
    layout: str | None
    article: Article | None

    @property
    def kept(self) -> tuple[Verdict, str | None]:
        """Verdict and skin to remember."""
        lost = self.was is Verdict.ARTICLE and self.article is None
        return (self.was, None) if lost else (self.verdict, self.layout)


@dataclass(frozen=True, slots=True)
class Settlement:
    """The state that a number should have."""

    state: State
    reason: str
    http_status: int
    at: str
    """When the answer came that says so (UTC)."""


@dataclass(frozen=True, slots=True)
class RereadNumber:
    """A number after its captures have been read again."""

    idx: int
    captures: tuple[tuple[int, Verdict, str | None], ...]
    """Id, verdict and skin of each capture. What once was an article stays one here even if
    this parser cannot read it, so that a later one finds it."""
    before: Article | None = None
    """What its row says, where something is to be written."""
    article: Article | None = None
    """What its row should say; ``None``: as it is."""
    layout: str | None = None
    revisions: tuple[RevisionText, ...] | None = None
    """All of them, if any of them changes."""
    added: int = 0
    """How many of these are texts that the parser could not tell apart before."""
    seen: tuple[str, str] | None = None
    """When an article without a row was first and last seen."""
    settlement: Settlement | None = None
    lost: str | None = None
    """Why the newest capture of a stored article is no article to this parser."""
    confirmed: bool = False
    """Whether the stored article is what this parser reads too."""
    damaged: tuple[str, ...] = ()
    """The captures that cannot be read back, in words; then nothing else is found."""

    @property
    def changed(self) -> tuple[str, ...]:
        """Fields of the article in which the two differ."""
        if self.article is None or self.before is None:
            return ()
        return tuple(
            name for name in FIELDS if getattr(self.article, name) != getattr(self.before, name)
        )

    @property
    def is_news(self) -> bool:
        """Whether anything is to be written but that it was read."""
        return bool(self.article or self.revisions or self.settlement)


@dataclass(frozen=True, slots=True)
class _Stored:
    """An article as the archive has it."""

    article: Article
    layout: str | None
    last_fetched_at: str
    revisions: list[RevisionText]


_WANTED = "site = ? AND idx IN (SELECT value FROM json_each(?))"


class Rereader:
    """Reads numbers of a site again, through the stages of the crawl."""

    def __init__(
        self, connection: Connection, paper: Site, gap_fingerprints: frozenset[str]
    ) -> None:
        self.connection = connection
        self.site = site = paper.name
        self._unpacker = Unpacker(connection)
        self._gap_fingerprints = gap_fingerprints
        self._paper = paper
        row = connection.execute("SELECT max(idx) FROM articles WHERE site = ?", [site])
        listed = Ledger(connection, site).last_newest()
        self._newest: int = max(row.fetchone()[0] or 0, listed or 0)

    def read(self, idxs: Sequence[int]) -> Iterator[RereadNumber]:
        """A finding for each of the numbers that has captures, upwards."""
        wanted = [self.site, json.dumps(idxs)]
        stored = self._stored(wanted)
        ledger = {
            row["idx"]: row
            for row in self.connection.execute(
                f"SELECT idx, state, reason, code, last_attempt_at FROM ledger WHERE {_WANTED}",
                wanted,
            )
        }
        captures = self.connection.execute(
            "SELECT c.id, c.idx, c.url, c.fetched_at, c.http_status, c.headers, c.verdict,"
            " c.digest, c.body_length, held.body, held.dictionary_id"
            " FROM captures AS c LEFT JOIN captures AS held ON held.id = ifnull(c.revisit_of, c.id)"
            " WHERE c.site = ? AND c.idx IN (SELECT value FROM json_each(?))"
            " ORDER BY c.idx, c.id",
            wanted,
        )
        for idx, group in groupby(captures, key=lambda row: row["idx"]):
            entry = ledger.get(idx)
            believed = entry is None or entry["code"] != Code.DISBELIEVED
            looks, damaged = [], []
            for row in group:
                try:
                    looks.append(self._reread(row, believed))
                except DamagedArchiveError as error:
                    damaged.append(f"capture {row['id']}: {error}")
            if damaged:
                # Which of the sound ones would speak last is not known: all stays as it is.
                yield RereadNumber(idx, (), damaged=tuple(damaged))
            else:
                yield self._compare(idx, entry, stored.get(idx), looks)

    def _stored(self, wanted: list[str]) -> dict[int, _Stored]:
        found = {
            row["id"]: _Stored(article_from_row(row), row["layout"], row["last_fetched_at"], [])
            for row in self.connection.execute(
                f"SELECT {ARTICLE} FROM articles AS a WHERE {_WANTED}", wanted
            )
        }
        texts = self.connection.execute(
            "SELECT article_id, fetched_at, modified_at, title, subtitle, body, content_hash,"
            " capture_id FROM revision_texts"
            " WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY article_id, number",
            [json.dumps(list(found))],
        )
        for article_id, *text in texts:
            found[article_id].revisions.append(RevisionText(*text))
        return {stored.article.idx: stored for stored in found.values()}

    def _reread(self, row: Any, believed: bool) -> Reread:
        headers, body = self._unpacker.answer(row)
        at = time(row["fetched_at"])
        capture = Capture(self.site, row["idx"], row["url"], at, row["http_status"], headers, body)
        reading = validated(pages.read(capture, self._paper, self._gap_fingerprints), at)
        was = Verdict(row["verdict"])
        if was is Verdict.UNKNOWN and reading.verdict in _GONE and not believed:
            reading = Reading(was, REASONS[Code.DISBELIEVED], reading.layout)
        return Reread(
            row["id"],
            row["fetched_at"],
            row["http_status"],
            was,
            reading.verdict,
            reading.reason,
            reading.layout,
            reading.article,
        )

    def _compare(
        self, idx: int, ledger: Any, stored: _Stored | None, looks: list[Reread]
    ) -> RereadNumber:
        told = [look for look in looks if look.article]
        finding = RereadNumber(
            idx,
            tuple((look.id, *look.kept) for look in looks),
            settlement=ledger and self._settle(idx, ledger, looks, stored=stored is not None),
        )
        if stored is None:
            return _discovered(finding, told) if told else finding
        before = stored.article
        known = [look for look in looks if look.was is Verdict.ARTICLE]
        if known and not known[-1].article:
            return replace(finding, before=before, lost=known[-1].reason)
        if not told:
            return replace(finding, before=before)
        newest = told[-1]
        assert newest.article is not None
        revisions = stored.revisions
        history = _history(revisions, told)
        if revisions[-1].fetched_at > newest.fetched_at:
            # The present text came without a capture and cannot be read again.
            return replace(finding, before=before, **_new_history(revisions, history, before))
        article = with_kept_section(newest.article, before)
        if before.recommend_count is not None and stored.last_fetched_at > newest.fetched_at:
            # Counted again by looks that brought nothing else, and so left no capture.
            article = replace(article, recommend_count=before.recommend_count)
        same = article == before and newest.layout == stored.layout
        return replace(
            finding,
            # Most are as they were: there is no need to carry their texts to the writer.
            before=before if finding.settlement or not same else None,
            article=None if same else article,
            confirmed=same,
            layout=newest.layout,
            **_new_history(revisions, history, article),
        )

    def _settle(
        self, idx: int, ledger: Any, looks: list[Reread], *, stored: bool
    ) -> Settlement | None:
        """The state that the captures now give to a number, if it is another.

        A look that left no capture may have come after the newest capture; then
        only an article that was never stored is news.
        """
        newest = looks[-1]
        state, found = State(ledger["state"]), None
        if not stored and any(look.article for look in looks):
            gone = newest.verdict in _GONE or state in (State.MISSING, State.REMOVED)
            if newest.verdict is not Verdict.RESTRICTED:
                found = State.REMOVED if gone and not newest.article else State.ARTICLE
        elif newest.was is not newest.verdict and ledger["last_attempt_at"] == newest.fetched_at:
            found = self._read_anew(idx, newest, stored)
        if found is None or found is state:
            return None
        return Settlement(found, newest.reason, newest.http_status, newest.fetched_at)

    def _read_anew(self, idx: int, newest: Reread, stored: bool) -> State | None:
        """The state by a last look that is now taken for something else."""
        if newest.verdict is Verdict.ARTICLE:
            return State.ARTICLE
        if newest.verdict in _GAPS:
            if stored and newest.verdict in _GONE:
                return State.REMOVED
            # Beyond the newest article there is the future, no gap.
            return State(newest.verdict) if stored or idx <= self._newest else None
        if newest.was in _GAPS and not stored:
            return State.UNKNOWN if newest.verdict is Verdict.UNKNOWN else State.FAILED
        return None


def _discovered(finding: RereadNumber, told: list[Reread]) -> RereadNumber:
    """A number whose captures hold an article that was not understood before."""
    newest = told[-1]
    assert newest.article is not None
    return replace(
        finding,
        article=newest.article,
        layout=newest.layout,
        seen=(told[0].fetched_at, newest.fetched_at),
        **_new_history([], _history([], told), newest.article),
    )


def _history(revisions: list[RevisionText], told: list[Reread]) -> list[RevisionText]:
    """The revisions, each as its own capture tells it now.

    A revision without a capture of its own is told by the first one that was
    taken while its text stood; without any it stays as it is. A text that was
    not told apart before becomes a revision at its place.
    """
    rest = {look.id: look for look in told}
    history = []
    for number, text in enumerate(revisions, 1):
        until = revisions[number].fetched_at if number < len(revisions) else "9"
        own = rest.pop(text.capture_id or 0, None)
        if own is None and text.capture_id is None:
            while_it_stood = (
                look for look in rest.values() if text.fetched_at <= look.fetched_at < until
            )
            own = next(while_it_stood, None)
            rest.pop(own.id if own else 0, None)
        history.append(_text(own, text.fetched_at) if own else text)
    for look in rest.values():
        place = sum(text.fetched_at <= look.fetched_at for text in history)
        assert look.article is not None
        neighbours = {text.content_hash for text in history[max(0, place - 1) : place + 1]}
        if look.article.content_hash not in neighbours:
            history.insert(place, _text(look, look.fetched_at))
    return history


def _text(look: Reread, fetched_at: str) -> RevisionText:
    article = look.article
    assert article is not None
    return RevisionText(
        fetched_at,
        article.modified_at.isoformat() if article.modified_at else None,
        article.title,
        article.subtitle,
        article.body,
        article.content_hash,
        look.id,
    )


def _new_history(
    old: list[RevisionText], new: list[RevisionText], article: Article
) -> dict[str, Any]:
    """What a finding says of the revisions when the article's row will say ``article``."""
    if new[-1].content_hash == article.content_hash:
        new[-1] = replace(new[-1], title=None, subtitle=None, body=None)
    if new == old:
        return {}
    return {"revisions": tuple(new), "added": len(new) - len(old)}
