"""Captures in the archive: stored once, compressed, and read back.

The first captures of a skin are compressed without a dictionary. When there are enough, a
dictionary is trained and they are compressed again, a few at a time. A new one is trained when the
pages have changed too much. Each step is a transaction between two requests, so a kill loses
nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from newscrawler import clock
from newscrawler.exceptions import DamagedArchiveError
from newscrawler.items import Capture, Precomputed, Reading, Verdict
from newscrawler.store import compression
from newscrawler.store.compression import Headers, Unpacker
from newscrawler.store.connection import Connection

Transaction = Callable[[], AbstractContextManager[Connection]]
"""Opens a write transaction: ``Store.transaction``."""

TRAINING = 128
"""How many captures of a skin train a dictionary; eight times as many gain 3 %."""

_CHECK_EVERY = 256
"""Captures between two checks whether the dictionary is still good."""

_WORSE = 1.2
"""The pages have changed when they take this many times their compressed share at the training."""

_BATCH = 64
"""Captures compressed again in one transaction: some 20 ms."""

_BATCHES = 16
"""Transactions before the crawl goes on."""

_FAR_BACK = 64
"""How many captures are searched for each one of a rare skin."""

_WITHOUT_DICTIONARY = "site = ? AND layout IS ? AND dictionary_id IS NULL AND body IS NOT NULL"
"""SQL: the captures of a site and skin that a first dictionary would compress again."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A trained dictionary, as stored."""

    id: int
    share: float
    """Compressed bytes for each byte of a page, when it was trained."""
    data: bytes


@dataclass(slots=True)
class _Kept:
    """The captures of a skin that were inserted since the last maintenance."""

    first: int
    last: int
    site: str
    skin: str | None
    dictionary: Dictionary | None

    def passes(self, every: int) -> bool:
        """Whether a multiple of ``every`` is among their ids."""
        return self.last // every > (self.first - 1) // every


@dataclass(frozen=True, slots=True)
class _Training:
    kept: _Kept
    samples: int
    share: float
    """Compressed bytes for each byte of a page, when it began."""
    result: Future[tuple[bytes, float] | None]


