"""Serves a newspaper on loopback, with a log of all requests and with faults on demand."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import socket
import struct
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from aiohttp import web

from newscrawler.demo import illness
from newscrawler.demo.answers import Answer
from newscrawler.demo.faults import Faults
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.pages import Pages
from newscrawler.demo.routes import Router, idx_asked

ROBOTS = "User-agent: *\nDisallow: /bbs/\nDisallow: /company/\nDisallow: /pg_inicis/\n"


@dataclass(slots=True)
class Asked:
    """One request, as the server saw it."""

    started: float
    """``time.monotonic()`` when the request arrived."""
    at: datetime
    """The same moment by the wall clock, UTC."""
    method: str
    target: str
    """Path and query as sent."""
    host: str
    user_agent: str
    if_none_match: str | None
    if_modified_since: str | None
    in_flight: int
    """Requests being answered at that moment, this one included."""
    fault: str | None = None
    status: int = 0
    """0 when the connection was broken instead."""
    retry_after: float | None = None
    """Seconds for which the answer asked to be left alone."""
    ended: float = 0.0
    """``time.monotonic()`` when the answer was ready to be sent; 0 before."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def idx(self) -> int | None:
        """The requested article number; ``None`` for other pages."""
        path, _, query = self.target.partition("?")
        return idx_asked(path, query)


