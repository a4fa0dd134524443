-- Whole archives rest on a dictionary: a damaged one must not pass for sound.
ALTER TABLE dictionaries ADD COLUMN digest TEXT;

UPDATE dictionaries SET digest = sha256(data);
