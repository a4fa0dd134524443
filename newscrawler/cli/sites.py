"""``newscrawler sites``: the newspapers that can be crawled."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from newscrawler import sites
from newscrawler.cli.common import (
    SiteParameter,
    db_option,
    results_console,
)
from newscrawler.cli.reader_options import open_for_reading
from newscrawler.config import archives
from newscrawler.exceptions import NoArchiveError
from newscrawler.sites import Site
from newscrawler.store.ledger import Ledger


@click.command("sites")
@click.argument("site", type=SiteParameter(), required=False)
@db_option
@click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")
def command(site: Site | None, db: Path | None, as_json: bool) -> None:
    """List the newspapers that can be crawled; with SITE, also its sections.

    `first` is the lowest number that a paper has used.

    `crawl --section` takes the name or code of a section. They are known after a
    first crawl, which reads them from the menu of the paper. Where a site file has
    skins, SITE also lists their selectors that match nothing on the newest stored
    pages.

    Put your own site files into the folder NEWSCRAWLER_SITES, or give a file to
    any command in place of a name: docs/adding-a-paper.md.

    \b
    newscrawler sites
    newscrawler sites amenews
    newscrawler sites --json
    """
    papers = [site] if site else list(sites.load_all().values())
    for error in () if site else sites.broken().values():
        click.echo(f"newscrawler: {error}", err=True)
    path = _archive_with(site, db) if site else None
    sections = _sections(path, site) if site and path else None
    if as_json:
        rows = [{**asdict(paper), "db": str(archives.of_site(paper, db))} for paper in papers]
        if sections is not None:
            rows[0]["sections"] = sections
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    _show(papers, db)
    if site and path and sections is not None:
        _show_sections(sections)
        _show_unmatched(path, site)


def _archive_with(site: Site, db: Path | None) -> Path:
    """The archive of a paper; else the only one in the default folder, if it holds the paper."""
    path = archives.of_site(site, db)
    if db or _exists(path):
        return path
    with suppress(NoArchiveError):
        found = archives.to_read(site.name)
        if found.instead_of:
            with open_for_reading(found.path) as archive:
                return found.path if site.name in archive.sites() else path
    return path


def _show_unmatched(path: Path, site: Site) -> None:
    """Name the selectors of the site file that find nothing on the newest kept pages."""
    if not _exists(path):
        return
    from newscrawler.archive import skin_check

    with open_for_reading(path) as archive:
        pages, left = skin_check.unmatched(archive, site)
    console = results_console()
    for one in left if pages else ():
        console.print(Text(f"{one} on the {pages} newest pages in {path}", "yellow"))


def _sections(path: Path, site: Site) -> dict[str, str]:
    """Codes and names, as the menu gave them; none before the first crawl."""
    if not _exists(path):
        return {}
    with open_for_reading(path) as archive:
        return Ledger(archive.connection, site.name).section_names()


def _exists(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 - Path.exists() raises where one may not look


def _show_sections(sections: dict[str, str]) -> None:
    console = results_console()
    if not sections:
        console.print(
            "The sections are not known yet; a crawl reads them from the menu of the paper."
        )
        return
    table = Table("section", "name", box=None, pad_edge=False)
    for code, name in sections.items():
        table.add_row(code, Text(name))
    console.print()
    console.print(table)


def _show(papers: list[Site], db: Path | None) -> None:
    console = results_console()
    wide = console.width >= _WIDE
    table = Table("site", "paper", "host", "first", "verified", box=None, pad_edge=False)
    for column in table.columns:
        # Names and figures are never wrapped; the other columns wrap.
        column.no_wrap = column.header not in ("paper", "host")
        column.overflow = "fold"
    if wide:
        table.add_column("archive", overflow="fold")
    for paper in papers:
        path = archives.of_site(paper, db)
        table.add_row(
            paper.name,
            paper.title,
            paper.hosts[0],
            str(paper.first_idx),
            "yes" if paper.verified else "no",
            *([str(path) if _exists(path) else ""] if wide else []),
        )
    console.print(table)


_WIDE = 100
"""Terminals of fewer columns have no room for the archives' paths."""
