"""The pages of a file that changed since it was last uploaded, by their digests."""

from __future__ import annotations

import hashlib
import json
import os
from array import array
from dataclasses import dataclass
from pathlib import Path

from newscrawler.exceptions import DamagedError
from newscrawler.store.compression import zstd

PAGE = 8192
"""Bytes; the archive's own page size. Chunks of 1 MB would upload 78 MB for 15 articles."""
_READ = 128 * PAGE
DIGEST = 16
"""Bytes of a page's digest. It only finds unchanged pages: the whole file has a SHA-256."""
_LEVEL = 3
"""zstd: the archive's raw answers are compressed already, so a higher level gains little."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A file's size, its digest, and the digests of its pages, concatenated."""

    size: int
    sha256: str
    pages: bytes


def fingerprint(file: Path) -> Fingerprint:
    """Read a file once; only the digests of its pages are in memory."""
    whole = hashlib.sha256()
    pages = bytearray()
    size = 0
    with file.open("rb") as source:
        while block := source.read(_READ):
            whole.update(block)
            size += len(block)
            view = memoryview(block)
            for start in range(0, len(block), PAGE):
                page = view[start : start + PAGE]
                pages += hashlib.blake2b(page, digest_size=DIGEST).digest()
    return Fingerprint(size, whole.hexdigest(), bytes(pages))


def changed(before: bytes, after: bytes) -> list[int]:
    """Numbers of the pages of ``after`` that differ from those of ``before``."""
    return [
        start // DIGEST
        for start in range(0, len(after), DIGEST)
        if before[start : start + DIGEST] != after[start : start + DIGEST]
    ]


def pack(file: Path, packed: Path) -> None:
    """The whole file, compressed."""
    with file.open("rb") as source, zstd.open(packed, "wb", level=_LEVEL) as out:
        while block := source.read(_READ):
            out.write(block)


def unpack(packed: Path, file: Path) -> None:
    """Decompress a file of :func:`pack`.

    Raises:
        DamagedError: it is no such file.
    """
    try:
        with zstd.open(packed, "rb") as source, file.open("wb") as out:
            while block := source.read(_READ):
                out.write(block)
    except (zstd.ZstdError, EOFError) as error:
        raise DamagedError(f"an object of the depot cannot be unpacked: {error}") from error


def pack_pages(file: Path, numbers: list[int], packed: Path) -> None:
    """Some pages of a file, with their numbers and the file's size."""
    head = json.dumps({"size": file.stat().st_size, "pages": len(numbers), "page": PAGE})
    with file.open("rb") as source, zstd.open(packed, "wb", level=_LEVEL) as out:
        out.write(f"{head}\n".encode())
        out.write(array("Q", numbers).tobytes())
        for number in numbers:
            source.seek(number * PAGE)
            out.write(source.read(PAGE))


def apply_pages(packed: Path, file: Path) -> None:
    """Update a file with the pages of :func:`pack_pages`.

    Raises:
        DamagedError: it is no such file.
    """
    try:
        with zstd.open(packed, "rb") as source, file.open("r+b") as out:
            head = json.loads(source.readline(1000))
            if not 0 <= head["pages"] <= head["size"] // head["page"] + 1:
                raise ValueError(f"{head['pages']} pages are too many")
            numbers = array("Q")
            numbers.frombytes(source.read(numbers.itemsize * head["pages"]))
            for number in numbers:
                out.seek(number * head["page"])
                out.write(source.read(min(head["page"], head["size"] - number * head["page"])))
            out.truncate(head["size"])
            out.flush()
            os.fsync(out.fileno())
    except (zstd.ZstdError, EOFError, ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise DamagedError(f"an object of the depot cannot be unpacked: {error}") from error
