-- What code compares stands in columns, not in sentences for people.
ALTER TABLE runs ADD COLUMN caught_up_to INTEGER;
ALTER TABLE runs ADD COLUMN reading INTEGER;
ALTER TABLE ledger ADD COLUMN code TEXT CHECK (code IN ('future', 'disbelieved', 'crashed'));

UPDATE ledger SET code = 'future' WHERE state = 'pending' AND reason = 'not published yet';
UPDATE ledger SET code = 'disbelieved'
  WHERE reason = 'the site called everything missing, known articles too';

-- A number that a site once listed, far beyond every article, is no mark to go by, and what
-- stands above the highest article may still be published.
UPDATE runs SET newest = NULL WHERE newest >
  (SELECT max(idx) + 100000 FROM articles WHERE articles.site = runs.site);
UPDATE ledger SET state = 'pending', code = 'future', reason = 'not published yet',
    next_attempt_at = ifnull(last_attempt_at, '1970-01-01T00:00:00Z')
  WHERE state = 'missing' AND idx >
    (SELECT max(idx) FROM articles WHERE articles.site = ledger.site);
UPDATE runs SET caught_up_to =
    min(newest, (SELECT max(idx) FROM articles WHERE articles.site = runs.site))
  WHERE selection IN ('catch up', 'new') AND outcome IN ('complete', 'unsettled');
