"""The local newspaper, and a server of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import LocalServer, serve


@pytest.fixture(scope="module")
def paper() -> Newspaper:
    return Newspaper()


@pytest.fixture(scope="module")
def shared() -> Iterator[LocalServer]:
    with serve(Newspaper()) as server:
        yield server


@pytest.fixture
def server(shared: LocalServer) -> LocalServer:
    """A server in good health with an empty log."""
    shared.faults, shared.validators = None, False
    shared.log.clear()
    return shared
