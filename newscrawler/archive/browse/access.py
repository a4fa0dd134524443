"""Access control of the browser view, and its page before the archive exists."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_COOKIE = "newscrawler_token"


def behind_token(application: Application, token: str) -> Application:
    """Accept requests with the token: once as ``?token=…`` (a cookie keeps it), or in each request
    as ``Authorization: Bearer …``. Other requests are answered with 403."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if _same(asked, token):
            kept = f"{_COOKIE}={token}; HttpOnly; SameSite=Lax; Path=/"
            # Without it in the address, which goes into histories and screenshots.
            await _answer(send, 303, "", location=scope["path"] or "/", set_cookie=kept)
        elif any(_same(given, token) for given in _given(scope)):
            await application(scope, receive, send)
        else:
            await _answer(send, 403, "Open the address with ?token=… at its end.\n")

    return guarded


def once_there(path: Path, make: Callable[[], Application]) -> Application:
    """The application of an archive; a page that says so, as long as there is no archive."""
    made: list[Application] = []

    async def waiting(scope: Scope, receive: Receive, send: Send) -> None:
        if not made and path.exists():
            made.append(make())
        if made:
            await made[0](scope, receive, send)
        elif scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            told = f"Nothing has been crawled into {path.name} yet. This page reloads itself.\n"
            await _answer(send, 503, told, refresh="20", retry_after="20")

    return waiting


def _given(scope: Scope) -> list[str]:
    given = []
    for name, value in scope["headers"]:
        text = value.decode("latin-1")
        if name == b"authorization" and text.startswith("Bearer "):
            given.append(text.removeprefix("Bearer "))
        if name == b"cookie":
            try:
                cookie = SimpleCookie(text).get(_COOKIE)
            except CookieError:
                continue
            given += [cookie.value] if cookie else []
    return given


def _same(given: str, token: str) -> bool:
    """Compare in constant time, so that a token cannot be guessed letter by letter."""
    return hmac.compare_digest(given.encode(), token.encode())


async def _answer(send: Send, status: int, text: str, **headers: str) -> None:
    named = [
        (name.replace("_", "-").encode(), value.encode("latin-1", "replace"))
        for name, value in {"content_type": "text/plain; charset=utf-8", **headers}.items()
    ]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": text.encode()})


async def _live(receive: Receive, send: Send) -> None:
    """Answer ASGI's lifespan events, which need no work here."""
    while True:
        event = (await receive())["type"]
        await send({"type": f"{event}.complete"})
        if event == "lifespan.shutdown":
            return
