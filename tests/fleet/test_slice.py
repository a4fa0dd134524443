"""``newscrawler slice``: the unit of work, against real papers on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newscrawler.demo.audit import contents
from newscrawler.fleet import lease
from newscrawler.fleet.depot import Depot
from tests.conftest import run
from tests.fleet.papers import papers

LATER = datetime.now(UTC) + timedelta(hours=1)


def sliced(done: Any) -> dict[str, Any]:
    """The summary of a slice of one paper."""
    summary: dict[str, Any] = json.loads(done.out)
    return summary


def test_a_slice_goes_on_where_another_machine_has_stopped(url: str, tmp_path: Path) -> None:
    with papers(tmp_path / "sites", 1) as served:
        sites = str(tmp_path / "sites")
        plain = run("crawl", "paper1", cwd=tmp_path, NEWSCRAWLER_SITES=sites)
        asked = len(served["paper1"].log)
        served["paper1"].log.clear()
        base = ("slice", "paper1", "--depot", url, "--new", "--minutes", "5", "--json")
        done = run(
            *(*base, "--folder", "one", "-s", "MAX_REQUESTS=12"),
            cwd=tmp_path,
            NEWSCRAWLER_SITES=sites,
        )
        first = sliced(done)
        assert (done.exit_code, first["outcome"], first["version"]) == (3, "budget", 1)
        done = run(*base, "--folder", "two", cwd=tmp_path, NEWSCRAWLER_SITES=sites)
        second = sliced(done)
        assert (done.exit_code, done.err) == (0, "")
        assert (second["version"], second["unshipped"]) == (2, False)
        assert first["owner"] != second["owner"]
        assert len(served["paper1"].log) <= asked + 2 * 4
    assert plain.exit_code == 0
    assert contents(tmp_path / "two" / "paper1.db") == contents(tmp_path / "data" / "paper1.db")
    head = Depot.open(url).head("paper1")
    assert head
    assert (head.outcome, head.left, head.by) == ("complete", 0, second["owner"])
    assert head.settled == len(contents(tmp_path / "two" / "paper1.db")["ledger"])


def test_an_end_that_comes_before_the_slices_own_is_kept(tmp_path: Path) -> None:
    url = str(tmp_path / "depot")
    with papers(tmp_path / "sites", 1) as served:
        done = run(
            *("slice", "paper1", "--depot", url, "--new", "--minutes", "5", "--json"),
            *("-s", "UNTIL=2026-07-01T00:00:00Z"),
            cwd=tmp_path,
            NEWSCRAWLER_SITES=str(tmp_path / "sites"),
        )
        assert served["paper1"].log == []
    assert done.exit_code == 3


def test_a_lane_that_is_leased_elsewhere_is_not_asked(tmp_path: Path) -> None:
    url = str(tmp_path / "depot")
    with papers(tmp_path / "sites", 2) as served:
        lease.claim(Depot.open(url, new=True).objects, "paper1", "another", LATER)
        done = run(
            *("slice", "paper1", "paper2", "--depot", url, "--minutes", "5", "--json"),
            cwd=tmp_path,
            NEWSCRAWLER_SITES=str(tmp_path / "sites"),
        )
        assert served["paper1"].log == []
    outcomes = {summary["site"]: summary for summary in json.loads(done.out)}
    assert done.exit_code == 5
    assert outcomes["paper1"]["outcome"] == "locked"
    assert outcomes["paper1"]["until"].startswith(f"{LATER:%Y-%m-%dT%H:%M}")
    assert outcomes["paper2"]["outcome"] == "complete"


def lose_the_lease(tmp_path: Path) -> tuple[int, str, str]:
    """Run a slice whose lease another machine takes meanwhile; its exit code and outputs."""
    url = str(tmp_path / "depot")
    with papers(tmp_path / "sites", 1, delay=0.05) as served:
        command = ("slice", "paper1", "--depot", url, "--new", "--minutes", "5", "--json")
        slow = subprocess.Popen(
            [sys.executable, "-m", "newscrawler", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "NEWSCRAWLER_SITES": str(tmp_path / "sites")},
        )
        while not served["paper1"].log and slow.poll() is None:
            time.sleep(0.02)
        objects = Depot.open(url).objects
        found = objects.get(lease.key("paper1"))
        held = lease.read(objects, "paper1")
        assert found
        assert held
        taken = lease._text(replace(held, owner="another", token="another"))
        assert objects.swap(lease.key("paper1"), taken, found.tag)
        out, err = slow.communicate(timeout=60)
    return slow.returncode, out, err


def test_work_that_cannot_be_set_aside_stays_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "aside").touch()  # no folder can have this name
    code, out, err = lose_the_lease(tmp_path)
    assert (code, json.loads(out)["outcome"]) == (6, "storage"), err
    assert contents(tmp_path / "data" / "paper1.db")["ledger"]


def test_whom_the_lease_has_left_is_fenced_and_keeps_his_work(tmp_path: Path) -> None:
    url = str(tmp_path / "depot")
    code, out, err = lose_the_lease(tmp_path)
    assert (code, json.loads(out)["outcome"]) == (5, "fenced")
    assert "the lease of paper1 has gone to another machine" in err
    (aside,) = (tmp_path / "data" / "aside").glob("*.db")
    assert contents(aside)["ledger"]
    assert Depot.open(url).versions("paper1") == []
    assert [note.file for note in Depot.open(url).asides("paper1")] == [str(aside)]
    kept = lease.read(Depot.open(url).objects, "paper1")
    assert kept
    assert kept.token == "another"


def test_a_damaged_copy_says_what_to_do_and_is_not_shipped(tmp_path: Path) -> None:
    with papers(tmp_path / "sites", 1, size=4):
        sites = str(tmp_path / "sites")
        command = ("slice", "paper1", "--depot", "depot", "--new", "--minutes", "5", "--json")
        run(*command, cwd=tmp_path, NEWSCRAWLER_SITES=sites)
        copy = tmp_path / "data" / "paper1.db"
        copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
        told = sliced(run(*command, cwd=tmp_path, NEWSCRAWLER_SITES=sites))
        assert (told["outcome"], told["exit_code"], told["version"]) == ("storage", 6, 1)
        assert "if it is damaged, move it away" in told["diagnosis"]
        copy.rename(tmp_path / "away.db")
        told = sliced(run(*command, cwd=tmp_path, NEWSCRAWLER_SITES=sites))
    assert told["outcome"] == "complete"


STOPS = """
import sys, time
from newscrawler.fleet.folder import FolderObjects
def stop(*_, **__):
    print("stopped", flush=True)
    time.sleep(60)
