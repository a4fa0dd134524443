"""What the crawl promises, measured: `make torture` writes docs/reliability.md."""
