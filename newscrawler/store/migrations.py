"""The schema of the archive, as small named steps.

Plain SQL on purpose: ``table.transform()`` drops triggers and generated columns.
A step that has been released is never edited; the next one mends it.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from newscrawler.store import search_index, views

APPLICATION_ID = 0x6E657773
"""``news``: SQLite's application_id of our files, so that a foreign file is refused."""

migrations = Migrations("newscrawler")


def schema_version() -> int:
    """The version this program writes: the number of its migrations."""
    return len(migrations._migrations)


def _run(db: Database, *statements: str) -> None:
    for statement in statements:
        db.conn.execute(statement)


@migrations()
def articles_and_their_parts(db: Database) -> None:
    _run(
        db,
        """CREATE TABLE articles (
          id INTEGER PRIMARY KEY,
          site TEXT NOT NULL,
          idx INTEGER NOT NULL CHECK (idx >= 1),
          url TEXT NOT NULL,
          title TEXT NOT NULL,
          subtitle TEXT,
          section TEXT,
          section_code TEXT,
          byline TEXT,
          published_at TEXT,
          modified_at TEXT,
          body TEXT NOT NULL,
          recommend_count INTEGER,
          layout TEXT,
          content_hash TEXT NOT NULL,
          duplicate_of INTEGER REFERENCES articles (id),
          removed_at TEXT,
          first_fetched_at TEXT NOT NULL,
          last_fetched_at TEXT NOT NULL,
          parser_version INTEGER NOT NULL,
          UNIQUE (site, idx)
        ) STRICT""",
        "CREATE INDEX articles_by_published ON articles (site, published_at)",
        "CREATE INDEX articles_by_text ON articles (content_hash, site, idx)",
        "CREATE INDEX articles_by_original ON articles (duplicate_of)"
        " WHERE duplicate_of IS NOT NULL",
        """CREATE TABLE article_reporters (
          article_id INTEGER NOT NULL REFERENCES articles (id),
          position INTEGER NOT NULL,
          name TEXT NOT NULL,
          email TEXT,
          PRIMARY KEY (article_id, position)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX reporters_by_name ON article_reporters (name)",
        """CREATE TABLE images (
          article_id INTEGER NOT NULL REFERENCES articles (id),
          position INTEGER NOT NULL,
          url TEXT NOT NULL,
          caption TEXT,
          PRIMARY KEY (article_id, position)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE article_keywords (
          article_id INTEGER NOT NULL REFERENCES articles (id),
          position INTEGER NOT NULL,
          keyword TEXT NOT NULL,
          PRIMARY KEY (article_id, position)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX keywords_by_word ON article_keywords (keyword)",
        # The text of the last revision is the article's own and stands there alone.
        """CREATE TABLE revision_texts (
          article_id INTEGER NOT NULL REFERENCES articles (id),
          number INTEGER NOT NULL CHECK (number >= 1),
          fetched_at TEXT NOT NULL,
          modified_at TEXT,
          title TEXT,
          subtitle TEXT,
          body TEXT CHECK ((body IS NULL) = (title IS NULL)),
          content_hash TEXT NOT NULL,
          capture_id INTEGER REFERENCES captures (id),
          PRIMARY KEY (article_id, number)
        ) STRICT, WITHOUT ROWID""",
        # Few articles are ever edited: counting edits need not walk all of them.
        "CREATE INDEX revision_texts_of_edits ON revision_texts (article_id) WHERE number > 1",
        """CREATE VIEW revisions AS
          SELECT r.article_id, r.number, r.fetched_at, r.modified_at,
            CASE WHEN r.body IS NULL THEN a.title ELSE r.title END AS title,
            CASE WHEN r.body IS NULL THEN a.subtitle ELSE r.subtitle END AS subtitle,
            CASE WHEN r.body IS NULL THEN a.body ELSE r.body END AS body,
            r.content_hash, r.capture_id
          FROM revision_texts AS r LEFT JOIN articles AS a ON a.id = r.article_id""",
    )


@migrations()
def ledger_captures_and_runs(db: Database) -> None:
    _run(
        db,
        """CREATE TABLE ledger (
          site TEXT NOT NULL,
          idx INTEGER NOT NULL CHECK (idx >= 1),
          state TEXT NOT NULL CHECK (state IN
            ('article', 'missing', 'removed', 'restricted', 'pending', 'failed', 'unknown')),
          reason TEXT,
          http_status INTEGER,
          attempts INTEGER NOT NULL DEFAULT 0,
          failures INTEGER NOT NULL DEFAULT 0,
          last_attempt_at TEXT,
          next_attempt_at TEXT,
          etag TEXT,
          last_modified TEXT,
          PRIMARY KEY (site, idx)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX ledger_by_state ON ledger (site, state, idx)",
        "CREATE INDEX ledger_by_due ON ledger (site, next_attempt_at)"
        " WHERE next_attempt_at IS NOT NULL",
        """CREATE TABLE dictionaries (
          id INTEGER PRIMARY KEY,
          site TEXT NOT NULL,
          layout TEXT NOT NULL,
          trained_at TEXT NOT NULL,
          samples INTEGER NOT NULL,
          share REAL NOT NULL,
          data BLOB NOT NULL
        ) STRICT""",
        """CREATE TABLE captures (
          id INTEGER PRIMARY KEY,
          site TEXT NOT NULL,
          idx INTEGER NOT NULL,
          fetched_at TEXT NOT NULL,
          url TEXT NOT NULL,
          http_status INTEGER NOT NULL,
          headers TEXT,
          body BLOB,
          body_length INTEGER NOT NULL,
          dictionary_id INTEGER REFERENCES dictionaries (id),
          revisit_of INTEGER REFERENCES captures (id),
          digest TEXT NOT NULL,
          verdict TEXT NOT NULL,
          layout TEXT,
          parser_version INTEGER NOT NULL,
          CHECK ((body IS NULL) <> (revisit_of IS NULL)),
          CHECK ((headers IS NULL) = (revisit_of IS NULL))
        ) STRICT""",
        "CREATE INDEX captures_by_idx ON captures (site, idx, parser_version)",
        "CREATE INDEX captures_by_digest ON captures (digest) WHERE verdict <> 'article'",
        "CREATE INDEX captures_without_dictionary ON captures (site, layout)"
        " WHERE dictionary_id IS NULL AND body IS NOT NULL",
        """CREATE TABLE runs (
          id INTEGER PRIMARY KEY,
          site TEXT NOT NULL,
          selection TEXT NOT NULL,
          started_at TEXT NOT NULL,
          finished_at TEXT,
          outcome TEXT NOT NULL,
          exit_code INTEGER,
          diagnosis TEXT,
          newest INTEGER,
          requests INTEGER NOT NULL DEFAULT 0,
          bytes INTEGER NOT NULL DEFAULT 0,
          asked INTEGER NOT NULL DEFAULT 0,
          articles_new INTEGER NOT NULL DEFAULT 0,
          articles_changed INTEGER NOT NULL DEFAULT 0,
          articles_unchanged INTEGER NOT NULL DEFAULT 0,
          missing INTEGER NOT NULL DEFAULT 0,
          removed INTEGER NOT NULL DEFAULT 0,
          restricted INTEGER NOT NULL DEFAULT 0,
          pending INTEGER NOT NULL DEFAULT 0,
          failed INTEGER NOT NULL DEFAULT 0,
          unknown INTEGER NOT NULL DEFAULT 0,
          retries INTEGER NOT NULL DEFAULT 0,
          program TEXT NOT NULL,
          settings TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE gap_fingerprints (
          site TEXT NOT NULL,
          fingerprint TEXT NOT NULL,
          learned_at TEXT NOT NULL,
          reason TEXT NOT NULL,
          PRIMARY KEY (site, fingerprint)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE sections (
          site TEXT NOT NULL,
          code TEXT NOT NULL,
          name TEXT NOT NULL,
          seen_at TEXT NOT NULL,
          PRIMARY KEY (site, code)
        ) STRICT, WITHOUT ROWID""",
    )


@migrations()
def article_search(db: Database) -> None:
    search_index.rebuild(db.conn)


@migrations()
def near_duplicates(db: Database) -> None:
    _run(
        db,
        """CREATE TABLE near_duplicates (
          article_id INTEGER NOT NULL REFERENCES articles (id),
          other_id INTEGER NOT NULL REFERENCES articles (id) CHECK (other_id < article_id),
          similarity REAL NOT NULL CHECK (similarity BETWEEN 0 AND 1),
          found_at TEXT NOT NULL,
          PRIMARY KEY (article_id, other_id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX near_duplicates_by_other ON near_duplicates (other_id)",
        """CREATE TABLE sketches (
          article_id INTEGER PRIMARY KEY REFERENCES articles (id),
          content_hash TEXT NOT NULL,
          method TEXT NOT NULL,
          bands BLOB NOT NULL
        ) STRICT""",
    )


@migrations()
def views_for_readers(db: Database) -> None:
    _run(db, *views.ALL)
