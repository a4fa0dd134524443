"""Who may see the archive in a browser, and what is shown before there is one."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("datasette", reason="the extra research is not installed")

from newscrawler.archive.browse.access import (
    Application,
    Receive,
    Scope,
    Send,
    behind_token,
    once_there,
)

TOKEN = "correct-horse-battery"


async def archive(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the archive"})


def get(
    application: Application, query: str = "", **headers: str
) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of the answer to one request."""
    sent: list[MutableMapping[str, Any]] = []

    async def ask() -> None:
        async def receive() -> Any:
            return {"type": "http.request"}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        named = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "path": "/", "query_string": query.encode(), "headers": named}
        await application(scope, receive, send)

    asyncio.run(ask())
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, sent[1]["body"].decode()


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("", {}, 403),
        ("token=wrong", {}, 403),
        ("", {"authorization": f"Bearer {TOKEN}"}, 200),
        ("", {"authorization": "Bearer wrong"}, 403),
        ("", {"cookie": f"a=b; newscrawler_token={TOKEN}"}, 200),
        ("", {"cookie": "newscrawler_token=wrong"}, 403),
        ("token=%ED%95%9C", {}, 403),
    ],
)
def test_only_who_brings_the_token_sees_the_archive(
    query: str, headers: dict[str, str], status: int
) -> None:
    assert get(behind_token(archive, TOKEN), query, **headers)[0] == status


def test_the_token_leaves_the_address_for_a_cookie() -> None:
    status, headers, _ = get(behind_token(archive, TOKEN), f"token={TOKEN}")
    assert (status, headers["location"]) == (303, "/")
    cookie = headers["set-cookie"].partition(";")[0]
    assert get(behind_token(archive, TOKEN), cookie=cookie)[0] == 200


def test_before_the_first_crawl_a_page_says_so(tmp_path: Path) -> None:
    path = tmp_path / "amenews.db"
    application = once_there(path, lambda: archive)
    status, headers, text = get(application)
    assert (status, headers["refresh"]) == (503, "20")
    assert text.startswith("Nothing has been crawled into amenews.db yet")
    path.touch()
    assert get(application)[2] == "the archive"
