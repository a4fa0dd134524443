"""Everything that uses an archive without the site: read, search, export, report, browse,
reparse."""
