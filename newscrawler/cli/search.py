"""``newscrawler search``: find articles by their words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from newscrawler.archive import search, wording
from newscrawler.archive.filters import Filters, Order
from newscrawler.archive.hits import Hit, Part, hit
from newscrawler.archive.search import Snippet
from newscrawler.cli.common import CountParameter, db_option, lang_option, print_json_array
from newscrawler.cli.reader_options import filter_options, open_for_reading
from newscrawler.cli.suggested import tell_wider
from newscrawler.cli.translated import TranslatedCommand
from newscrawler.extensions.console import SafeConsole
from newscrawler.humanize.language import tr, trn

_HIT = "bold yellow"


@click.command(
    "search",
    cls=TranslatedCommand,
    # -word means "without word": only options that exist are options, and -h is not one.
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("words", nargs=-1, required=True, metavar="WORDS…")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on stdout.")
@click.option(
    "--limit",
    type=CountParameter(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="At most N articles; 0 for all.",
)
@click.option(
    "--order",
    type=click.Choice([order.value for order in Order]),
    default=Order.RELEVANCE.value,
    show_default=True,
    help="The order of the articles.",
)
@filter_options
@db_option
@lang_option
def command(
    words: tuple[str, ...],
    as_json: bool,
    limit: int,
    order: str,
    filters: Filters,
    db: Path | None,
) -> None:
    """Find articles by their words.

    All WORDS must occur in the title, the body or a caption, also as a part of a
    longer word. Signs count: R&D finds R&D. Three signs have a meaning:

    \b
    OR           in capitals, between two words: one of them is enough
    -word        must not occur
    '"a b"'      these words one after the other (quotes within quotes)

    AND changes nothing; or, not and NOT are searched for like other words.

    \b
    newscrawler search 수소 연료전지 -자동차 --since 2015-01-01 --until 2020-12-31
    newscrawler search '"탄소 섬유" OR CFRP' --reporter 홍길동 --json
    """
    for word in words:
        if word.startswith("--"):
            # A mistyped option: no word begins with -, so nothing could be excluded.
            raise click.NoSuchOption(word, ctx=click.get_current_context())
    said = " ".join(words)
    filters = replace(filters, words=said)
    with open_for_reading(db, filters.site) as archive:
        query = search.parse(said)
        total = archive.count(filters)
        found = archive.articles(filters, order=Order(order), limit=limit or None)
        hits = [hit(query, article) for article in found]
        if as_json:
            print_json_array(map(_for_json, hits))
            return
        console = SafeConsole(highlight=False)
        for each in hits:
            _show(console, each)
        told = trn("{count:,} article", "{count:,} articles", total)
        if len(hits) < total:
            told = tr("{shown:,} of {total:,} articles", shown=len(hits), total=total)
        click.echo(told, err=True)
        if not total:
            tell_wider(archive, filters)


def _for_json(found: Hit) -> dict[str, Any]:
    article = found.article
    return {
        "idx": article.idx,
        "site": article.site,
        "url": article.url,
        "title": article.title,
        "section": article.section,
        "byline": article.byline,
        "reporters": [reporter.name for reporter in article.reporters],
        "published_at": article.published_at and article.published_at.isoformat(),
        "snippet": found.snippet.text,
        "hits": found.snippet.hits,
        "found_in": found.parts,
    }


def _show(console: Console, found: Hit) -> None:
    article = found.article
    day = f"{article.published_at:%Y-%m-%d}" if article.published_at else tr("undated")
    head = Text.assemble((f"{article.idx}", "cyan"), f"  {day}  ")
    head.append_text(_marked(found.title, "bold"))
    body = Text()
    if found.part in _NAMED:
        body.append(f"{wording.part(found.part)}: ", "dim")
    elif found.parts == (Part.TITLE,):
        body.append(tr("only in the title") + ": ", "dim")
    body.append_text(_marked(found.snippet))
    if console.is_terminal:
        console.print(head)
        console.print(Padding(body, (0, 0, 1, 4)))
    else:
        # For a pipe or a file: one line each, however long.
        console.print(head, soft_wrap=True)
        console.print(Text("    ").append_text(body), soft_wrap=True)


_NAMED = (Part.SUBTITLE, Part.CAPTION)
"""Parts that are named in the output; the body is not."""


def _marked(snippet: Snippet, style: str = "") -> Text:
    marked = Text(snippet.text, style=style)
    for start, end in snippet.hits:
        marked.stylize(_HIT, start, end)
    return marked