@dataclass
class LocalServer:
    """A newspaper on a port of this machine; the public attributes may change while it runs."""

    newspaper: Newspaper
    faults: Faults | None = None
    validators: bool = False
    """Send ETag and Last-Modified with articles, and answer 304."""
    gzip: bool = False
    """Compress answers for readers that accept it."""
    robots: str = ROBOTS
    robots_status: int = 200
    keep_log: bool = True
    """A benchmark's server keeps none: it would grow for ever."""
    instead: dict[str, Answer] = field(default_factory=dict)
    """What is said in the paper's place, by address (path and query)."""
    at_first: dict[str, Answer] = field(default_factory=dict)
    """The same, but only the first time that the address is asked for."""
    log: list[Asked] = field(default_factory=list)
    base_url: str = ""

    def __post_init__(self) -> None:
        self._router = Router(self.newspaper)
        self._in_flight = 0
        self._server: web.Server | None = None
        self._listener: asyncio.Server | None = None

    def warm(self) -> None:
        """Render all pages now, so that first requests take no longer than others."""
        for idx in range(self.newspaper.first_idx, self.newspaper.newest_idx + 1):
            self._router.answer("/news/view.php", f"idx={idx}")

    # Life: start and stop are awaited in the server's own loop.

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; ``port`` 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        self._loop = asyncio.get_running_loop()
        self._server = web.Server(self._handle, access_log=None)
        self._address = (host, port)
        await self._open_port()

    async def stop(self) -> None:
        await self._close_port()
        if self._server:
            await self._server.shutdown(0.2)

    def refuse(self) -> None:
        """Stop listening and close every connection, like a server that is down."""
        self._in_loop(self._close_port())

    def listen_again(self) -> None:
        """Undo :meth:`refuse`, on the same port."""
        self._in_loop(self._open_port())

    def _in_loop(self, work: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _open_port(self) -> None:
        assert self._server is not None  # start() made it
        host, port = self._address
        self._listener = await self._loop.create_server(self._server, host, port, backlog=256)
        port = self._listener.sockets[0].getsockname()[1]
        self._address = (host, port)
        self.base_url = f"http://{host}:{port}"

    async def _close_port(self) -> None:
        if self._listener:
            self._listener.close()
            self._listener = None
        if self._server:
            for connection in self._server.connections:
                if connection.transport:
                    connection.transport.abort()

    # Answering.

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self._in_flight += 1
        headers = request.headers
        asked = Asked(
            started=time.monotonic(),
            at=datetime.now(UTC),
            method=request.method,
            target=request.raw_path,
            host=headers.get("Host", ""),
            user_agent=headers.get("User-Agent", ""),
            if_none_match=headers.get("If-None-Match"),
            if_modified_since=headers.get("If-Modified-Since"),
            in_flight=self._in_flight,
        )
        if self.keep_log:
            self.log.append(asked)
        path, _, query = request.raw_path.partition("?")
        try:
            faults = self.faults
            asked.fault = faults.draw(path, query) if faults else None
            if faults and asked.fault:
                return await self._ill(request, asked, faults, asked.fault)
            answer = self._well(path, query)
            if self.validators and answer.status == 200 and asked.idx is not None:
                answer = self._validated(answer, asked, path, query)
            return self._response(answer, asked, request)
        finally:
            self._in_flight -= 1
            asked.ended = time.monotonic()

    async def _ill(
        self, request: web.BaseRequest, asked: Asked, faults: Faults, fault: str
    ) -> web.StreamResponse:
        if fault in ("reset", "refuse"):
            _reset(request)
            if fault == "refuse":
                await self._close_port()
            return web.Response()
        if answer_instead := illness.instead(fault, faults, asked.at):
            return self._response(answer_instead, asked, request)
        if fault == "slow":
            await asyncio.sleep(faults.delay)
        path, _, query = asked.target.partition("?")
        answer = self._well(path, query, redesigned=fault == "redesign")
        if fault == "riddle" and asked.idx is not None:
            answer = Pages(self.newspaper).gap("riddle", "classic")
        if fault == "truncated" or (fault == "cut" and len(answer.body) < illness.SMALL):
            return await self._truncated(answer, asked, request)
        return self._response(illness.spoilt(fault, answer, asked.target), asked, request)

    def _well(self, path: str, query: str, *, redesigned: bool = False) -> Answer:
        address = f"{path}?{query}" if query else path
        if said := self.at_first.pop(address, None) or self.instead.get(address):
            return said
        if path == "/robots.txt":
            return Answer(self.robots_status, self.robots.encode(), "text/plain; charset=utf-8")
        if self._router.newspaper is not self.newspaper:
            self._router = Router(self.newspaper)
        return self._router.answer(path, query, redesigned=redesigned)

    def _validated(self, answer: Answer, asked: Asked, path: str, query: str) -> Answer:
        """The answer with its validators, or a 304; ETag first (RFC 9110 section 13.2.2)."""
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:20]}"'
        headers = [("ETag", etag)]
        changed = self._router.changed_at(path, query)
        if changed:
            headers.append(("Last-Modified", format_datetime(changed.astimezone(UTC), True)))
        if asked.if_none_match is not None:
            known = etag in asked.if_none_match
        else:
            since = _date(asked.if_modified_since)
            known = bool(since and changed and changed <= since)
        if known:
            return Answer(304, b"", answer.content_type, tuple(headers))
        return Answer(answer.status, answer.body, answer.content_type, tuple(headers))

    def _response(self, answer: Answer, asked: Asked, request: web.BaseRequest) -> web.Response:
        asked.status = answer.status
        headers = {"Content-Type": answer.content_type, **dict(answer.headers)}
        if "Retry-After" in headers:
            asked.retry_after = _seconds(headers["Retry-After"], asked.at)
        body = answer.body
        if self.gzip and body and "gzip" in request.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return web.Response(status=answer.status, body=body, headers=headers)

    async def _truncated(
        self, answer: Answer, asked: Asked, request: web.BaseRequest
    ) -> web.StreamResponse:
        """Declare the full length, send half and close the connection."""
        if not answer.body:
            return self._response(answer, asked, request)
        asked.status = answer.status
        headers = {"Content-Type": answer.content_type}
        response = web.StreamResponse(status=answer.status, headers=headers)
        response.content_length = len(answer.body)
        await response.prepare(request)
        await response.write(answer.body[: len(answer.body) // 2])
        if request.transport:
            request.transport.close()
        return response


def _seconds(retry_after: str, now: datetime) -> float:
    if retry_after.isdecimal():
        return int(retry_after)
    return (parsedate_to_datetime(retry_after) - now).total_seconds()


def _date(value: str | None) -> datetime | None:
    """An HTTP date; ``None`` if it is invalid."""
    try:
        return parsedate_to_datetime(value) if value else None
    except ValueError:
        return None


def _reset(request: web.BaseRequest) -> None:
    """Break the connection with a RST instead of closing it."""
    if request.transport is None:
        return
    peer: socket.socket = request.transport.get_extra_info("socket")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()


@contextmanager
def serve(
    newspaper: Newspaper,
    *,
    faults: Faults | None = None,
    validators: bool = False,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[LocalServer]:
    """The newspaper's server, running in a thread for as long as the block.

    Raises:
        OSError: the port is taken.
    """
    server = LocalServer(newspaper, faults=faults, validators=validators)
    ready = threading.Event()
    over: asyncio.Event
    failures: list[OSError] = []

    async def life() -> None:
        nonlocal over
        over = asyncio.Event()
        try:
            await server.start(host, port)
        except OSError as error:
            failures.append(error)
            return
        finally:
            ready.set()
        await over.wait()
        await server.stop()

    thread = threading.Thread(target=lambda: asyncio.run(life()), name="newspaper", daemon=True)
    thread.start()
    ready.wait()
    if failures:
        thread.join()
        raise failures[0]
    try:
        yield server
    finally:
        server._loop.call_soon_threadsafe(over.set)
        thread.join(timeout=10)
