"""Reads the captures of a number again, with the parser of this version; writes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from newscrawler import pages
from newscrawler.archive.reparse.compare import GONE, Reread, RereadNumber, Stored, compare
from newscrawler.exceptions import DamagedArchiveError
from newscrawler.items import Capture, Reading, Verdict
from newscrawler.pages.validation import validated
from newscrawler.sites import Site
from newscrawler.store.articles import RevisionText
from newscrawler.store.compression import Unpacker
from newscrawler.store.connection import Connection
from newscrawler.store.ledger import Ledger
from newscrawler.store.records import ARTICLE, article_from_row
from newscrawler.store.states import ONE_TEXT, REASONS, Code
from newscrawler.store.times import time

_WANTED = "site = ? AND idx IN (SELECT value FROM json_each(?))"


class Rereader:
    """Reads the captures of numbers of one site, through the stages of the crawl."""

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
        """Yields the result for each of the numbers with captures, upwards."""
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
            reread, damaged = [], []
            for row in group:
                try:
                    reread.append(self._reread(row, believed))
                except DamagedArchiveError as error:
                    damaged.append(f"capture {row['id']}: {error}")
            if damaged:
                # It is not known which of the others is the newest: everything stays as it is.
                yield RereadNumber(idx, (), damaged=tuple(damaged))
            else:
                yield compare(idx, entry, stored.get(idx), reread, self._newest)

    def _stored(self, wanted: list[str]) -> dict[int, Stored]:
        found = {
            row["id"]: Stored(article_from_row(row), row["layout"], row["last_fetched_at"], [])
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
        reading = validated(pages.read(capture, self._paper, self._gap_fingerprints))
        was = Verdict(row["verdict"])
        if was is Verdict.UNKNOWN and reading.verdict in GONE and not believed:
            reading = Reading(was, REASONS[Code.DISBELIEVED], reading.skin)
        elif was is Verdict.COPY:
            reading = Reading(was, ONE_TEXT, reading.skin)
        return Reread(
            row["id"],
            row["fetched_at"],
            row["http_status"],
            was,
            reading.verdict,
            reading.reason,
            reading.skin,
            reading.article,
            reading.article.content_hash if reading.article else None,
        )
