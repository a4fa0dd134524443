"""Near-duplicates: reprints with a different headline, press releases printed twice.

Exact reprints carry ``articles.duplicate_of``; here are the pairs whose bodies share most of their
text. MinHash sketches propose pairs, and the texts are compared: the stored similarity is exact,
not an estimate.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import chain
from typing import Any

from newscrawler import clock
from newscrawler.exceptions import MissingLibraryError
from newscrawler.humanize.language import tr
from newscrawler.store.connection import Connection
from newscrawler.store.search_index import fold, runs
from newscrawler.store.store import Store

SHINGLE = 10
"""Characters of a shingle, without spaces: three or four Korean words. With shorter ones articles
with the same standard phrases look like reprints; longer ones miss reprints with some changed
words."""
THRESHOLD = 0.5
"""The minimum similarity: with one of four paragraphs rewritten it is about 0.6."""
SHORTEST = 30
"""Bodies with fewer shingles are left out, such as a line under a picture."""
BANDS, ROWS = 64, 4
"""Bands of the sketch and numbers per band: proposes 98 % of the pairs at similarity 0.5,
99.99 % at 0.6, and 6 % at 0.2."""
MOST = 20
"""Maximum pairs of an article, the most similar first: a text used a thousand times is not a
reprint."""
_CHUNK = 4000
"""Articles compared in one transaction: some 100 MB of memory, some seconds."""
_SEED = 1


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a run."""

    compared: int
    """Articles that had not been compared before, or whose text has changed since."""
    pairs: int
    """New pairs."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of the view ``reprints``: an article and an earlier, similar one."""

    site: str
    idx: int
    earlier_site: str
    earlier_idx: int
    kind: str
    """``exact`` or ``near``."""
    similarity: float
    """Share of common text, 0 to 1; exact reprints have 1."""
    title: str
    earlier_title: str
    published_at: str | None
    earlier_published_at: str | None


def pairs(connection: Connection, at_least: float, limit: int | None) -> Iterator[Pair]:
    """The known reprints, the newest first."""
    names = ", ".join(field.name for field in fields(Pair))
    rows = connection.execute(
        f"SELECT {names} FROM reprints WHERE similarity >= ?"
        " ORDER BY published_at DESC, idx DESC, earlier_idx LIMIT ?",
        [at_least, -1 if limit is None else limit],
    )
    return (Pair(*row) for row in rows)


def find(
    store: Store, now: datetime, progress: Callable[[int, int], None] = lambda done, of: None
) -> Found:
    """Compare new articles with all articles, and store the pairs.

    An interruption loses at most one chunk's work. ``progress`` is called with how many articles
    are done, and of how many.

    Raises:
        MissingLibraryError: the extra ``research`` is not installed.
        StoreError: the database cannot be written.
    """
    method = _method()
    with store.transaction() as connection:
        _forget_outdated(connection, method)
    waiting = [key for (key,) in store.connection.execute(_WAITING)]
    found = 0
    for start in range(0, len(waiting), _CHUNK):
        chunk = waiting[start : start + _CHUNK]
        with store.transaction() as connection:
            found += _compare(connection, chunk, method, clock.to_text(now))
        progress(start + len(chunk), len(waiting))
    return Found(len(waiting), found)


# Exact reprints are not compared: their original stands for them.
_WAITING = """SELECT id FROM articles AS a WHERE duplicate_of IS NULL
  AND NOT EXISTS (SELECT 1 FROM sketches WHERE article_id = a.id) ORDER BY id"""

_OUTDATED = """SELECT article_id FROM sketches AS s JOIN articles AS a ON a.id = s.article_id
  WHERE s.content_hash <> a.content_hash OR s.method <> ? OR a.duplicate_of IS NOT NULL"""


def _forget_outdated(connection: Connection, method: str) -> None:
    outdated = [(key,) for (key,) in connection.execute(_OUTDATED, [method])]
    for statement in (
        "DELETE FROM near_duplicates WHERE article_id = ?",
        "DELETE FROM near_duplicates WHERE other_id = ?",
        "DELETE FROM sketches WHERE article_id = ?",
    ):
        connection.executemany(statement, outdated)


def _compare(connection: Connection, chunk: list[int], method: str, now: str) -> int:
    new = {key: _sketch(_pieces(connection, key)) for key in chunk}
    pairs = [
        (max(pair), min(pair), similarity, now)
        for pair in _proposed(_stored(connection), new)
        if (similarity := _similarity(connection, *pair)) >= THRESHOLD
    ]
    connection.executemany("INSERT INTO near_duplicates VALUES (?, ?, ?, ?)", pairs)
    connection.executemany(
        "INSERT INTO sketches (article_id, content_hash, method, bands)"
        " SELECT id, content_hash, ?, ? FROM articles WHERE id = ?",
        [(method, struct.pack(f"<{len(bands)}I", *bands), key) for key, bands in new.items()],
    )
    return len(pairs)


Sketch = tuple[int, ...]
"""A number for each band; similar articles have some in common."""


def _proposed(
    stored: Iterable[tuple[int, Sketch]], new: dict[int, Sketch]
) -> Iterator[tuple[int, int]]:
    """Pairs to compare: each new article with the earlier ones that share most bands."""
    holders: dict[int, list[int]] = defaultdict(list)
    shared: dict[int, Counter[int]] = defaultdict(Counter)
    for key, bands in new.items():
        for band in bands:
            holders[band].append(key)
    for other, bands in chain(stored, new.items()):
        for band in holders.keys() & bands:
            for key in holders[band]:
                if other not in new or other < key:
                    shared[key][other] += 1
    for key, others in shared.items():
        for other, _ in others.most_common(MOST):
            yield key, other


def _stored(connection: Connection) -> Iterator[tuple[int, Sketch]]:
    for key, bands in connection.execute("SELECT article_id, bands FROM sketches"):
        yield key, struct.unpack(f"<{len(bands) // 4}I", bands)


def _sketch(pieces: set[str]) -> Sketch:
    if len(pieces) < SHORTEST:
        return ()
    (digest,) = _library().RMinHash.digests_from_token_sets([pieces], BANDS * ROWS, _SEED)
    raw, width = struct.pack(f"<{len(digest)}I", *digest), 4 * ROWS
    return tuple({zlib.crc32(raw[at : at + width]) for at in range(0, len(raw), width)})


def _pieces(connection: Connection, article_id: int) -> set[str]:
    """The body's overlapping shingles, without spaces and punctuation, which reprints often
    change."""
    (body,) = connection.execute("SELECT body FROM articles WHERE id = ?", [article_id]).fetchone()
    text = "".join(runs(fold(body)))
    return {text[at : at + SHINGLE] for at in range(len(text) - SHINGLE + 1)}


def _similarity(connection: Connection, one: int, other: int) -> float:
    """Shingles in both bodies / shingles in either (Jaccard index)."""
    a, b = _pieces(connection, one), _pieces(connection, other)
    return round(len(a & b) / len(a | b), 4)


def _method() -> str:
    """The parameters that two sketches must share to be comparable."""
    version = _library().RMinHash.ALGORITHM_VERSION
    return f"RMinHash {version}, seed {_SEED}, {BANDS} x {ROWS}, {SHINGLE} characters"


def _library() -> Any:
    try:
        import rensa
    except ImportError:
        told = tr(
            "finding near-duplicates needs rensa: pip install '.[research]' in newscrawler's folder"
        )
        raise MissingLibraryError(told) from None
    return rensa
