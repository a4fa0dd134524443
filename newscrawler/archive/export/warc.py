"""WARC 1.1: the raw answers of the site in the format of web archives (ISO 28500:2017).

Each capture is a ``response`` record; a body that is in the file already is a ``revisit`` of the
record with it. Requests are not stored, so there are no ``request`` records. The captures have
decoded bodies: the headers about the encoding keep their values under the names
``X-Archive-Orig-…``, as other archives do, and Content-Length is the true one.
"""

from __future__ import annotations

import uuid
from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha1
from http import HTTPStatus
from io import BytesIO
from typing import Any, BinaryIO

from newscrawler import clock
from newscrawler.archive.export import Format, library
from newscrawler.archive.reader import CaptureKey, StoredCapture
from newscrawler.version import USER_AGENT

_OF_THE_WIRE = {"content-encoding", "transfer-encoding", "content-length"}
_CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


def write(captures: Iterable[StoredCapture], out: BinaryIO, *, gzip: bool = False) -> None:
    """Write the captures in their order; with ``gzip`` each record is its own gzip member.

    Raises:
        MissingLibraryError: warcio is not installed.
    """
    warcio = library("warcio", Format.WARC)
    writer = warcio.WARCWriter(out, gzip=gzip, warc_version="1.1")
    info = {
        "software": USER_AGENT,
        "format": "WARC File Format 1.1",
        "conformsTo": _CONFORMS_TO,
    }
    writer.write_record(writer.create_warcinfo_record(None, info))
    bodies = _Bodies()
    for capture in captures:
        headers = warcio.StatusAndHeaders(_status(capture), _headers(capture), "HTTP/1.1")
        earlier = bodies.written_with(capture)
        if earlier is None:
            record = _response(writer, capture, headers)
        else:
            record = _revisit(writer, capture, headers, earlier)
        writer.write_record(record)


class _Bodies:
    """Which bodies are in the file: a bit for each capture, because there may be millions."""

    def __init__(self) -> None:
        self._written = bytearray()
        self._instead: dict[int, CaptureKey] = {}
        """Id of a capture that was filtered out → the capture in the file with its body."""

    def written_with(self, capture: StoredCapture) -> CaptureKey | None:
        """The capture whose record has this one's body; ``None``: it must be written now."""
        original = capture.revisit_of
        if original is None:
            self._mark(capture.id)
            return None
        if self._marked(original.id):
            return original
        if original.id in self._instead:
            return self._instead[original.id]
        self._instead[original.id] = capture.key
        return None

    def _mark(self, number: int) -> None:
        byte, bit = divmod(number, 8)
        self._written.extend(bytes(max(0, byte + 1 - len(self._written))))
        self._written[byte] |= 1 << bit

    def _marked(self, number: int) -> bool:
        byte, bit = divmod(number, 8)
        return byte < len(self._written) and bool(self._written[byte] & 1 << bit)


def _response(writer: Any, capture: StoredCapture, headers: Any) -> Any:
    return writer.create_warc_record(
        capture.url,
        "response",
        payload=BytesIO(capture.body),
        length=len(capture.body),
        http_headers=headers,
        warc_headers_dict=_identity(capture.key, capture.digest),
    )


def _revisit(writer: Any, capture: StoredCapture, headers: Any, earlier: CaptureKey) -> Any:
    identity = _identity(capture.key, capture.digest)
    identity["WARC-Refers-To"] = _record_id(earlier, capture.digest)
    return writer.create_revisit_record(
        capture.url,
        # SHA-1 in base 32 is what the readers of web archives look for.
        f"sha1:{b32encode(sha1(capture.body, usedforsecurity=False).digest()).decode()}",
        earlier.url,
        clock.to_text(earlier.fetched_at),
        http_headers=headers,
        warc_headers_dict=identity,
    )


def _identity(key: CaptureKey, digest: str) -> dict[str, str]:
    return {
        "WARC-Record-ID": _record_id(key, digest),
        "WARC-Date": clock.to_text(key.fetched_at),
    }


def _record_id(key: CaptureKey, digest: str) -> str:
    """The same in every export, so that a revisit can name its original."""
    name = f"{key.url} {clock.to_text(key.fetched_at)} {key.id} {digest}"
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"


def _status(capture: StoredCapture) -> str:
    try:
        return f"{capture.http_status} {HTTPStatus(capture.http_status).phrase}"
    except ValueError:
        return f"{capture.http_status} "  # a number of the server's own making


def _headers(capture: StoredCapture) -> list[tuple[str, str]]:
    length = str(len(capture.body))
    wire = [(name, value) for name, value in capture.headers if name.lower() in _OF_THE_WIRE]
    if [(name.lower(), value) for name, value in wire] == [("content-length", length)]:
        return list(capture.headers)
    kept = [
        (f"X-Archive-Orig-{name}" if name.lower() in _OF_THE_WIRE else name, value)
        for name, value in capture.headers
    ]
    return [*kept, ("Content-Length", length)]
