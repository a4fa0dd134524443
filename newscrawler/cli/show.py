"""``newscrawler show``: one article as it is stored, or why there is none."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from newscrawler import clock
from newscrawler.archive.citation import Style, cite
from newscrawler.archive.export.records import record, spelled
from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive, LedgerEntry, StoredArticle
from newscrawler.cli.common import IdxParameter, db_option, held_site_argument
from newscrawler.cli.errors import Refusal
from newscrawler.cli.reading import archive_path, open_for_reading
from newscrawler.extensions.console import SafeConsole
from newscrawler.outcomes import EXIT_USAGE
from newscrawler.sites import Site

_COLUMNS = 88
"""44 syllables: longer lines are hard to follow."""

_CONTROL = {code: "\ufffd" for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
"""A page must not be able to command the terminal it is shown on."""


@click.command("show")
@click.argument("idx", type=IdxParameter())
@held_site_argument
@db_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option("--raw", is_flag=True, help="The bytes of the newest answer that is kept.")
@click.option(
    "--cite",
    "style",
    type=click.Choice([style.value for style in Style]),
    is_flag=False,
    flag_value=Style.APA.value,
    metavar="[STYLE]",
    help=f"Only how to cite it: {', '.join(Style)} (the link that the paper asks for)."
    "  [default: apa]",
)
def command(
    idx: int, site: Site, db: Path | None, as_json: bool, raw: bool, style: str | None
) -> None:
    """Print article IDX; for a number without one, what the site said and when.

    \b
    newscrawler show 43773
    newscrawler show 43773 --cite
    newscrawler show 43773 --cite korean
    newscrawler show 43773 --json
    newscrawler show 43773 --raw > page.html
    """
    with open_for_reading(archive_path(db, site.name)) as archive:
        known = archive.ledger_entry(idx, site.name)
        if known is None:
            raise Refusal(f"number {idx} of {site.name} was never asked for", EXIT_USAGE)
        article = archive.article(idx, site.name)
        if raw:
            _write_raw(archive, idx, site)
        elif style:
            if article is None:
                raise Refusal(f"there is no article to cite: {_without(known)}", EXIT_USAGE)
            click.echo(cite(article, site.title, Style(style)).translate(_CONTROL))
        elif as_json:
            values = {**asdict(known), **(record(article) if article else {})}
            click.echo(json.dumps(values, ensure_ascii=False, default=spelled))
        elif article is None:
            click.echo(_without(known).translate(_CONTROL))
        else:
            _show(SafeConsole(highlight=False), archive, article)


def _write_raw(archive: Archive, idx: int, site: Site) -> None:
    """The bytes of the newest answer, as they came, to standard output."""
    body = None
    for capture in archive.captures(Filters(site=site.name), idx=idx):
        body = capture.body
    if body is None:
        raise Refusal(f"{archive.path} keeps no answer for number {idx}", EXIT_USAGE)
    sys.stdout.buffer.write(body)


def _without(known: LedgerEntry) -> str:
    """One sentence about a number that holds no article."""
    sentence = f"{known.idx} is {known.state}"
    if known.reason:
        sentence += f": {known.reason}"
    if known.last_attempt_at:
        sentence += f", looked at {clock.to_text(known.last_attempt_at)}"
    if known.next_attempt_at:
        sentence += f", again due {clock.to_text(known.next_attempt_at)}"
    return sentence


def _show(console: Console, archive: Archive, article: StoredArticle) -> None:
    width = min(_COLUMNS, console.width) if console.is_terminal else None

    def say(text: str, style: str = "", indent: int = 0) -> None:
        line = Text(text.translate(_CONTROL), style=style)
        if width is None:
            # For a pipe or a file: a paragraph stays one line, however long.
            console.print(line, soft_wrap=True)
        else:
            console.print(Padding(line, (0, 0, 0, indent)), width=width)

    say(article.title, "bold")
    if article.subtitle:
        say(article.subtitle, "italic")
    for name, value in _facts(archive, article):
        say(f"{name:<10}{value}", "dim" if name in ("link", "read") else "")
    for paragraph in article.body.split("\n\n"):
        say("")
        say(paragraph)
    if article.images:
        say("")
    for image in article.images:
        say(f"▲ {image.caption}" if image.caption else "▲")
        say(image.url, "dim", indent=2)


def _facts(archive: Archive, article: StoredArticle) -> list[tuple[str, str]]:
    revisions = len(archive.revisions(article.idx, article.site))
    read = clock.to_text(article.last_fetched_at)
    if revisions > 1:
        read += f", {revisions} revisions: newscrawler diff {article.idx} {article.site}"
    facts = [
        ("link", article.url),
        ("by", article.byline),
        ("section", article.section or article.section_code),
        ("published", article.published_at and article.published_at.isoformat(" ")),
        ("modified", article.modified_at and article.modified_at.isoformat(" ")),
        ("keywords", ", ".join(article.keywords)),
        ("reprint", article.duplicate_of and _original(archive, article.duplicate_of)),
        ("withdrawn", article.removed_at and clock.to_text(article.removed_at)),
        ("read", read),
    ]
    return [(name, value) for name, value in facts if value]


def _original(archive: Archive, key: int) -> str:
    original = archive.article_by_id(key)
    return f"of {original.idx}" if original else ""
