CREATE TABLE near_duplicates (
  article_id INTEGER NOT NULL REFERENCES articles (id),
  other_id INTEGER NOT NULL REFERENCES articles (id) CHECK (other_id < article_id),
  similarity REAL NOT NULL CHECK (similarity BETWEEN 0 AND 1),
  found_at TEXT NOT NULL,
  PRIMARY KEY (article_id, other_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX near_duplicates_by_other ON near_duplicates (other_id);

CREATE TABLE sketches (
  article_id INTEGER PRIMARY KEY REFERENCES articles (id),
  content_hash TEXT NOT NULL,
  method TEXT NOT NULL,
  bands BLOB NOT NULL
) STRICT;