setattr(FolderObjects, sys.argv.pop(1), stop)
from newscrawler.cli import main
main()
"""
"""The command, but a call of its depot takes a minute."""


@pytest.mark.parametrize(
    ("call", "crawled"),
    [("keys", False), ("upload", True)],
    ids=["between claim and crawl", "while it ships"],
)
def test_an_interrupted_slice_gives_its_lane_back_and_loses_nothing(
    call: str, crawled: bool, tmp_path: Path
) -> None:
    url = str(tmp_path / "depot")
    depot = Depot.open(url, new=True)
    with papers(tmp_path / "sites", 1, size=4) as served:
        command = ("slice", "paper1", "--depot", url, "--minutes", "5", "--json")
        sites = str(tmp_path / "sites")
        slow = subprocess.Popen(
            [sys.executable, "-c", STOPS, call, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "NEWSCRAWLER_SITES": sites},
        )
        assert slow.stdout
        assert slow.stdout.readline() == "stopped\n"
        slow.terminate()
        _, err = slow.communicate(timeout=60)
        assert (slow.returncode, "Traceback" in err) == (130, False)
        asked = len(served["paper1"].log)
        assert bool(asked) is crawled
        held = lease.read(depot.objects, "paper1")
        assert held
        assert held.ends <= datetime.now(UTC)
        assert depot.head("paper1") is None
        kept = contents(tmp_path / "data" / "paper1.db")["articles"] if asked else []
        done = run(*command, cwd=tmp_path, NEWSCRAWLER_SITES=sites)
    told = sliced(done)
    assert (done.exit_code, told["outcome"], told["version"]) == (0, "complete", 1)
    assert set(kept) <= set(contents(tmp_path / "data" / "paper1.db")["articles"])


def test_a_paper_that_is_named_twice_is_crawled_once(tmp_path: Path) -> None:
    with papers(tmp_path / "sites", 1, size=2):
        done = run(
            *("slice", "paper1", "paper1", "--depot", "depot", "--new", "--minutes", "5"),
            "--json",
            cwd=tmp_path,
            NEWSCRAWLER_SITES=str(tmp_path / "sites"),
        )
    assert (done.exit_code, sliced(done)["version"]) == (0, 1)


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (("--minutes", "0"), 2, "--minutes must be more than 0"),
        (("--minutes", "1", "--depot", "gs://x"), 2, "a depot must be a folder or s3:"),
        (("--minutes", "1", "--depot", "/dev/null/depot"), 2, "cannot be created"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(
    given: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    done = run("slice", "amenews", "--new", "--depot", "depot", *given, cwd=tmp_path)
    assert (done.exit_code, done.err.count("\n")) == (code, 1)
    assert said in done.err
