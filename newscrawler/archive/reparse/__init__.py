"""Kept answers, read again by the parser of today, without one request."""
