CREATE TABLE ledger (
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
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_by_state ON ledger (site, state, idx);

CREATE INDEX ledger_by_due ON ledger (site, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE dictionaries (
  id INTEGER PRIMARY KEY,
  site TEXT NOT NULL,
  layout TEXT NOT NULL,
  trained_at TEXT NOT NULL,
  samples INTEGER NOT NULL,
  share REAL NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE captures (
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
) STRICT;

CREATE INDEX captures_by_idx ON captures (site, idx, parser_version);

CREATE INDEX captures_by_digest ON captures (digest) WHERE verdict <> 'article';

CREATE INDEX captures_without_dictionary ON captures (site, layout) WHERE dictionary_id IS NULL AND body IS NOT NULL;

CREATE TABLE runs (
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
) STRICT;

CREATE TABLE gap_fingerprints (
  site TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  learned_at TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (site, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE TABLE sections (
  site TEXT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  PRIMARY KEY (site, code)
) STRICT, WITHOUT ROWID;
