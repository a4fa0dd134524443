"""What can be computed from an answer without the archive, in a second process.

Reading a page takes as long as fetching it; its digest, its compressed form and the words for the
search index take half as long again. None of it needs the database, except the dictionaries, which
are sent to this process.
"""

from __future__ import annotations

import pickle
from functools import lru_cache

from newscrawler import pages
from newscrawler.items import Capture, Precomputed, Reading
from newscrawler.sites import Site
from newscrawler.store import compression, search_index

_dictionaries: dict[str, tuple[int, bytes]] = {}


def learn(skin: str, dictionary_id: int, data: bytes) -> None:
    """Compress captures of a skin (``""``: without a skin) with this dictionary from now on."""
    _dictionaries[skin] = (dictionary_id, data)


@lru_cache(maxsize=8)
def _site_of(pickled: bytes) -> Site:
    """The same object for each page: what is remembered of a paper's skins is found again."""
    site: Site = pickle.loads(pickled)
    return site


def lay(
    capture: Capture, pickled_site: bytes, gap_fingerprints: frozenset[str]
) -> tuple[Reading, Precomputed]:
    """Read an answer and compute what the store needs of it."""
    reading = pages.read(capture, _site_of(pickled_site), gap_fingerprints)
    dictionary_id, data = _dictionaries.get(reading.skin or "", (None, None))
    return reading, Precomputed(
        digest=capture.digest,
        packed=compression.pack(capture.headers, capture.body, data),
        dictionary_id=dictionary_id,
        words=search_index.columns(reading.article) if reading.article else None,
    )
