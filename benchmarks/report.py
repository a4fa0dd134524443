"""Results → ``docs/benchmarks.md``: tables and what they mean, nothing measured by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.measure import Results

HEAD = """# Benchmarks

Written by `python -m benchmarks` from [benchmarks.json](benchmarks.json); do not edit. Figures of
one table come from one run, in which the rivals took turns; each is the median of its rounds. Only
what stands in one table may be compared.
"""

TARGETS = {
    "speed": "Target: as many pages a second as bare Scrapy.",
    "extraction": "Target: at least 60 times faster than the fastest peer, and exact; at least half"
    " as fast as the limit, lxml that makes a tree of the same bytes and nothing else.",
    "room": "Target: an article and its capture take at most a tenth of the page on pages of 40 to"
    " 100 KB; a capture unpacked well"
    " under a millisecond; 2,200 pages of 6 KB and 1,500 of 40 KB a second and core read again.",
    "growth": "Target: catching up starts in the same time at a thousand and at a million; a common"
    " word newest first under 20 ms, by relevance under 100 ms, `status` under 100 ms.",
    "start": "Target: at most twice the least; `status` at most 1.2 times as long with `research`"
    " as without it.",
    "requests": "Target: the least that could do, and a few to know what is new.",
}

TITLES = {
    "speed": "The whole crawl beside bare Scrapy",
    "extraction": "Extraction beside its peers",
    "room": "Room, and reading again",
    "growth": "Growth",
    "start": "Start",
    "requests": "Requests",
}

TEXTS = {
    "speed": "Bare Scrapy downloads the pages and drops them. The whole crawl reads, compares, "
    "compresses, indexes and commits them, every commit synced to disk. Both ask the same "
    "server, which runs in another process and has most of a core to spare. Processor time is "
    "that of the process that downloads, and beside it that of all processes of the crawl, their "
    "start included. The limit is an HTTP client (aiohttp) that does the same requests without "
    "Scrapy.\n\n"
    "A second process reads the pages, so the whole crawl needs two cores to itself: on one core, "
    "or on a machine that is busy with other things, the ratio falls.",
    "extraction": "Articles of the local newspaper in its three skins, in the middle of 40 KB of"
    " menus and banners. White space does not count. The peers are general: they know no skin, and"
    " are not made to. news-please needs data that NLTK downloads; where that is not allowed it"
    " fails, and its time is not counted. newspaper4k is called for English for the same reason.",
    "room": "Every byte of the file. An article and its parts are its row, pictures, reporters,"
    " keywords and revisions; a capture is the packed answer, its dictionary included. The smaller"
    " the page, the larger the share of the text itself.",
    "growth": "One archive that grows; articles are made in the database, each with another text"
    " and a page of its own. By relevance a common word grows with"
    " its hits, since every one is ranked, so that no old headline is hidden by a cut-off.",
    "start": "Processor time of whole commands, on an archive of 40 numbers. The least is Python"
    " with the two modules that every command needs. Without `research`: in the same Python, with"
    " the modules of that extra hidden.",
    "requests": "By the server's own log. Beside the numbers a crawl asks for robots.txt, the home"
    " page, the RSS feed if home shows nothing new, a number that cannot exist, and the lists of"
    " the sections in which new articles without one may stand. Some gaps are requested a second"
    " time, as proof.",
}


def render(results: Mapping[str, Results]) -> str:
    """The whole page."""
    parts = [HEAD]
    for name, title in TITLES.items():
        if name in results:
            found = results[name]
            parts += [f"## {title}", f"{TEXTS[name]} {TARGETS[name]}", _tables(name, found)]
            parts.append(_source(found))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _tables(name: str, found: Results) -> str:
    match name:
        case "speed":
            rows = {key: row for key, row in found.items() if isinstance(row, dict)}
            rows.pop("machine")
            alone = found.get("ratio on one core")
            on_one = f", **{alone:.2f}** with one core for each" if alone else ""
            return (
                f"{_table(rows)}\n\n**{found['ratio']:.2f}** of bare Scrapy's pages a second"
                f"{on_one} ({found['pages']:,} numbers, {found['concurrency']} at a time,"
                f" {found['rounds']} rounds)."
            )
        case "extraction":
            return (
                f"{_table(found['extractors'])}\n\n"
                f"**{found['times faster than the fastest peer']:.0f} times** faster than the"
                f" fastest peer; the limit is {found['times that the limit is faster']:.0f} times"
                f" faster ({found['pages']} pages of {found['KB a page']:.0f} KB,"
                f" {found['rounds']} rounds)."
            )
        case "room":
            return _table(found["pages"], across=False)
        case "growth":
            return _table(found["sizes"], across=False)
        case "start":
            ratio = found["status with research ÷ without"]
            return (
                f"{_table(found['commands'])}\n\n"
                f"`status` takes **{ratio:.2f} times** as long with the extra `research` as"
                f" without it ({found['rounds']} rounds)."
            )
    return _table(found["crawls"])


def _table(rows: Mapping[str, Mapping[str, Any]], *, across: bool = True) -> str:
    """A Markdown table: a row for each key, or a column for each if not ``across``."""
    fields = list(next(iter(rows.values())))
    if across:
        lines = [["", *fields], *([key, *map(_cell, row.values())] for key, row in rows.items())]
    else:
        head = ["", *rows]
        lines = [head, *([name, *(_cell(row[name]) for row in rows.values())] for name in fields)]
    return "\n".join(
        [_line(lines[0]), _line(["---"] + ["---:"] * (len(lines[0]) - 1))]
        + [_line(line) for line in lines[1:]]
    )


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}"


def _source(found: Results) -> str:
    machine = ", ".join(f"{key} {value}" for key, value in found["machine"].items())
    return f"<small>{found['at']}: {machine}</small>"
