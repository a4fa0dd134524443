CREATE TABLE articles (
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
) STRICT;

CREATE INDEX articles_by_published ON articles (site, published_at);

CREATE INDEX articles_by_text ON articles (content_hash, site, idx);

CREATE INDEX articles_by_original ON articles (duplicate_of) WHERE duplicate_of IS NOT NULL;

CREATE TABLE article_reporters (
  article_id INTEGER NOT NULL REFERENCES articles (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX reporters_by_name ON article_reporters (name);

CREATE TABLE images (
  article_id INTEGER NOT NULL REFERENCES articles (id),
  position INTEGER NOT NULL,
  url TEXT NOT NULL,
  caption TEXT,
  PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE article_keywords (
  article_id INTEGER NOT NULL REFERENCES articles (id),
  position INTEGER NOT NULL,
  keyword TEXT NOT NULL,
  PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX keywords_by_word ON article_keywords (keyword);

-- The text of the last revision is the article's own and stands there alone.
CREATE TABLE revision_texts (
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
) STRICT, WITHOUT ROWID;

-- Few articles are ever edited: counting edits need not walk all of them.
CREATE INDEX revision_texts_of_edits ON revision_texts (article_id) WHERE number > 1;

CREATE VIEW revisions AS
  SELECT r.article_id, r.number, r.fetched_at, r.modified_at,
    CASE WHEN r.body IS NULL THEN a.title ELSE r.title END AS title,
    CASE WHEN r.body IS NULL THEN a.subtitle ELSE r.subtitle END AS subtitle,
    CASE WHEN r.body IS NULL THEN a.body ELSE r.body END AS body,
    r.content_hash, r.capture_id
  FROM revision_texts AS r LEFT JOIN articles AS a ON a.id = r.article_id;
