"""The SQLite file: its schema, every write, and the queries of a crawl."""
