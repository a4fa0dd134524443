-- Views with plain names: the common questions, for people who know only SELECT.

CREATE VIEW article_list AS
SELECT
  a.site,
  a.idx,
  substr(a.published_at, 1, 10) AS day,
  coalesce(a.section, s.name, a.section_code) AS section,
  a.title,
  (SELECT group_concat(name, ', ') FROM
    (SELECT name FROM article_reporters WHERE article_id = a.id ORDER BY position)) AS reporters,
  (SELECT group_concat(keyword, ', ') FROM
    (SELECT keyword FROM article_keywords WHERE article_id = a.id ORDER BY position)) AS keywords,
  (SELECT count(*) FROM images WHERE article_id = a.id) AS pictures,
  length(a.body) AS characters,
  (SELECT count(*) FROM revisions WHERE article_id = a.id) AS revisions,
  a.duplicate_of IS NOT NULL AS is_reprint,
  a.removed_at IS NOT NULL AS is_removed,
  a.url,
  a.id AS article_id
FROM articles AS a LEFT JOIN sections AS s ON s.site = a.site AND s.code = a.section_code;

CREATE VIEW articles_per_month AS
SELECT
  site,
  substr(published_at, 1, 7) AS month,
  count(*) AS articles,
  sum(duplicate_of IS NOT NULL) AS reprints,
  sum(removed_at IS NOT NULL) AS removed,
  CAST(round(avg(length(body))) AS INTEGER) AS mean_characters
FROM articles GROUP BY site, month;

CREATE VIEW articles_per_section AS
SELECT site, section, count(*) AS articles, min(day) AS first_day, max(day) AS last_day
FROM article_list GROUP BY site, section;

CREATE VIEW articles_per_reporter AS
SELECT
  a.site,
  r.name AS reporter,
  count(*) AS articles,
  substr(min(a.published_at), 1, 10) AS first_day,
  substr(max(a.published_at), 1, 10) AS last_day
FROM article_reporters AS r JOIN articles AS a ON a.id = r.article_id
GROUP BY a.site, r.name;

CREATE VIEW keywords_per_year AS
SELECT a.site, k.keyword, substr(a.published_at, 1, 4) AS year, count(*) AS articles
FROM article_keywords AS k JOIN articles AS a ON a.id = k.article_id
GROUP BY a.site, k.keyword, year;

-- A gap has no date of its own: it belongs to the month of the nearest dated number below it.
CREATE VIEW coverage_by_month AS
WITH
  looks AS (
    SELECT l.site, l.idx, l.state, substr(a.published_at, 1, 7) AS month
    FROM ledger AS l LEFT JOIN articles AS a ON a.site = l.site AND a.idx = l.idx
  ),
  steps AS (
    SELECT *, count(month) OVER (PARTITION BY site ORDER BY idx) AS step FROM looks
  ),
  dated AS (
    SELECT site, idx, state, max(month) OVER (PARTITION BY site, step) AS month FROM steps
  )
SELECT
  site,
  month,
  count(*) AS numbers,
  sum(state = 'article') AS articles,
  sum(state = 'missing') AS missing,
  sum(state = 'removed') AS removed,
  sum(state = 'restricted') AS restricted,
  sum(state IN ('pending', 'failed', 'unknown')) AS unsettled,
  min(idx) AS first_idx,
  max(idx) AS last_idx
FROM dated GROUP BY site, month;

CREATE VIEW gaps AS
WITH
  islands AS (
    SELECT site, idx, state, reason,
      idx - row_number() OVER (PARTITION BY site, state, reason ORDER BY idx) AS island
    FROM ledger WHERE state <> 'article'
  ),
  neighbours AS (
    SELECT site, idx, lead(idx) OVER (PARTITION BY site ORDER BY idx) AS next FROM ledger
  ),
  heads AS (
    SELECT site, max(idx) AS newest FROM
      (SELECT site, newest AS idx FROM runs UNION ALL SELECT site, idx FROM articles)
    GROUP BY site
  )
SELECT site, min(idx) AS first_idx, max(idx) AS last_idx, count(*) AS numbers, state, reason
FROM islands GROUP BY site, state, reason, island
UNION ALL
SELECT site, idx + 1, min(next - 1, newest), min(next - 1, newest) - idx, 'never asked', NULL
FROM neighbours JOIN heads USING (site) WHERE next > idx + 1 AND idx < newest;

CREATE VIEW edits AS
SELECT
  a.site,
  a.idx,
  r.number AS revision,
  a.published_at,
  r.modified_at,
  r.fetched_at AS noticed_at,
  round(julianday(coalesce(r.modified_at, r.fetched_at)) - julianday(a.published_at), 2)
    AS days_after,
  before.title <> r.title AS title_changed,
  before.body <> r.body AS body_changed,
  before.title AS title_before,
  r.title AS title_after,
  length(before.body) AS characters_before,
  length(r.body) AS characters_after,
  a.id AS article_id
FROM revisions AS r
JOIN revisions AS before ON before.article_id = r.article_id AND before.number = r.number - 1
JOIN articles AS a ON a.id = r.article_id;

-- Of undated ones the lower number counts as the earlier.
CREATE VIEW reprints AS
WITH pairs AS (
  SELECT id AS article_id, duplicate_of AS other_id, 'exact' AS kind, 1.0 AS similarity
  FROM articles WHERE duplicate_of IS NOT NULL
  UNION ALL
  SELECT article_id, other_id, 'near', similarity FROM near_duplicates
)
SELECT
  later.site,
  later.idx,
  earlier.site AS earlier_site,
  earlier.idx AS earlier_idx,
  p.kind,
  p.similarity,
  later.title,
  earlier.title AS earlier_title,
  later.published_at,
  earlier.published_at AS earlier_published_at
FROM pairs AS p
JOIN articles AS one ON one.id = p.article_id
JOIN articles AS two ON two.id = p.other_id
JOIN articles AS later ON later.id = CASE
  WHEN ifnull((one.published_at, one.idx) > (two.published_at, two.idx), one.idx > two.idx)
  THEN one.id ELSE two.id END
JOIN articles AS earlier ON earlier.id = one.id + two.id - later.id;
