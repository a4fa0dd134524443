"""The process beside a crawl: answers in order, and no crawl hangs when it dies."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import serve
from newscrawler.exceptions import WorkerError
from newscrawler.middlewares.worker import Worker
from tests.conftest import Desk

FAST = ("CONCURRENT_REQUESTS_PER_DOMAIN=8", "AUTOTHROTTLE_ENABLED=False")


def double(number: int, padding: bytes = b"") -> int:
    return 2 * number


def test_results_come_back_in_order_of_the_calls() -> None:
    async def calls() -> list[int]:
        worker = Worker()
        try:
            page = bytes(300_000)
            return list(await asyncio.gather(*(worker.call(double, n, page) for n in range(50))))
        finally:
            await worker.close()

    assert asyncio.run(calls()) == [2 * n for n in range(50)]


def test_the_death_of_the_process_is_told_to_everybody_who_waits() -> None:
    async def calls() -> list[object]:
        worker = Worker()
        pid = await worker.call(os.getpid)
        waiting = [asyncio.ensure_future(worker.call(time.sleep, 30)) for _ in range(3)]
        await asyncio.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        found = await asyncio.gather(*waiting, return_exceptions=True)
        with pytest.raises(WorkerError):
            await worker.call(double, 1)
        await worker.close()
        return list(found)

    assert all(isinstance(error, WorkerError) for error in asyncio.run(calls()))


def test_the_process_ends_with_a_parent_that_was_killed() -> None:
    script = (
        "import asyncio, os, signal\n"
        "from newscrawler.middlewares.worker import Worker\n"
        "async def main():\n"
        "    print(await Worker().call(os.getpid), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False
    )
    pid = int(done.stdout)
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(pid)


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_crawl_at_full_speed_stores_what_the_paper_holds(tmp_path: Path) -> None:
    with serve(Newspaper(size=300)) as server:
        desk = Desk(server, tmp_path / "archive.db")
        result = desk.crawl("--range", "1-300", "--json", settings=FAST)
        assert result.exit_code == 0, result.err
        assert desk.states() == {t.idx: t.state for t in server.newspaper.truths()}
        bodies = {idx: article.body for idx, article in desk.articles().items()}
        assert bodies == {t.idx: t.article.body for t in server.newspaper.truths() if t.article}
        assert len(desk.asked()) == 300
    assert json.loads(result.out)["asked"] == 300
    with desk.open() as connection:
        packed = connection.execute(
            "SELECT count(*) FROM captures WHERE verdict = 'article' AND dictionary_id IS NULL"
        ).fetchone()[0]
    assert packed == 0
