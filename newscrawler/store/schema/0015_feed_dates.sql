-- How many articles have another date in the feed than on their page, where a run reads the feed.
ALTER TABLE runs ADD COLUMN feed_dates_apart INTEGER NOT NULL DEFAULT 0;
