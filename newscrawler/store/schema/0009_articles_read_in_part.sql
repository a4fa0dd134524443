-- How many articles of a run lack something: a date, or a field for words that the page shows.
ALTER TABLE runs ADD COLUMN undated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN left_over INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN head_words INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN from_the_future INTEGER NOT NULL DEFAULT 0;
