"""Which numbers a crawl requests, as the operator selects them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from newscrawler.exceptions import SelectionError
from newscrawler.sites import urls

SECTION_CODE = re.compile(r"m[0-9a-z]{4,16}")
"""A section code as in the papers' addresses."""


class Kind(StrEnum):
    CATCH_UP = "catch up"
    RANGE = "range"
    IDX = "idx"
    SECTION = "section"
    SECTIONS = "sections"
    GAPS = "gaps"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class Selection:
    kind: Kind = Kind.CATCH_UP
    first: int = 1
    last: int | None = None
    """``None``: up to the newest number."""
    idxs: tuple[int, ...] = ()
    section: str | None = None
    """A section's code or its name."""
    backfill: bool = True
    """Whether catching up continues with numbers that were never requested, newest first."""
    begins: bool = False
    """Whether a new archive may be created at any path (``--new``)."""

    def __str__(self) -> str:
        match self.kind:
            case Kind.RANGE:
                return f"range {self.first}-{self.last or ''}"
            case Kind.IDX:
                runs = _runs(self.idxs)
                return "idx " + ",".join(runs[:20]) + ",…" * (len(runs) > 20)
            case Kind.SECTION:
                return f"section {self.section}"
            case Kind.CATCH_UP if not self.backfill:
                return "new"
        return str(self.kind)


def parse(
    *,
    range: str | None = None,
    idx: Iterable[str] | str | None = None,
    section: str | None = None,
    sections: bool = False,
    gaps: bool = False,
    refresh: bool = False,
    new: bool = False,
    hosts: Iterable[str] = (),
) -> Selection:
    """The one given selection, or catching up.

    ``new`` with another selection only allows a new archive. Alone it is also a selection: catching
    up without older numbers that were never requested.

    ``hosts``, if given, are the paper's: an address with another host is refused.

    Raises:
        SelectionError: more than one was given, or an invalid one.
    """
    idxs = [idx] if isinstance(idx, str) else list(idx or ())
    given = [
        name
        for name, value in {
            "range": range,
            "idx": idxs,
            "section": section,
            "sections": sections,
            "unsettled": gaps,
            "refresh": refresh,
        }.items()
        # Empty text (a script's unset variable) is a mistake, not a wish for everything.
        if value or value == ""
    ]
    if len(given) > 1:
        raise SelectionError(f"only one selection is possible, not {' and '.join(given)}")
    chosen = _chosen(range, idxs, section, sections, gaps, refresh, tuple(hosts))
    return replace(chosen or Selection(backfill=not new), begins=new)


def _chosen(
    range: str | None,
    idxs: Sequence[str],
    section: str | None,
    sections: bool,
    gaps: bool,
    refresh: bool,
    hosts: tuple[str, ...],
) -> Selection | None:
    if range is not None:
        return _range(range)
    if idxs:
        numbers = dict.fromkeys(_idx(part, hosts) for part in _parts(idxs))
        return Selection(Kind.IDX, idxs=tuple(numbers))
    if section is not None:
        if not section.strip():
            raise SelectionError("--section needs a section's name or code")
        return Selection(Kind.SECTION, section=section.strip())
    if sections:
        return Selection(Kind.SECTIONS)
    if gaps:
        return Selection(Kind.GAPS)
    if refresh:
        return Selection(Kind.REFRESH)
    return None


def _runs(idxs: Iterable[int]) -> list[str]:
    """Numbers in their order; three or more consecutive ones as a range.

    >>> _runs((7, 281, 282, 283, 12, 13))
    ['7', '281-283', '12,13']
    """
    runs: list[list[int]] = []
    for idx in idxs:
        if runs and idx == runs[-1][-1] + 1:
            runs[-1].append(idx)
        else:
            runs.append([idx])
    return [f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(map(str, run)) for run in runs]


def _range(text: str) -> Selection:
    match = re.fullmatch(r"\s*(\d*)\s*-\s*(\d*)\s*", text, re.ASCII)
    if not match or not (match[1] or match[2]):
        raise SelectionError(f"a range must be like 1-500, 500- or -500, not {text!r}")
    first, last = urls.whole(match[1] or "1"), urls.whole(match[2]) if match[2] else None
    if first is None or (match[2] and last is None):
        raise SelectionError(f"the largest number is {urls.MAX_IDX}")
    if first < 1 or last == 0:
        raise SelectionError("the smallest number is 1")
    if last is not None and first > last:
        raise SelectionError(
            f"the range {text} is in the wrong order; did you mean {last}-{first}?"
        )
    return Selection(Kind.RANGE, first=first, last=last)


def _parts(values: Iterable[str]) -> Iterable[str]:
    for value in values:
        # An address may contain a comma: split only before a number or another address.
        yield from re.split(r",(?=\s*\d+\s*(?:,|$)|\s*https?://)", value)


def _idx(text: str, hosts: tuple[str, ...]) -> int:
    text = text.strip()
    if number := urls.whole(text):
        return number
    idx = urls.idx_of(text)
    if idx is None:
        raise SelectionError(
            f"{text!r} is neither an article number (1 or more) nor the address of an article"
        )
    host = urlsplit(text).hostname
    if host and hosts and not any(f".{host}".endswith(f".{own}") for own in hosts):
        raise SelectionError(f"{text!r} is the address of another paper; this paper has {hosts[0]}")
    return idx
