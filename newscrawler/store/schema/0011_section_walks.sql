-- How far `crawl --sections` has come in each section's list, so that it goes on after any kill.
CREATE TABLE section_walks (
  site TEXT NOT NULL,
  code TEXT NOT NULL,
  next_page INTEGER NOT NULL CHECK (next_page >= 1),
  finished_at TEXT,
  PRIMARY KEY (site, code)
) STRICT, WITHOUT ROWID;
