"""Reads stored captures again with the current parser, without a request."""
