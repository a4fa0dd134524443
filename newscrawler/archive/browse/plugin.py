"""The Datasette plugin: Korean search, the article page, and a check of the host name."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from datasette import hookimpl
from datasette.utils import await_me_maybe
from datasette.utils.asgi import Base400, NotFound, Response
from datasette.views.base import DatasetteError
from markupsafe import Markup, escape

from newscrawler.archive import search, wording
from newscrawler.archive.browse.article_page import article_page
from newscrawler.archive.browse.metadata import FOR_READERS
from newscrawler.archive.browse.questions import PARAMETERS, QUESTIONS
from newscrawler.archive.browse.search_page import citations, search_page
from newscrawler.archive.browse.trend_page import trend_page
from newscrawler.archive.browse.words_page import AT_MOST, words_page
from newscrawler.archive.damage import STUMBLES, first_damage
from newscrawler.archive.export import ENDINGS, Format
from newscrawler.archive.keyness import LEAST_ARTICLES
from newscrawler.archive.trends import By
from newscrawler.exceptions import ArchiveError, InputError, SearchError
from newscrawler.humanize.language import mark, speaking, spoken, tr, trn
from newscrawler.store.descriptions import TABLES

_NOTHING = '""'
"""The FTS5 expression that no row matches: a search for nothing finds nothing."""

_MARKED = re.compile("\x02(.*?)\x03", re.DOTALL)
_AT_HOME = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'"
)
_ORDERS = {
    "relevance": mark("best first"),
    "newest": mark("newest first"),
    "oldest": mark("oldest first"),
}
_PERIODS = {
    "": mark("automatic"),
    By.MONTH.value: mark("by month"),
    By.YEAR.value: mark("by year"),
}
_COMPARISONS = {
    "exact": "=",
    "contains": mark("contains"),
    "startswith": mark("begins with"),
    "gte": "≥",
    "lte": "≤",
    "not": "≠",
    "isblank__1": mark("is empty"),
    "notblank__1": mark("is not empty"),
}
"""Datasette's name of a filter → what the form says; other filters work by address."""


def prepare_connection(conn: sqlite3.Connection) -> None:
    """``search_for(words)`` and ``search_snippet(words, text)`` in SQL, and in the search box."""
    conn.create_function("search_for", 1, _expression, deterministic=True)
    conn.create_function("search_snippet", 2, _snippet, deterministic=True)
    # Datasette's table page quotes what is typed into its search box with this one.
    conn.create_function("escape_fts", 1, _expression, deterministic=True)


def _expression(words: str | None) -> str:
    try:
        return search.parse(words or "").expression
    except SearchError:
        return _NOTHING


def _snippet(words: str | None, text: str | None) -> str:
    try:
        query = search.parse(words or "")
    except SearchError:
        return ""
    return search.snippet(query, (text or "",)).marked("\x02", "\x03")


def render_cell(
    row: sqlite3.Row, value: Any, column: str, table: str | None, database: str, datasette: Any
) -> Markup | None:
    """Show numbers as links to the article's page; mark the hits of a search."""
    if column == "snippet" and isinstance(value, str):
        return Markup(_MARKED.sub(r"<mark>\1</mark>", str(escape(value))))
    if column in ("idx", "earlier_idx") and isinstance(value, int):
        site = row["site"] if "site" in row.keys() else "-"  # noqa: SIM118 - a Row is no dict
        path = datasette.urls.path(f"/{quote(database)}/-/article/{quote(site)}/{value}")
        return Markup('<a href="{}">{}</a>').format(path, value)
    return None


def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """``/DATABASE/-/search``, ``trend``, ``words`` and ``/DATABASE/-/article/SITE/IDX``.

    ``-`` for SITE means the archive's only paper.
    """
    return [
        (r"^/(?P<database>[^/]+)/-/article/(?P<site>[^/]+)/(?P<idx>\d{1,19})$", _article),
        (r"^/(?P<database>[^/]+)/-/search$", _search),
        (r"^/(?P<database>[^/]+)/-/trend$", _trend),
        (r"^/(?P<database>[^/]+)/-/words$", _words),
        (r"^/(?P<database>[^/]+)/-/cite/(?P<form>bibtex|ris|csl-json)$", _cite),
    ]


async def _trend(datasette: Any, request: Any) -> Response:
    database = _database(datasette, request)
    fields = parse_qsl(request.query_string)
    page = await asyncio.to_thread(trend_page, Path(database.path), fields)
    figure = Markup(page.figure) if page.trend else None
    context = {"page": page, "database": database.name, "figure": figure, "periods": _PERIODS}
    return await _page(datasette, request, "trend.html", context)


async def _words(datasette: Any, request: Any) -> Response:
    database = _database(datasette, request)
    page = await asyncio.to_thread(words_page, Path(database.path), request.args)
    context = {"page": page, "database": database.name, "at_most": AT_MOST, "least": LEAST_ARTICLES}
    return await _page(datasette, request, "words.html", context)


def _main_pages(datasette: Any, database: str) -> dict[str, str]:
    """The links on every page: untranslated name → address."""
    own = f"/{quote(database)}/-"
    return {
        mark("Home"): datasette.urls.instance(),
        mark("Search"): datasette.urls.path(f"{own}/search"),
        mark("Trend"): datasette.urls.path(f"{own}/trend"),
        mark("Particular words"): datasette.urls.path(f"{own}/words"),
        mark("Tables and SQL"): datasette.urls.database(database),
    }


async def _cite(datasette: Any, request: Any) -> Response:
    """The citations of a search's results, as a file."""
    database, form = _database(datasette, request), Format(request.url_vars["form"])
    try:
        body = await asyncio.to_thread(citations, Path(database.path), request.args, form)
    except InputError as error:
        return Response.text(f"{error}\n", status=400)
    name = f"citations{ENDINGS[form][0]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, headers=headers, content_type="text/plain; charset=utf-8")


