"""An answer of a site as a page case (a test case): a folder with three files.

``page.html`` has the bytes as received, ``meta.json`` address, status and headers,
``expected.json`` the parser's present result, to be corrected by what a browser shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from newscrawler import clock, pages
from newscrawler.exceptions import InputError
from newscrawler.items import Article, Capture, Reading
from newscrawler.pages.validation import validated
from newscrawler.sites import Site

PAGE, META, EXPECTED = "page.html", "meta.json", "expected.json"

_TEXTS = (
    "title", "subtitle", "section", "section_code", "byline", "body", "recommend_count",
)  # fmt: skip


def save(folder: Path, capture: Capture, reading: Reading) -> None:
    """Write the case; the folder must not exist yet.

    Raises:
        InputError: it is there, or it cannot be written.
    """
    meta: dict[str, Any] = {
        "site": capture.site,
        "idx": capture.idx,
        "url": capture.url,
        "fetched_at": clock.to_text(capture.fetched_at),
        "status": capture.http_status,
        "content_type": capture.header("Content-Type") or "",
    }
    if location := capture.header("Location"):
        meta["location"] = location
    _make(folder)
    _write_bytes(folder / PAGE, capture.body)
    _write_bytes(folder / META, _json(meta))
    _write_bytes(folder / EXPECTED, _json(expected(reading)))


_PAGES = {"home page": "home.html", "RSS": "feed.xml", "list": "list.html"}
"""File names for answers that are not for an article, by step of the doctor."""


def save_all(
    folder: Path, site: Site, seen: Iterable[tuple[str, Capture]], robots_txt: bytes
) -> list[str]:
    """Save the answers of a doctor's check; returns the names in the folder, in order.

    Answers for numbers become cases.

    Args:
        folder: an empty one, by :func:`begun`.
        seen: answers, each with the step that requested it (``gap``, ``article``, …).

    Raises:
        InputError: it cannot be written.
    """
    kept: list[str] = []
    for step, capture in seen:
        if name := _PAGES.get(step):
            _write_bytes(folder / name, capture.body)
        else:
            name = f"{step}_{capture.idx}"
            reading = validated(pages.read(capture, site))
            save(folder / name, capture, reading)
        kept.append(name)
    _write_bytes(folder / "robots.txt", robots_txt)
    return [*kept, "robots.txt"]


@contextmanager
def begun(folder: Path) -> Iterator[None]:
    """A new folder, which is removed in the end if nothing was saved in it.

    Raises:
        InputError: it is there, or it cannot be created.
    """
    _make(folder)
    try:
        yield
    finally:
        with suppress(OSError):  # not empty
            folder.rmdir()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise InputError(f"{folder} exists already: name another folder") from None
    except OSError as error:
        raise _unwritable(folder, error) from error


def _write_bytes(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise _unwritable(file, error) from error


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path} cannot be written: {error.strerror or error}")


def _json(values: Mapping[str, Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()


def load(folder: Path) -> Capture:
    """Read the answer of a case.

    Raises:
        InputError: its files cannot be read, or are invalid.
    """
    try:
        meta = json.loads((folder / META).read_text(encoding="utf-8"))
        headers = [("Content-Type", meta["content_type"])] if meta["content_type"] else []
        if "location" in meta:
            headers.append(("Location", meta["location"]))
        return Capture(
            meta.get("site", "amenews"),
            meta["idx"],
            meta["url"],
            datetime.fromisoformat(meta["fetched_at"]),
            meta["status"],
            tuple(headers),
            (folder / PAGE).read_bytes(),
        )
    except OSError as error:
        raise InputError(f"{folder} is not a page case: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder / META} cannot be used: {error}") from error


def expected(reading: Reading) -> dict[str, Any]:
    """The values of a reading for ``expected.json``."""
    values: dict[str, Any] = {"verdict": str(reading.verdict)}
    if reading.article is not None:
        values |= {"layout": reading.skin, "article": _fields(reading.article)}
    return values


def _fields(article: Article) -> dict[str, Any]:
    return {
        **{name: getattr(article, name) for name in _TEXTS},
        "published_at": _text(article.published_at),
        "modified_at": _text(article.modified_at),
        "reporters": [[reporter.name, reporter.email] for reporter in article.reporters],
        "images": [[image.url, image.caption] for image in article.images],
        "keywords": list(article.keywords),
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
