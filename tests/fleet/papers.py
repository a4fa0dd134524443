"""Small papers on loopback, each at an address of its own, with a site file that names it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import LocalServer, serve

_FILE = """
name = "{name}"
title = "우리신문"
permalink = "{origin}/article/{{idx}}"
hosts = ["127.0.0.1", "{name}.example"]
layouts = ["article_head"]
{more}

[settings]
DOWNLOAD_DELAY = {delay}
DELAY_JITTER = 0
RETRY_BACKOFF_BASE = 0.01
"""


@contextmanager
def papers(
    folder: Path, count: int, size: int = 20, delay: float = 0, more: str = ""
) -> Iterator[dict[str, LocalServer]]:
    """Serve some papers; their files lie in ``folder``, for NEWSCRAWLER_SITES."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        servers = {}
        for number in range(1, count + 1):
            name = f"paper{number}"
            newspaper = Newspaper(
                size=size,
                skin="article_head",
                gap="alert",
                site_name=name,
                permalink=f"http://{name}.example/article/{{idx}}",
            )
            servers[name] = stack.enter_context(serve(newspaper))
            origin = servers[name].base_url
            text = _FILE.format(name=name, origin=origin, delay=delay, more=more)
            (folder / f"{name}.toml").write_text(text, "utf-8")
        yield servers