async def _search(datasette: Any, request: Any) -> Response:
    database = _database(datasette, request)
    page = await asyncio.to_thread(search_page, Path(database.path), request.args)
    context = {"page": page, "database": database.name, "orders": _ORDERS}
    return await _page(datasette, request, "search.html", context)


def _database(datasette: Any, request: Any) -> Any:
    name = request.url_vars["database"]
    try:
        return datasette.get_database(name)
    except KeyError:
        raise NotFound(tr("There is no database {name}", name=name)) from None


async def _page(datasette: Any, request: Any, template: str, context: dict[str, Any]) -> Response:
    html = await datasette.render_template(template, context, request=request)
    return Response.html(html, headers={"Content-Security-Policy": _POLICY})


async def _article(datasette: Any, request: Any) -> Response:
    asked = request.url_vars
    database = _database(datasette, request)
    site = None if asked["site"] == "-" else asked["site"]
    page = await asyncio.to_thread(article_page, Path(database.path), int(asked["idx"]), site)
    if page is None:
        raise NotFound(tr("Number {idx} was never asked for", idx=asked["idx"]))
    context = {"page": page, "database": database.name}
    return await _page(datasette, request, "article.html", context)


def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Variables of our templates besides Datasette's own, also for its error page."""
    env.globals.update(
        about=_about,
        # Datasette keeps a catalogue of its own as _internal.
        archive=lambda: next(name for name in datasette.databases if name != "_internal"),
        comparisons=_COMPARISONS,
        for_readers=FOR_READERS,
        language=spoken,
        main_pages=lambda database: _main_pages(datasette, database),
        parameters=PARAMETERS,
        questions=QUESTIONS,
        row_count=_row_count,
        tr=tr,
        trn=trn,
        wording=wording,
    )


def _about(name: str) -> str:
    """What a row of a table is."""
    return tr(TABLES[name].about) if name in TABLES else ""


_ERRORS = (
    mark("Table not found"),
    mark("Record not found"),
    mark("Invalid SQL"),
    mark("Statement must be a SELECT"),
)
"""Translations of Datasette's most frequent messages; the others are in English."""


def _row_count(tables: list[dict[str, Any]], name: str) -> int | None:
    """How many rows a table has; ``None``: not counted, for example for a view."""
    return next((each["count"] for each in tables if each["name"] == name), None)


def handle_exception(
    datasette: Any, request: Any, exception: Exception
) -> Generator[None, list[Any], list[Any]]:
    """Report an unknown address, or invalid SQL, on the page only.

    Datasette calls all plugins and its own handler, which prints a traceback with all local values
    on standard output: so ours wraps it, and passes only bugs of the program on.
    """
    usual = yield
    if isinstance(exception, Base400):
        return [_told(datasette, request, exception.status, exception.args[0])]
    if isinstance(exception, DatasetteError):
        message = exception.message
        if exception.message_is_html:
            message = Markup(message)
        return [_told(datasette, request, exception.status, message, exception.title)]
    if isinstance(exception, (sqlite3.DatabaseError, ArchiveError, *STUMBLES)):
        return [_of_damage(datasette, request, exception, usual)]
    return usual


async def _of_damage(
    datasette: Any, request: Any, exception: Exception, usual: list[Any]
) -> Response | None:
    """A page that says so if the archive is damaged; else Datasette's own answer to a bug."""
    why: str | None = str(exception)
    name = _asked_database(datasette, request)
    if isinstance(exception, STUMBLES):
        path = datasette.get_database(name).path if name else None
        why = await asyncio.to_thread(first_damage, Path(path)) if path else None
    if why:
        told = tr("{path} cannot be read: {why}", path=name or "", why=why)
        return await _told(datasette, request, 500, told)
    for answer in usual:
        response: Response | None = await await_me_maybe(answer)
        if response is not None:
            return response
    return None


async def _told(
    datasette: Any, request: Any, status: int, message: str, title: str | None = None
) -> Response:
    told: dict[str, Any] = {"error": message, "status": status, "title": title}
    if request.path.endswith(".json"):
        return Response.json({"ok": False, **told}, status=status)
    # So that a mistake in a query can be corrected where it is reported.
    told |= {"sql": request.args.get("sql"), "database": _asked_database(datasette, request)}
    template = datasette.jinja_env.get_template("error.html")
    return Response.html(await template.render_async(told, urls=datasette.urls), status=status)


def _asked_database(datasette: Any, request: Any) -> str | None:
    """The name of the archive in the address; ``None``: there is none of that name."""
    name = (request.scope.get("url_route") or {}).get("kwargs", {}).get("database")
    return name if name in datasette.databases else None


def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Refuse requests under another host's name; answer all others in the server's language.

    The port is open on loopback only, but a page on the web could resolve its own name to it and
    read the answers (DNS rebinding).
    """

    language = datasette.plugin_config("newscrawler")["language"]

    def wrap(application: Any) -> Any:
        async def at_home(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                host = dict(scope["headers"]).get(b"host", b"")
                if not _AT_HOME.fullmatch(host):
                    response = Response.text("Ask for 127.0.0.1 by its own name.", status=421)
                    await response.asgi_send(send)
                    return
            with speaking(language):
                await application(scope, receive, send)

        return at_home

    return wrap


# trylast: after Datasette's own, whose escape_fts is replaced.
hookimpl(prepare_connection, trylast=True)
hookimpl(handle_exception, wrapper=True)
for _hook in (
    render_cell,
    register_routes,
    prepare_jinja2_environment,
    asgi_wrapper,
):
    hookimpl(_hook)
