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
from newscrawler.exceptions import WorkerError, WorkerOverdueError
from newscrawler.extensions.worker import Worker
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


def spin(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def fail(word: str) -> None:
    raise LookupError(word)


def hoard(size: int) -> int:
    return len(bytearray(size))


def test_only_the_call_at_which_the_process_died_fails() -> None:
    async def calls() -> list[object]:
        worker = Worker()
        pid = await worker.call(os.getpid)
        waiting = [
            asyncio.ensure_future(worker.call(time.sleep, 30)),
            *(asyncio.ensure_future(worker.call(double, n)) for n in range(3)),
        ]
        await asyncio.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert worker.generation == 2
        await worker.close()
        with pytest.raises(WorkerError):
            await worker.call(double, 1)
        return list(found)

    first, *others = asyncio.run(calls())
    assert isinstance(first, WorkerError)
    assert others == [0, 2, 4]


def test_a_call_that_works_for_too_long_is_ended_and_the_next_is_answered() -> None:
    async def calls() -> int:
        worker = Worker(seconds=0.2)
        try:
            with pytest.raises(WorkerOverdueError):
                await worker.call(spin, 30)
            return int(await worker.call(double, 4))
        finally:
            await worker.close()

    assert asyncio.run(calls()) == 8


def test_an_exception_and_a_lack_of_memory_come_back_as_they_are() -> None:
    async def calls() -> int:
        worker = Worker(memory=300_000_000)
        try:
            with pytest.raises(LookupError, match="page"):
                await worker.call(fail, "page")
            with pytest.raises(MemoryError):
                await worker.call(hoard, 1_000_000_000)
            return int(await worker.call(double, 4))
        finally:
            await worker.close()

    assert asyncio.run(calls()) == 8


def test_a_process_that_hangs_does_not_hold_its_parent() -> None:
    async def calls() -> None:
        worker = Worker()
        hanging = asyncio.ensure_future(worker.call(time.sleep, 600))
        await asyncio.sleep(0.5)
        await asyncio.wait_for(worker.close(), 20)
        with pytest.raises(WorkerError):
            await hanging

    asyncio.run(calls())


def test_the_process_ends_with_a_parent_that_was_killed() -> None:
    script = (
        "import asyncio, os, signal\n"
        "from newscrawler.extensions.worker import Worker\n"
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
        assert len(desk.walked()) == 300
    assert json.loads(result.out)["asked"] == 300
    with desk.open() as connection:
        packed = connection.execute(
            "SELECT count(*) FROM captures WHERE verdict = 'article' AND dictionary_id IS NULL"
        ).fetchone()[0]
    assert packed == 0
