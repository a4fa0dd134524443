-- Contentless: the text is in articles already. The ascii tokenizer folds A-Z and takes every
-- other character as it is. The body comes first because FTS5 spends two bytes more on each entry
-- of the other columns, which would be a third of the whole.
CREATE VIRTUAL TABLE article_search USING fts5 (
  body, title, captions, content='', tokenize='ascii'
);

-- ORDER BY rank: a word in the title weighs as much as ten in the body.
INSERT INTO article_search (article_search, rank) VALUES ('rank', 'bm25(1, 10, 2)');
