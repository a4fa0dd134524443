"""What tests share: a local newspaper, the real program in a subprocess, a store of one's own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from newscrawler import open_archive, sites
from newscrawler.archive.reader import Archive
from newscrawler.demo.audit import manners
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import Asked, LocalServer, serve
from newscrawler.humanize.language import ENGLISH, speaking
from newscrawler.items import Article
from newscrawler.store.records import ARTICLE, article_from_row
from tests import warm
from tests.browser import browser
from tests.making import keep_newspaper

__all__ = ["browser"]

QUICK = (
    "DOWNLOAD_DELAY=0",
    "RETRY_BACKOFF_BASE=0.01",
    "BREAKER_PAUSE=0.05",
    "SECTION_LISTS=0",
)
"""Settings for a server of our own: no pause that a test would only sit through, and no
section lists where requests are counted (tests/crawls/test_sections.py asks for them)."""


_INTERPRETERS_OWN = ("PYTHON", "LANG", "LC_", "TZ", "PATH")
"""How variables begin that an interpreter reads when it starts."""


@dataclass
class Result:
    """How a command ended."""

    exit_code: int
    out: str
    err: str


def run(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> Result:
    """The console command as users start it, bounded in time.

    With an interpreter of its own where the environment speaks to that; elsewhere from a
    process that has the imports behind it (:mod:`tests.warm`).
    """
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSCRAWLER_", "LC_"))}
    clean["LANG"] = "C.UTF-8"
    if not any(name.startswith(_INTERPRETERS_OWN) for name in environment):
        return Result(
            *warm.run([*map(str, arguments)], cwd or Path.cwd(), {**clean, **environment}, 120)
        )
    done = subprocess.run(
        [sys.executable, "-m", "newscrawler", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd,
        env={**clean, **environment},
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


@dataclass
class Desk:
    """A local newspaper that is being served, and an archive to crawl it into."""

    server: LocalServer
    db: Path
    settings: tuple[str, ...] = field(default=QUICK)

    @property
    def newspaper(self) -> Newspaper:
        return self.server.newspaper

    def command(self, *arguments: str | Path, settings: tuple[str, ...] = ()) -> list[str]:
        """The crawl's arguments."""
        given = [part for s in (*self.settings, *settings) for part in ("-s", s)]
        base = ["crawl", "--base-url", self.server.base_url, "--db", str(self.db)]
        return [*base, *given, *map(str, arguments)]

    def crawl(self, *arguments: str | Path, settings: tuple[str, ...] = ()) -> Result:
        """Run the crawl to its end."""
        return run(*self.command(*arguments, settings=settings))

    def crawl_here(self, settings: tuple[str, ...] = (), **arguments: str) -> dict[str, Any]:
        """Run the crawl in this process, which is quicker; the run's summary."""
        from tests import in_process

        given = (f"NEWSCRAWLER_DB={self.db}", *self.settings, *settings)
        return in_process.crawl("amenews", given, base_url=self.server.base_url, **arguments)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """The archive, read-only."""
        connection = sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            yield connection
        finally:
            connection.close()

    def states(self) -> dict[int, str]:
        """The ledger: number → state."""
        with self.open() as connection:
            return dict(connection.execute("SELECT idx, state FROM ledger ORDER BY idx").fetchall())

    def articles(self) -> dict[int, Article]:
        """What is stored, in the form of the truth records."""
        with self.open() as connection:
            found = connection.execute(f"SELECT {ARTICLE} FROM articles AS a ORDER BY idx")
            return {row["idx"]: article_from_row(row) for row in found}

    def asked(self) -> list[int]:
        """Article numbers in the order in which the server saw them, the probe left out."""
        numbers = (asked.idx for asked in self.server.log)
        return [idx for idx in numbers if idx is not None and idx < 2_000_000_000]

    def walked(self) -> list[int]:
        """The same without the proofs of gaps, which ask for a number again."""
        return list(dict.fromkeys(self.asked()))

    def proofs(self) -> int:
        """How many requests asked for a number again."""
        return len(self.asked()) - len(self.walked())


def assert_polite(log: list[Asked], floor: float = 0.0) -> None:
    """What a server's keeper would look for in the log."""
    seen = manners(log)
    assert seen.robots_first
    assert seen.most_at_once == 1
    assert seen.inside_retry_after == 0
    assert seen.shortest_pause >= floor - 0.002


def wait_until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def site_files_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site file that an earlier test named in this process is no paper of the next."""
    monkeypatch.setattr(sites, "_given", {})


@pytest.fixture(autouse=True)
def english_is_spoken() -> Iterator[None]:
    """Whatever language an earlier test of this process has left."""
    with speaking(ENGLISH):
        yield


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A newspaper of sixty numbers with one kind of gap."""
    with serve(Newspaper(size=60, gap="alert")) as server:
        yield Desk(server, tmp_path / "archive.db")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture(scope="session")
def paper() -> Newspaper:
    return Newspaper(size=300)


@pytest.fixture(scope="session")
def paper_path(paper: Newspaper, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep_newspaper(tmp_path_factory.mktemp("paper") / "paper.db", paper)


@pytest.fixture
def paper_archive(paper_path: Path) -> Iterator[Archive]:
    """What a crawl of the local newspaper leaves behind. Read only."""
    with open_archive(paper_path) as archive:
        yield archive
