"""Compares what the captures of a number say now with what the archive says. Pure values.

The newest capture that holds an article gives the article; each revision is
given by the capture that it was read from. A text that changes only because the
parser has changed is a correction of its revision, not a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

from newscrawler.items import Article, Verdict
from newscrawler.store.articles import RevisionText, with_kept_section
from newscrawler.store.states import State

FIELDS = tuple(field.name for field in fields(Article))

GONE = (Verdict.MISSING, Verdict.REMOVED)
_GAPS = (*GONE, Verdict.RESTRICTED)


@dataclass(frozen=True, slots=True)
class Reread:
    """A capture, with its reading by this parser."""

    id: int
    fetched_at: str
    http_status: int
    was: Verdict
    verdict: Verdict
    reason: str
    skin: str | None
    article: Article | None
    content_hash: str | None
    """The article's."""

    @property
    def kept(self) -> tuple[Verdict, str | None]:
        """Verdict and skin to store."""
        lost = self.was is Verdict.ARTICLE and self.article is None
        return (self.was, None) if lost else (self.verdict, self.skin)


@dataclass(frozen=True, slots=True)
class Settlement:
    """The state that a number should have."""

    state: State
    reason: str
    http_status: int
    at: str
    """When that answer came (UTC)."""


@dataclass(frozen=True, slots=True)
class RereadNumber:
    """The result of reading a number's captures again."""

    idx: int
    captures: tuple[tuple[int, Verdict, str | None], ...]
    """Id, verdict and skin of each capture. A former article stays an article here even if this
    parser cannot read it, so that a later parser tries it again."""
    before: Article | None = None
    """The article in its row, if something is to be written."""
    article: Article | None = None
    """The article for its row; ``None``: no change."""
    skin: str | None = None
    revisions: tuple[RevisionText, ...] | None = None
    """All revisions, if any of them changes."""
    added: int = 0
    """How many of them are texts that an earlier parser did not distinguish."""
    seen: tuple[str, str] | None = None
    """When an article without a row was first and last seen."""
    settlement: Settlement | None = None
    lost: str | None = None
    """Why this parser does not read the newest capture of a stored article as an article."""
    confirmed: bool = False
    """Whether this parser reads the same article as the stored one."""
    damaged: tuple[str, ...] = ()
    """The captures that are damaged, in words; then the other fields are empty."""

    @property
    def changed(self) -> tuple[str, ...]:
        """The fields of the article that change."""
        if self.article is None or self.before is None:
            return ()
        return tuple(
            name for name in FIELDS if getattr(self.article, name) != getattr(self.before, name)
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as stored."""

    article: Article
    skin: str | None
    last_fetched_at: str
    revisions: list[RevisionText]


def compare(
    idx: int, ledger: Any, stored: Stored | None, reread: list[Reread], newest_idx: int
) -> RereadNumber:
    """What is to be corrected for one number.

    Args:
        idx: the number.
        ledger: its row in the ledger, or ``None``.
        stored: its article, or ``None``.
        reread: its captures as the parser reads them now, oldest first; at least one.
        newest_idx: the newest known number of the site: beyond it an answer "missing" settles
            nothing.
    """
    told = [each for each in reread if each.article]
    settlement = ledger and _settle(idx, ledger, reread, newest_idx, stored=stored is not None)
    captures = tuple((each.id, *each.kept) for each in reread)
    finding = partial(RereadNumber, idx, captures, settlement=settlement)
    if stored is None:
        return finding(**_discovered(told)) if told else finding()
    before = stored.article
    known = [each for each in reread if each.was is Verdict.ARTICLE]
    if known and not known[-1].article:
        return finding(before=before, lost=known[-1].reason)
    if not told:
        return finding(before=before)
    newest = told[-1]
    assert newest.article is not None
    revisions = stored.revisions
    history = _history(revisions, told)
    if revisions[-1].fetched_at > newest.fetched_at:
        # The present text came without a capture and cannot be read again.
        return finding(before=before, **_new_history(revisions, history, before.content_hash))
    article = with_kept_section(newest.article, before)
    if before.recommend_count is not None and stored.last_fetched_at > newest.fetched_at:
        # Counted again by answers that brought nothing else, and so left no capture.
        article = replace(article, recommend_count=before.recommend_count)
    same = article == before and newest.skin == stored.skin
    return finding(
        # Most are as they were: there is no need to carry their texts to the writer.
        before=before if settlement or not same else None,
        article=None if same else article,
        confirmed=same,
        skin=newest.skin,
        # Neither section nor count is part of the hash.
        **_new_history(revisions, history, newest.content_hash),
    )


def _settle(
    idx: int, ledger: Any, reread: list[Reread], newest_idx: int, *, stored: bool
) -> Settlement | None:
    """The state of a number by its captures, if it changes.

    An attempt without a capture may have come after the newest capture; then only an article that
    was never stored is a change.
    """
    newest = reread[-1]
    state, found = State(ledger["state"]), None
    if not stored and any(each.article for each in reread):
        gone = newest.verdict in GONE or state in (State.MISSING, State.REMOVED)
        if newest.verdict is not Verdict.RESTRICTED:
            found = State.REMOVED if gone and not newest.article else State.ARTICLE
    elif newest.was is not newest.verdict and ledger["last_attempt_at"] == newest.fetched_at:
        found = _read_anew(newest, stored, is_future=idx > newest_idx)
    if found is None or found is state:
        return None
    return Settlement(found, newest.reason, newest.http_status, newest.fetched_at)


def _read_anew(newest: Reread, stored: bool, *, is_future: bool) -> State | None:
    """The state by the last capture, if its verdict has changed."""
    if newest.verdict is Verdict.ARTICLE:
        return State.ARTICLE
    if newest.verdict in _GAPS:
        if stored and newest.verdict in GONE:
            return State.REMOVED
        # Beyond the newest article there is the future, no gap.
        return State(newest.verdict) if stored or not is_future else None
    if newest.was in _GAPS and not stored:
        return State.UNKNOWN if newest.verdict is Verdict.UNKNOWN else State.FAILED
    return None


def _discovered(told: list[Reread]) -> dict[str, Any]:
    """The fields of a finding for a number whose captures have an article that was not understood
    before."""
    newest = told[-1]
    return {
        "article": newest.article,
        "skin": newest.skin,
        "seen": (told[0].fetched_at, newest.fetched_at),
        **_new_history([], _history([], told), newest.content_hash),
    }


def _history(revisions: list[RevisionText], told: list[Reread]) -> list[RevisionText]:
    """The revisions, each as its own capture is read now.

    For a revision without its own capture the first one from the time of its text is used; without
    any it stays unchanged. A text that was not distinguished before becomes a revision at its
    place.
    """
    rest = {each.id: each for each in told}
    history = []
    for number, text in enumerate(revisions, 1):
        until = revisions[number].fetched_at if number < len(revisions) else "9"
        own = rest.pop(text.capture_id or 0, None)
        if own is None and text.capture_id is None:
            while_it_stood = (
                each for each in rest.values() if text.fetched_at <= each.fetched_at < until
            )
            own = next(while_it_stood, None)
            rest.pop(own.id if own else 0, None)
        history.append(_text(own, text.fetched_at) if own else text)
    for each in rest.values():
        place = sum(text.fetched_at <= each.fetched_at for text in history)
        neighbours = {text.content_hash for text in history[max(0, place - 1) : place + 1]}
        if each.content_hash not in neighbours:
            history.insert(place, _text(each, each.fetched_at))
    return history


def _text(reread: Reread, fetched_at: str) -> RevisionText:
    article = reread.article
    assert article is not None
    assert reread.content_hash is not None
    return RevisionText(
        fetched_at,
        article.modified_at.isoformat() if article.modified_at else None,
        article.title,
        article.subtitle,
        article.body,
        reread.content_hash,
        reread.id,
    )


def _new_history(
    old: list[RevisionText], new: list[RevisionText], content_hash: str | None
) -> dict[str, Any]:
    """The fields of a finding for the revisions, if the article's row will have this hash."""
    if new[-1].content_hash == content_hash:
        new[-1] = replace(new[-1], title=None, subtitle=None, body=None)
    if new == old:
        return {}
    return {"revisions": tuple(new), "added": len(new) - len(old)}
