"""``newscrawler show``: one stored article, or why there is none."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.cells import set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from newscrawler import clock
from newscrawler.archive import wording
from newscrawler.archive.citation import Style, cite
from newscrawler.archive.export.records import record, spelled
from newscrawler.archive.filters import Filters
from newscrawler.archive.reader import Archive, LedgerEntry, StoredArticle
from newscrawler.cli.common import (
    IdxParameter,
    db_option,
    held_site_argument,
    lang_option,
    program,
)
from newscrawler.cli.errors import Refusal
from newscrawler.cli.reader_options import archive_path, open_for_reading
from newscrawler.cli.translated import TranslatedCommand
from newscrawler.extensions.console import SafeConsole
from newscrawler.humanize.language import mark, tr, trn
from newscrawler.outcomes import EXIT_USAGE
from newscrawler.sites import Site

_COLUMNS = 88
"""44 syllables: longer lines are hard to read."""

_NAMES = 10
"""Width of the column with the names of the facts."""

_CONTROL = {code: "\ufffd" for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
"""Control characters, which a page must not send to the terminal."""


@click.command("show", cls=TranslatedCommand)
@click.argument("idx", type=IdxParameter())
@held_site_argument
@db_option
@lang_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option(
    "--raw", is_flag=True, help="Print the newest stored answer of the site, byte by byte."
)
@click.option(
    "--cite",
    "style",
    type=click.Choice([style.value for style in Style]),
    is_flag=False,
    flag_value=Style.APA.value,
    metavar="[STYLE]",
    help=f"Print only a citation: {', '.join(Style)}.  [default: apa]",
)
def command(
    idx: int, site: Site, db: Path | None, as_json: bool, raw: bool, style: str | None
) -> None:
    """Print article IDX, or what the site said about a number without an article.

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
            told = tr("number {idx} of {site} was never asked for", idx=idx, site=site.name)
            raise Refusal(told, EXIT_USAGE)
        article = archive.article(idx, site.name)
        if raw:
            _write_raw(archive, idx, site)
        elif style:
            if article is None:
                told = tr("there is no article to cite: {why}", why=_without(known))
                raise Refusal(told, EXIT_USAGE)
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
        told = tr("{path} holds no answer for number {idx}", path=archive.path, idx=idx)
        raise Refusal(told, EXIT_USAGE)
    sys.stdout.buffer.write(body)


def _without(known: LedgerEntry) -> str:
    """One sentence about a number that holds no article."""
    sentence = tr("{idx} is {state}", idx=known.idx, state=wording.state(known.state))
    if known.reason:
        sentence += f": {wording.reason(known.reason)}"
    if known.last_attempt_at:
        sentence += ", " + tr("last try {time}", time=clock.to_text(known.last_attempt_at))
    if known.next_attempt_at:
        sentence += ", " + tr("next try {time}", time=clock.to_text(known.next_attempt_at))
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
        say(set_cell_size(tr(name), _NAMES) + value, "dim" if name in ("link", "fetched") else "")
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
        told = trn("{count} revision", "{count} revisions", revisions)
        read += f", {told}: {program()} diff {article.idx} {article.site}"
    facts = [
        (mark("link"), article.url),
        (mark("by"), article.byline),
        (mark("section"), article.section or article.section_code),
        (mark("published"), article.published_at and article.published_at.isoformat(" ")),
        (mark("modified"), article.modified_at and article.modified_at.isoformat(" ")),
        (mark("keywords"), ", ".join(article.keywords)),
        (mark("reprint"), article.duplicate_of and _original(archive, article.duplicate_of)),
        (mark("withdrawn"), article.removed_at and clock.to_text(article.removed_at)),
        (mark("fetched"), read),
    ]
    return [(name, value) for name, value in facts if value]


def _original(archive: Archive, key: int) -> str:
    original = archive.article_by_id(key)
    return tr("of {idx}", idx=original.idx) if original else ""
