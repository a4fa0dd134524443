"""``newscrawler serve``: the archive in a browser."""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path

import click

from newscrawler.cli.common import CountParameter, db_option, held_site_argument
from newscrawler.cli.errors import Refusal
from newscrawler.cli.reading import archive_path, open_for_reading
from newscrawler.outcomes import EXIT_USAGE
from newscrawler.sites import Site


@click.command("serve")
@held_site_argument
@db_option
@click.option(
    "--port",
    type=CountParameter(0, 65535),
    default=8001,
    show_default=True,
    metavar="N",
    help="On 127.0.0.1; 0 takes a free one.",
)
@click.option("--open", "open_browser", is_flag=True, help="Show it in the browser at once.")
def command(site: Site, db: Path | None, port: int, open_browser: bool) -> None:
    """Open the archive in Datasette, for this machine alone, until Ctrl-C.

    It reads only, and may run while a crawl writes. Needs
    pip install '.[research]' in newscrawler's folder.

    \b
    newscrawler serve --open
    newscrawler serve --db data/amenews.db --port 8100
    """
    path = archive_path(db, site.name)
    with open_for_reading(path):
        pass  # a file that cannot be read is told here, not on a web page
    try:
        import uvicorn

        from newscrawler.archive.browse import datasette
    except ImportError:
        raise Refusal(
            "serve needs datasette: pip install '.[research]' in newscrawler's folder", EXIT_USAGE
        ) from None
    with _listening(port) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        click.echo(address)
        print("Ctrl-C ends it.", file=sys.stderr)
        if open_browser:
            webbrowser.open(address)
        config = uvicorn.Config(datasette(path, site.title).app(), log_level="warning")
        # Ctrl-C is how it ends, not a failure.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise Refusal(f"port {port} cannot be used: {reason}", EXIT_USAGE) from error
