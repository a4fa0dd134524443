"""``datapackage.json``: what the columns of an export mean, for programs and people.

The format is Frictionless Data's (https://datapackage.org, version 2.0): one
descriptor for each folder, with a resource for each file in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from newscrawler import __version__, clock
from newscrawler.archive.export import Format
from newscrawler.archive.export.csv import columns
from newscrawler.archive.export.records import NAMES
from newscrawler.store.atomic_file import whole_file
from newscrawler.store.descriptions import TABLES

NAME = "datapackage.json"

_MEDIA_TYPES = {
    Format.CSV: "text/csv",
    Format.JSONL: "application/jsonl",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.WARC: "application/warc",
    Format.BIBTEX: "application/x-bibtex",
    Format.RIS: "application/x-research-info-systems",
    Format.CSL_JSON: "application/vnd.citationstyles.csl+json",
}

_FLAT = {Format.CSV, Format.XLSX}
_TABLES = {*_FLAT, Format.JSONL, Format.PARQUET}

_INTEGERS = {"idx", "recommend_count", "id", "duplicate_of", "parser_version"}
_TIMES = {"published_at", "modified_at", "removed_at", "first_fetched_at", "last_fetched_at"}

_ABOUT = {
    "published_on": "The day of publication, by the paper's calendar.",
    "reporters": "The reporters named in the byline.",
    "images": "Addresses of the pictures.",
    "captions": "Captions of the pictures, those that have one.",
    "keywords": "Keywords printed under the article.",
}


def describe(path: Path, form: Format, rows: int, written: datetime, paper: str) -> Path:
    """Write or update the descriptor in the folder of the export at ``path``; returns its path.

    Raises:
        OSError: it cannot be written.
    """
    target = path.with_name(NAME)
    resources = [each for each in _resources(target) if each.get("path") != path.name]
    resources.append(_resource(path, form, rows))
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "newspaper-articles",
        "title": paper,
        "created": clock.to_text(written),
        "newscrawler": __version__,
        "resources": sorted(resources, key=lambda each: str(each["path"])),
    }
    with whole_file(target) as out:
        out.write(json.dumps(descriptor, ensure_ascii=False, indent=2).encode() + b"\n")
    return target


def _resources(target: Path) -> list[dict[str, Any]]:
    """The resources of the other files that still exist."""
    try:
        held = json.loads(target.read_bytes())["resources"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [each for each in held if target.with_name(str(each.get("path"))).is_file()]


def _resource(path: Path, form: Format, rows: int) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = sha256()
        while piece := file.read(1 << 20):
            digest.update(piece)
    resource: dict[str, Any] = {
        "name": "".join(c if c.isalnum() else "-" for c in path.name.lower()),
        "path": path.name,
        "format": form.value,
        "mediatype": _MEDIA_TYPES[form],
        "hash": f"sha256:{digest.hexdigest()}",
    }
    if form is not Format.PARQUET:
        # Frictionless reads Parquet through pandas, and finds none.
        resource["bytes"] = path.stat().st_size
    if form not in _TABLES:
        # Frictionless counts the rows of tables only.
        resource["description"] = f"{rows:,} records"
    else:
        resource |= {
            "type": "table",
            "rows": rows,
            "encoding": "utf-8",
            "schema": {"fields": list(_fields(form)), "primaryKey": ["site", "idx"]},
        }
    if form is Format.CSV:
        resource["dialect"] = {"delimiter": ",", "lineTerminator": "\r\n"}
    return resource


def _fields(form: Format) -> Iterator[dict[str, str]]:
    described = TABLES["articles"].columns
    names = columns(dict.fromkeys(NAMES, ())) if form in _FLAT else NAMES
    for name in names:
        about = _ABOUT.get(name) or described[name]
        kind = {"published_on": "date", "id": "integer"}.get(name, "string")
        if form is Format.PARQUET:
            # The file itself has the types, and Frictionless does not know its lists.
            kind = "any"
        elif name in _INTEGERS:
            kind = "integer"
        elif name in _TIMES:
            kind = "datetime"
        elif name in ("reporters", "images", "keywords"):
            kind = "string" if form in _FLAT else "array"
            about += " Joined by semicolons." if form in _FLAT else ""
        yield {"name": name, "type": kind, "description": about}
