"""``newscrawler serve``: the archive in a browser."""

from __future__ import annotations

import ipaddress
import os
import socket
import webbrowser
from contextlib import suppress
from pathlib import Path

import click

from newscrawler import sites
from newscrawler.cli.common import (
    CountParameter,
    SiteParameter,
    db_option,
    found_archive,
    lang_option,
    only_site,
)
from newscrawler.cli.errors import Refusal
from newscrawler.cli.reader_options import open_for_reading
from newscrawler.cli.translated import TranslatedCommand
from newscrawler.config import archives
from newscrawler.exceptions import NoArchiveError
from newscrawler.humanize.language import tr
from newscrawler.outcomes import EXIT_USAGE
from newscrawler.sites import Site

_SHORTEST_TOKEN = 12


@click.command("serve", cls=TranslatedCommand)
@click.argument("site", type=SiteParameter(), required=False)
@db_option
@click.option("--all", "every", is_flag=True, help="Show all archives in the same folder.")
@click.option(
    "--port",
    type=CountParameter(0, 65535),
    default=8001,
    show_default=True,
    metavar="N",
    help="0 chooses a free port.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The address to listen on; other machines need --token or --behind-proxy.",
)
@click.option(
    "--token",
    envvar="NEWSCRAWLER_TOKEN",
    metavar="TEXT",
    help="Visitors need this token: http://…/?token=TEXT.  [env: NEWSCRAWLER_TOKEN]",
)
@click.option(
    "--behind-proxy", is_flag=True, help="A reverse proxy in front of it controls access."
)
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
@lang_option
def command(
    site: Site | None,
    db: Path | None,
    every: bool,
    port: int,
    host: str,
    token: str | None,
    behind_proxy: bool,
    open_browser: bool,
) -> None:
    """Show the archive in a browser, on this machine only, until Ctrl-C.

    It only reads, and runs while a crawl writes and before the first crawl. It is
    made with Datasette: pip install '.[research]' in newscrawler's folder.

    \b
    newscrawler serve --open
    newscrawler serve --db data/amenews.db --port 8100
    newscrawler serve --all
    NEWSCRAWLER_TOKEN=… newscrawler serve --host 0.0.0.0
    """
    _check_host(host, token, behind_proxy)
    site, path = _chosen(site, db, every)
    beside = archives.list_archives(path.parent) if every else []
    paths = [path, *(one for one in beside if one != path)]
    if beside and path not in beside:
        paths = beside
    if not os.path.lexists(paths[0]):
        told = tr("there is no archive at {path} yet; a crawl will create it", path=path)
        click.echo(f"newscrawler: {told}", err=True)
    for one in paths:
        if os.path.lexists(one):
            with open_for_reading(one):
                pass  # a file that cannot be read is an error now, not on a web page
    try:
        import uvicorn

        from newscrawler.archive.browse import access, datasette
    except ImportError:
        told = tr("serve needs datasette: pip install '.[research]' in newscrawler's folder")
        raise Refusal(told, EXIT_USAGE) from None
    application = access.once_there(
        paths[0], lambda: datasette(paths[0], site.title, also=paths[1:]).app()
    )
    if token:
        application = access.behind_token(application, token)
    with _listening(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listener.getsockname()[1]}/"
        click.echo(address)
        click.echo(tr("Press Ctrl-C to stop."), err=True)
        if open_browser:
            webbrowser.open(address + (f"?token={token}" if token else ""))
        # Every open port gets malformed requests; they are not worth a log line.
        config = uvicorn.Config(application, log_level="error", access_log=False)
        # Ctrl-C is how it ends, not a failure.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def _chosen(site: Site | None, db: Path | None, every: bool) -> tuple[Site, Path]:
    """The paper, and the path of its archive, which need not exist yet.

    Raises:
        NoArchiveError: it is not there, but others are, one of which may be meant.
    """
    context = click.get_current_context()
    try:
        site = only_site(context, context.command.params[0], site)
        return site, found_archive(context.params.get("db"), site.name)
    except NoArchiveError:
        site = site or sites.load(sites.DEFAULT)
        path = archives.of_site(site, db)
        if archives.list_archives(path.parent) and not every:
            raise
        return site, path


def _check_host(host: str, token: str | None, behind_proxy: bool) -> None:
    """Refuse to show an archive to other machines without access control.

    Raises:
        Refusal: no IP address, no access control, or a token that is too short.
    """
    try:
        loopback = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host).is_loopback
    except ValueError:
        told = tr("--host must be an IP address, not {host}", host=repr(host))
        raise Refusal(told, EXIT_USAGE) from None
    if token is not None and (len(token) < _SHORTEST_TOKEN or not token.isascii()):
        told = tr("--token must have {count} ASCII characters or more", count=_SHORTEST_TOKEN)
        raise Refusal(told, EXIT_USAGE)
    if not (loopback or token or behind_proxy):
        told = tr(
            "--host {host} would show the archive to other machines: add --token TEXT, or"
            " --behind-proxy if a reverse proxy controls access",
            host=host,
        )
        raise Refusal(told, EXIT_USAGE)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        told = tr("{host} port {port} cannot be used: {why}", host=host, port=str(port), why=reason)
        raise Refusal(told, EXIT_USAGE) from error
