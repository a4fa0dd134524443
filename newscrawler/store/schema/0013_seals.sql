-- What the rows of each table add up to: a byte that changes by itself is found in any column.
CREATE TABLE seals (
  table_name TEXT PRIMARY KEY,
  rows INTEGER NOT NULL,
  sum TEXT NOT NULL
) STRICT, WITHOUT ROWID;
