"""Faults, kills, Ctrl-C and company change nothing in the archive."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from newscrawler.demo.audit import contents
from newscrawler.demo.faults import TRANSIENT, Faults
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import serve
from tests.conftest import Desk, assert_polite, run, wait_until


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A crawl that nothing disturbed, to hold the others against."""
    with serve(Newspaper(size=80, skin="mixed", gap="alert")) as server:
        desk = Desk(server, tmp_path_factory.mktemp("undisturbed") / "archive.db")
        assert desk.crawl("--range", "1-80").exit_code == 0
    return desk


def test_thirty_percent_faults_change_nothing_in_the_archive(
    undisturbed: Desk, tmp_path: Path
) -> None:
    # A wrong charset label is left out: the bytes differ then, and with them the capture.
    kinds = tuple(kind for kind in TRANSIENT if "euckr" not in kind)
    faults = Faults(share=0.3, kinds=kinds, retry_after=1, delay=0.05, spare=())
    with serve(Newspaper(size=80, skin="mixed", gap="alert"), faults=faults) as server:
        desk = Desk(server, tmp_path / "archive.db")
        result = desk.crawl("--range", "1-80", "--json")
        while result.exit_code == 3:
            result = desk.crawl("--range", "1-80", "--json")
        assert result.exit_code == 0, result.err
        assert sum(asked.fault is not None for asked in server.log) > 20
        assert_polite(server.log)
    assert contents(desk.db) == contents(undisturbed.db)
    assert run("verify", "--db", desk.db).out == ""


def test_kills_lose_nothing_and_repeat_nothing(undisturbed: Desk, tmp_path: Path) -> None:
    """A few kills at random moments; ``make torture`` does it more often."""
    dice = random.Random(20)
    with serve(Newspaper(size=80, skin="mixed", gap="alert")) as server:
        desk = Desk(server, tmp_path / "archive.db")
        command = [sys.executable, "-m", "newscrawler", *desk.command("--range", "1-80")]
        for _ in range(3):
            asked = len(server.log)
            crawl = subprocess.Popen(
                [*command, "-s", "DOWNLOAD_DELAY=0.03"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            wait_until(partial(_log_passed, desk, asked))
            time.sleep(dice.uniform(0, 0.7))
            crawl.kill()
            assert crawl.wait() == -signal.SIGKILL
        assert desk.crawl("--range", "1-80").exit_code == 0
        # At each kill one answer may have been on its way; no other article is asked for twice,
        # but for the newest, which a run may ask for first to see whether it is there. A gap is
        # asked for again where a run proves it: one of each of three kinds in a run, and those
        # after the last article of the run before.
        walked = Counter(idx for idx in desk.asked() if idx != 80)
        gaps = {truth.idx for truth in desk.newspaper.truths() if truth.state != "article"}
        assert sum(times - 1 for idx, times in walked.items() if idx not in gaps) <= 3
        assert sum(times - 1 for idx, times in walked.items() if idx in gaps) <= 4 * 6
    assert contents(desk.db) == contents(undisturbed.db)
    assert run("verify", "--db", desk.db).out == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_or_a_closed_terminal_finishes_what_is_under_way(
    number: signal.Signals, desk: Desk
) -> None:
    command = [sys.executable, "-m", "newscrawler", *desk.command("--range", "1-60")]
    command += ["-s", "DOWNLOAD_DELAY=0.1"]
    crawl = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Under nohup the tests inherit that SIGHUP is ignored, which a crawl respects.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    wait_until(lambda: len(desk.asked()) >= 4)
    crawl.send_signal(number)
    _, err = crawl.communicate(timeout=20)
    assert crawl.returncode == 130
    assert "Traceback" not in err
    # The newest number is only listed: it is looked at first, and kept at its place in the range.
    newest, *walked = desk.asked()
    assert (newest, sorted(desk.states())) == (60, walked)
    with desk.open() as connection:
        assert connection.execute("SELECT outcome FROM runs").fetchone()[0] == "interrupted"
    assert desk.crawl("--range", "1-60").exit_code == 0
    # What is only listed is proven again by the next run, and asked for once in it.
    again = desk.asked()[1 + len(walked) :]
    assert list(dict.fromkeys(again)) == [60, *range(walked[-1] + 1, 60)]


def test_ctrl_c_twice_ends_at_once(desk: Desk) -> None:
    command = [sys.executable, "-m", "newscrawler", *desk.command("--range", "1-60")]
    desk.server.faults = Faults.always("slow", from_request=6)
    desk.server.faults.delay = 30
    crawl = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: len(desk.server.log) >= 7)
    crawl.send_signal(signal.SIGINT)
    time.sleep(0.5)
    crawl.send_signal(signal.SIGINT)
    crawl.communicate(timeout=10)
    # Ended by the signal itself or by its own exit: a shell reports 130 for both.
    assert crawl.returncode in (130, -signal.SIGINT)
    assert run("verify", "--db", desk.db).out == ""


def test_a_second_crawl_is_told_who_holds_the_database(desk: Desk) -> None:
    command = [sys.executable, "-m", "newscrawler", *desk.command("--range", "1-60")]
    first = subprocess.Popen(
        [*command, "-s", "DOWNLOAD_DELAY=0.5"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: bool(desk.asked()))
        second = desk.crawl("--range", "1-60")
        assert second.exit_code == 5
        assert f"process {first.pid} on" in second.err
    finally:
        first.kill()
        first.wait()


def test_readers_work_while_a_crawl_writes(desk: Desk) -> None:
    command = [sys.executable, "-m", "newscrawler", *desk.command("--range", "1-60")]
    crawl = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: len(desk.asked()) > 3)
    with desk.open() as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        assert crawl.wait(60) == 0
    assert len(desk.states()) == 60


def _log_passed(desk: Desk, count: int) -> bool:
    return len(desk.server.log) > count
