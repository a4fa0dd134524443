"""``newscrawler diff``: how an article changed, word by word."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from newscrawler import clock
from newscrawler.archive import wording
from newscrawler.archive.diff import Edit, compare
from newscrawler.archive.reader import Revision
from newscrawler.cli.common import IdxParameter, db_option, held_site_argument, lang_option
from newscrawler.cli.errors import Refusal
from newscrawler.cli.reader_options import archive_path, open_for_reading
from newscrawler.cli.translated import TranslatedCommand
from newscrawler.extensions.console import SafeConsole
from newscrawler.humanize.language import tr
from newscrawler.outcomes import EXIT_USAGE
from newscrawler.sites import Site

_STYLES = {Edit.KEPT: "", Edit.ADDED: "bold green", Edit.TAKEN: "red strike"}
_MARKS = {Edit.KEPT: "{}", Edit.ADDED: "{{+{}+}}", Edit.TAKEN: "[-{}-]"}


@click.command("diff", cls=TranslatedCommand)
@click.argument("idx", type=IdxParameter())
@held_site_argument
@db_option
@lang_option
@click.option("--json", "as_json", is_flag=True, help="The revisions as one JSON array.")
def command(idx: int, site: Site, db: Path | None, as_json: bool) -> None:
    """Show what changed in article IDX from one revision to the next.

    In colour on a terminal; elsewhere as [-deleted-] and {+added+}, the marks of wdiff.

    \b
    newscrawler diff 43773
    """
    with open_for_reading(archive_path(db, site.name)) as archive:
        revisions = archive.revisions(idx, site.name)
    if not revisions:
        told = tr("{site} has no stored article {idx}", idx=idx, site=site.name)
        raise Refusal(told, EXIT_USAGE)
    if as_json:
        click.echo(json.dumps([_record(revision) for revision in revisions], ensure_ascii=False))
        return
    console = SafeConsole(highlight=False)
    if len(revisions) == 1:
        seen = _seen(revisions[0])
        console.print(tr("Article {idx} has not changed since {seen}.", idx=idx, seen=seen))
    for old, new in pairwise(revisions):
        told = tr(
            "revision {old} → {new}, seen {seen}", old=old.number, new=new.number, seen=_seen(new)
        )
        console.print(Text(told, style="bold"), soft_wrap=True)
        for name in ("title", "subtitle", "body"):
            before, after = getattr(old, name) or "", getattr(new, name) or ""
            if before != after:
                console.print(Text(wording.part(name), style="dim"))
                console.print(_marked(before, after, console), soft_wrap=not console.is_terminal)


def _marked(before: str, after: str, console: Console) -> Text:
    text = Text()
    for span in compare(before, after):
        if console.is_terminal:
            text.append(span.text, _STYLES[span.edit])
        else:
            text.append(_MARKS[span.edit].format(span.text))
    return text


def _seen(revision: Revision) -> str:
    moment = clock.to_text(revision.fetched_at)
    if revision.modified_at:
        printed = f"{revision.modified_at:%Y-%m-%d %H:%M:%S}"
        return tr("{moment} (the paper says: modified {printed})", moment=moment, printed=printed)
    return moment


def _record(revision: Revision) -> dict[str, object]:
    return {
        "number": revision.number,
        "fetched_at": clock.to_text(revision.fetched_at),
        "modified_at": revision.modified_at and revision.modified_at.isoformat(),
        "title": revision.title,
        "subtitle": getattr(revision, "subtitle", None),
        "body": revision.body,
        "content_hash": revision.content_hash,
    }
