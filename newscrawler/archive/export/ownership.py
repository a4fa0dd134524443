"""Whether a file was written by this program, and so may be replaced."""

from __future__ import annotations

import gzip
import zipfile
from contextlib import suppress
from pathlib import Path

_HEAD = 4096
"""Bytes at the beginning in which the mark is searched."""

_TAIL = 65_536
"""Bytes at the end of a Parquet file; its columns are named there."""

_MARKS = (
    b"\xef\xbb\xbfsite,idx,url,title,",  # csv
    b'{"site": "',  # jsonl
    b"software: newscrawler/",  # warc
    b"@article{",  # bibtex
    b"TY  - NEWS\r\nID  - ",  # ris
    b'[{"id": "',  # csl-json
    b'content="newscrawler ',  # the report
    b'"newscrawler": "',  # the data package
)


def may_be_replaced(path: Path) -> bool:
    """Whether a file may be replaced: no file, an empty one, a device, or one of this program."""
    try:
        if not path.is_file() or path.stat().st_size == 0:
            return True
        with path.open("rb") as file:
            head = file.read(_HEAD)
            file.seek(max(0, path.stat().st_size - _TAIL))
            tail = file.read()
    except OSError:
        return True  # whoever writes will say what is wrong with it
    if head.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError), gzip.open(path) as packed:
            head = packed.read(_HEAD)
    if head.startswith(b"PAR1"):
        return b"first_fetched_at" in tail and b"content_hash" in tail
    if head.startswith(b"PK"):
        return _is_our_workbook(path)
    # A set without articles is an empty array.
    return head.strip() == b"[]" or any(mark in head for mark in _MARKS)


def _is_our_workbook(path: Path) -> bool:
    with suppress(OSError, zipfile.BadZipFile, KeyError), zipfile.ZipFile(path) as parts:
        return b"Written by newscrawler" in parts.read("docProps/core.xml")
    return False
