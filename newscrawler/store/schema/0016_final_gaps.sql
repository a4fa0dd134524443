-- Gaps that are not due again, by the time of their last request: a run asks again for the oldest.
CREATE INDEX ledger_final_gaps ON ledger (site, last_attempt_at, idx)
  WHERE state = 'missing' AND next_attempt_at IS NULL;
