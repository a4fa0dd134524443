-- A new name, since signs are indexed too, and a plain word after MATCH should look wrong:
-- it would find nothing in an index of pairs, without a word of complaint.
DROP TABLE article_search;

-- Contentless: the text is in articles already. The ascii tokenizer folds A-Z and takes every
-- other character as it is. The body comes first because FTS5 spends two bytes more on each entry
-- of the other columns, which would be a third of the whole.
CREATE VIRTUAL TABLE pairs_not_words USING fts5 (
  body, title, captions, content='', tokenize='ascii'
);

-- ORDER BY rank: a word in the title weighs as much as ten in the body.
INSERT INTO pairs_not_words (pairs_not_words, rank) VALUES ('rank', 'bm25(1, 10, 2)');

CREATE VIEW article_text AS
-- SELECT idx, day, title FROM article_text WHERE text LIKE '%수소경제%'
SELECT
  a.id AS article_id,
  a.site,
  a.idx,
  substr(a.published_at, 1, 10) AS day,
  a.title,
  a.title || char(10, 10) || ifnull(a.subtitle || char(10, 10), '') || a.body || ifnull(
    (SELECT char(10, 10) || group_concat(caption, char(10, 10)) FROM
      (SELECT caption FROM images WHERE article_id = a.id AND caption <> '' ORDER BY position)),
    '') AS text
FROM articles AS a;
