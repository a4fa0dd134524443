"""The SQLite file: its schema, every write, the questions that a crawl asks of it."""