class CaptureStore:
    """Writes captures through the store's one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._current: dict[tuple[str, str], Dictionary | None] = {}
        self._next_try: dict[tuple[str, str], int] = {}
        """How many captures must wait for a first dictionary before training is tried again."""
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._looked_at: set[tuple[str, str]] = set()
        """Skins with captures without a dictionary, perhaps left by a killed process."""
        self._unpacker = Unpacker(connection)
        self._trainer = ThreadPoolExecutor(1, "dictionary")
        self._trainings: dict[tuple[str, str], _Training] = {}

    def keep(
        self,
        capture: Capture,
        reading: Reading,
        parser_version: int,
        precomputed: Precomputed | None = None,
    ) -> int:
        """Insert a capture in the caller's transaction; returns its id.

        Equal bodies are stored once, as WARC does with revisits.
        """
        digest = precomputed.digest if precomputed else capture.digest
        held = self._equal(capture, reading, digest)
        dictionary = self.dictionary(capture.site, reading.skin)
        body = dictionary_id = None
        if held is None and precomputed:
            body, dictionary_id = precomputed.packed, precomputed.dictionary_id
        elif held is None:
            body = compression.pack(capture.headers, capture.body, _data(dictionary))
            dictionary_id = dictionary.id if dictionary else None
        cursor = self.connection.execute(
            "INSERT INTO captures (site, idx, fetched_at, url, http_status, headers, body,"
            " body_length, dictionary_id, revisit_of, digest, verdict, layout, parser_version)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                capture.site,
                capture.idx,
                clock.to_text(capture.fetched_at),
                capture.url,
                capture.http_status,
                compression.headers_to_text(capture.headers) if held else None,
                body,
                len(capture.body),
                dictionary_id,
                held,
                digest,
                reading.verdict,
                reading.skin,
                parser_version,
            ],
        )
        capture_id = int(cursor.lastrowid or 0)
        if held is None:
            key = (capture.site, reading.skin or "")
            kept = self._kept.setdefault(
                key, _Kept(capture_id, capture_id, capture.site, reading.skin, dictionary)
            )
            kept.last, kept.dictionary = capture_id, dictionary
        return capture_id

    def _equal(self, capture: Capture, reading: Reading, digest: str) -> int | None:
        """A stored capture with the same body. Two articles never have the same body."""
        if reading.verdict is Verdict.ARTICLE:
            where, values = "site = ? AND idx = ?", [capture.site, capture.idx]
        else:
            where, values = "verdict <> 'article'", []
        row = self.connection.execute(
            f"SELECT id, headers, body, body_length, dictionary_id, digest FROM captures"
            f" WHERE {where} AND digest = ? AND revisit_of IS NULL ORDER BY id DESC LIMIT 1",
            [*values, digest],
        ).fetchone()
        # A damaged capture cannot stand for this body: the body is stored again.
        return row["id"] if row and self._is_sound(row) else None

    def _is_sound(self, row: sqlite3.Row) -> bool:
        try:
            self._unpacker.answer(row)
        except DamagedArchiveError:
            return False
        return True

    # -- dictionaries ---------------------------------------------------------

    def tend(self, transaction: Transaction) -> None:
        """Do the maintenance that is due after the captures since the last call."""
        kept, self._kept = self._kept, {}
        for key, training in list(self._trainings.items()):
            if training.result.done():
                self._adopt(transaction, key)
        for group in kept.values():
            key = (group.site, group.skin or "")
            if group.dictionary is None:
                waiting = self._count_unpacked(group.site, group.skin)
                if waiting >= self._next_try.get(key, TRAINING) and self._train(group, 1.0):
                    self._next_try[key] = 2 * waiting
            elif group.passes(_CHECK_EVERY):
                share = self._share_of_newest(group)
                if share > _WORSE * group.dictionary.share:
                    self._train(group, share)
            if group.dictionary and (group.passes(_BATCH) or key not in self._looked_at):
                self._looked_at.add(key)
                self._pack_anew(transaction, group.site, group.skin)

    def finish(self, transaction: Transaction) -> None:
        """Finish the maintenance in progress."""
        for key in list(self._trainings):
            self._adopt(transaction, key)
        for (site, skin), dictionary in list(self._current.items()):
            if dictionary:
                self._pack_anew(transaction, site, skin or None)
        self._trainer.shutdown()

    def dictionary(self, site: str, skin: str | None) -> Dictionary | None:
        """The newest dictionary of the skin; without a skin, the newest of the site."""
        key = (site, skin or "")
        if key not in self._current:
            rows = self.connection.execute(
                "SELECT id, share, data, digest FROM dictionaries"
                " WHERE site = :site AND (layout = :layout OR :layout = '')"
                " ORDER BY layout = :layout DESC, id DESC",
                {"site": site, "layout": skin or ""},
            )
            sound = (row for row in rows if sha256(row["data"]).hexdigest() == row["digest"])
            row = next(sound, None)
            self._current[key] = row and Dictionary(row["id"], row["share"], row["data"])
        return self._current[key]

    def _count_unpacked(self, site: str, skin: str | None) -> int:
        row = self.connection.execute(
            f"SELECT count(*) FROM captures WHERE {_WITHOUT_DICTIONARY}", [site, skin]
        ).fetchone()
        return int(row[0])

    def _share_of_newest(self, last: _Kept) -> float:
        """Compressed bytes for each byte of recent pages; 0.0 if there are too few."""
        row = self.connection.execute(
            "SELECT count(*), sum(length(body)), sum(body_length) FROM captures"
            " WHERE id > ? AND site = ? AND layout IS ? AND body IS NOT NULL",
            [last.last - _CHECK_EVERY, last.site, last.skin],
        ).fetchone()
        count, packed, plain = row
        return packed / plain if count >= _CHECK_EVERY / 4 else 0.0

    def _train(self, kept: _Kept, share: float) -> bool:
        """Start training in a thread, unless one is running already."""
        key = (kept.site, kept.skin or "")
        if key in self._trainings:
            return False
        answers = self._newest_answers(kept)
        if len(answers) < TRAINING:
            return False
        current = _data(kept.dictionary)
        result = self._trainer.submit(compression.train, answers, current)
        self._trainings[key] = _Training(kept, len(answers), share, result)
        return True

    def _adopt(self, transaction: Transaction, key: tuple[str, str]) -> None:
        """Store a trained dictionary, if it is ready, and use it from now on."""
        training = self._trainings.pop(key)
        kept, trained = training.kept, training.result.result()
        if trained is None:
            if kept.dictionary:
                # The dictionary stays, and is compared again when the pages have changed more.
                self._current[key] = replace(kept.dictionary, share=training.share)
            return
        data, share = trained
        with transaction() as connection:
            connection.execute(
                "INSERT INTO dictionaries (site, layout, trained_at, samples, share, data, digest)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    *key,
                    clock.to_text(clock.now()),
                    training.samples,
                    share,
                    data,
                    sha256(data).hexdigest(),
                ],
            )
        self._current = {known: d for known, d in self._current.items() if known[0] != kept.site}
        self._pack_anew(transaction, kept.site, kept.skin)

    def _newest_answers(self, last: _Kept) -> list[tuple[Headers, bytes]]:
        """The newest captures of the skin that can be read, without damaged ones."""
        rows = self.connection.execute(
            "SELECT id, headers, body, body_length, dictionary_id, digest FROM captures"
            " WHERE id > ? AND site = ? AND layout IS ? AND body IS NOT NULL"
            " ORDER BY id DESC LIMIT ?",
            [last.last - _FAR_BACK * TRAINING, last.site, last.skin, TRAINING],
        )
        return [answer for _, answer in self._sound(rows)]

    def _sound(self, rows: Iterable[sqlite3.Row]) -> Iterator[tuple[int, tuple[Headers, bytes]]]:
        """Id and answer of the captures that can be read."""
        for row in rows:
            with suppress(DamagedArchiveError):
                yield row["id"], self._unpacker.answer(row)

    def _pack_anew(
        self,
        transaction: Transaction,
        site: str,
        skin: str | None,
    ) -> None:
        """Compress captures without a dictionary again, with one; damaged ones stay unchanged."""
        dictionary = self.dictionary(site, skin)
        if dictionary is None:
            return
        after = 0
        for _ in range(_BATCHES):
            with _unreferenced(self.connection), transaction() as connection:
                rows = connection.execute(
                    f"SELECT * FROM captures WHERE {_WITHOUT_DICTIONARY} AND id > ?"
                    " ORDER BY id LIMIT ?",
                    [site, skin, after, _BATCH],
                ).fetchall()
                packed = {
                    id: compression.pack(*answer, dictionary.data)
                    for id, answer in self._sound(rows)
                }
                _replace(
                    connection,
                    [
                        {**dict(row), "body": packed[row["id"]], "dictionary_id": dictionary.id}
                        for row in rows
                        if row["id"] in packed
                    ],
                )
            if len(rows) < _BATCH:
                return
            after = rows[-1]["id"]


@contextmanager
def _unreferenced(connection: Connection) -> Iterator[None]:
    """Around a transaction that deletes captures and writes them again under the same ids.

    For each of them SQLite would look through all others for one that refers to it.
    """
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _replace(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write captures again under their ids, one after the other.

    An UPDATE that makes a row smaller leaves its page of the file nearly empty for ever. To be
    called within :func:`_unreferenced`.
    """
    if not rows:
        return
    connection.executemany("DELETE FROM captures WHERE id = :id", rows)
    names = list(rows[0])
    connection.executemany(
        f"INSERT INTO captures ({', '.join(names)}) VALUES ({', '.join(f':{n}' for n in names)})",
        rows,
    )


def _data(dictionary: Dictionary | None) -> bytes | None:
    return dictionary.data if dictionary else None
