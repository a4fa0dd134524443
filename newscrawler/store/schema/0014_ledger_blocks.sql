-- How many numbers of each block are in which state, so that nobody counts a million rows.
CREATE TABLE ledger_blocks (
  site TEXT NOT NULL,
  block INTEGER NOT NULL,
  state TEXT NOT NULL,
  future INTEGER NOT NULL,
  numbers INTEGER NOT NULL,
  PRIMARY KEY (site, block, state, future)
) STRICT, WITHOUT ROWID;

INSERT INTO ledger_blocks
  SELECT site, idx / 1000, state, code IS 'future', count(*) FROM ledger GROUP BY 1, 2, 3, 4;

CREATE TRIGGER ledger_blocks_insert AFTER INSERT ON ledger BEGIN
  INSERT INTO ledger_blocks VALUES (NEW.site, NEW.idx / 1000, NEW.state, NEW.code IS 'future', 1)
    ON CONFLICT DO UPDATE SET numbers = numbers + 1;
END;

CREATE TRIGGER ledger_blocks_delete AFTER DELETE ON ledger BEGIN
  UPDATE ledger_blocks SET numbers = numbers - 1 WHERE site = OLD.site
    AND block = OLD.idx / 1000 AND state = OLD.state AND future = (OLD.code IS 'future');
END;

CREATE TRIGGER ledger_blocks_update AFTER UPDATE OF state, code ON ledger
  WHEN OLD.state <> NEW.state OR (OLD.code IS 'future') <> (NEW.code IS 'future') BEGIN
  UPDATE ledger_blocks SET numbers = numbers - 1 WHERE site = OLD.site
    AND block = OLD.idx / 1000 AND state = OLD.state AND future = (OLD.code IS 'future');
  INSERT INTO ledger_blocks VALUES (NEW.site, NEW.idx / 1000, NEW.state, NEW.code IS 'future', 1)
    ON CONFLICT DO UPDATE SET numbers = numbers + 1;
END;

-- What a run settles at its end, and what status counts of articles.
CREATE INDEX ledger_by_code ON ledger (site, code, idx) WHERE code IS NOT NULL;
CREATE INDEX articles_without_section ON articles (site)
  WHERE section IS NULL AND section_code IS NULL;
