-- How a number was answered that said nothing, and since when in the same way: evidence of a hole,
-- once the number that cannot exist is answered so as well.
ALTER TABLE ledger ADD COLUMN silence TEXT;
ALTER TABLE ledger ADD COLUMN silent_since TEXT;
CREATE INDEX ledger_by_silence ON ledger (site, silence, idx) WHERE silence IS NOT NULL;
