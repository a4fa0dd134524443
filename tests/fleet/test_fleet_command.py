"""``newscrawler fleet``: the commands, on a cluster within one process and a folder as depot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pytest
from click.testing import CliRunner, Result
from deltalake import DeltaTable, write_deltalake
from distributed import LocalCluster

from newscrawler.cli import cli
from newscrawler.demo.audit import contents, manners
from newscrawler.exceptions import DamagedError
from newscrawler.fleet import lease
from newscrawler.fleet.depot import Depot
from newscrawler.fleet.lake import Lake
from newscrawler.store.store import Store
from tests.conftest import run
from tests.fleet.papers import papers
from tests.making import article, keep


def invoke(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)), env=environment)


def test_a_folder_is_all_that_a_fleet_needs(tmp_path: Path) -> None:
    with papers(tmp_path / "sites", 2, size=4) as served:
        sites = str(tmp_path / "sites")
        plain = run("crawl", *served, cwd=tmp_path, NEWSCRAWLER_SITES=sites)
        asked = {name: len(server.log) for name, server in served.items()}
        for server in served.values():
            server.log.clear()
        done = run(
            *("fleet", "crawl", *served, "--depot", "depot", "--new", "--minutes", "3"),
            *("--workers", "2", "--folder", "copies", "--json"),
            cwd=tmp_path,
            NEWSCRAWLER_SITES=sites,
        )
        again = {name: len(server.log) for name, server in served.items()}
        assert max(manners(server.log).most_at_once for server in served.values()) == 1
    assert (plain.exit_code, done.exit_code, done.err) == (0, 0, "")
    assert {one["site"]: one["outcome"] for one in json.loads(done.out)} == dict.fromkeys(
        served, "complete"
    )
    assert all(again[name] <= asked[name] + 3 for name in served)
    for name in served:
        copy, whole = tmp_path / "copies" / f"{name}.db", tmp_path / "data" / f"{name}.db"
        assert contents(copy) == contents(whole)
    told = json.loads(
        invoke(
            "fleet", "status", "--depot", tmp_path / "depot", "--json", NEWSCRAWLER_SITES=sites
        ).stdout
    )
    assert [one["site"] for one in told] == sorted(served)
    for one in told:
        assert (one["version"], one["outcome"], one["left"]) == (1, "complete", 0)
        assert (one["settled_share"], one["is_overdue"], one["lease"]) == (1.0, False, None)
        assert one["troubles"] == []


@pytest.fixture
def depot(tmp_path: Path) -> Path:
    """A depot with two papers, pushed from archives of today."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("amenews", "krnews21"):
        made = (article(n, f"제목 {n}", f"본문 {n}") for n in range(1, 6))
        keep(folder / f"{name}.db", *made, site=name)
        done = invoke(
            "fleet", "push", name, "--new", "--depot", tmp_path / "depot", "--folder", folder
        )
        assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    return tmp_path / "depot"


def test_a_copy_is_pulled_and_work_of_another_history_is_not_pushed(
    depot: Path, tmp_path: Path
) -> None:
    base = ("--depot", depot, "--folder", tmp_path / "two")
    assert invoke("fleet", "pull", "amenews", *base).exit_code == 0
    copy = tmp_path / "two" / "amenews.db"
    assert copy.read_bytes() == (tmp_path / "data" / "amenews.db").read_bytes()
    keep(copy, article(9, "아홉", "본문"))
    assert invoke("fleet", "push", "amenews", *base).exit_code == 0
    keep(tmp_path / "data" / "amenews.db", article(8, "여덟", "본문"))
    refused = invoke("fleet", "push", "amenews", "--depot", depot, "--folder", tmp_path / "data")
    assert refused.exit_code == 5
    assert "pull first" in refused.stderr
    before = invoke("fleet", "pull", "amenews", *base, "--version", "1")
    assert before.exit_code == 0
    assert (tmp_path / "two" / "amenews-1.db").exists()
    kept = invoke("fleet", "pull", "amenews", "--depot", depot, "--folder", tmp_path / "data")
    assert kept.exit_code == 0
    assert len(list((tmp_path / "data" / "aside").glob("*.db"))) == 1
    (told,) = json.loads(invoke("fleet", "status", "amenews", "--depot", depot, "--json").stdout)
    assert (told["version"], len(told["set_aside"])) == (2, 1)


def test_an_archive_that_the_depot_has_is_not_pushed_again(depot: Path, tmp_path: Path) -> None:
    done = invoke("fleet", "push", "amenews", "--depot", depot, "--folder", tmp_path / "data")
    assert (done.exit_code, done.stderr) == (0, "amenews is version 1 in the depot already\n")
    assert Depot.open(str(depot)).versions("amenews") == [1]


def test_status_tells_who_has_a_lane_and_what_is_wrong(depot: Path, tmp_path: Path) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    lease.claim(Depot.open(str(depot)).objects, "amenews", "somebody", until)
    (depot / "krnews21" / "v" / "000000001.json").write_text("{}")
    sites = tmp_path / "sites"
    sites.mkdir()
    shown = Path(__file__).parents[2] / "newscrawler" / "sites" / "amenews.toml"
    text = shown.read_text("utf-8").replace("first_idx = 1", "first_idx = 2")
    (sites / "amenews.toml").write_text(text, "utf-8")
    done = invoke("fleet", "status", "--depot", depot, "--json", NEWSCRAWLER_SITES=str(sites))
    amenews, krnews21 = json.loads(done.stdout)
    assert amenews["lease"]["owner"] == "somebody"
    assert "another site file" in amenews["troubles"][0]
    assert "cannot be read" in krnews21["troubles"][0]
    assert krnews21["is_overdue"]
    shown_to_people = invoke("fleet", "status", "--depot", depot)
    assert "until" in shown_to_people.stdout


def test_a_depot_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    done = invoke("fleet", "status", "--depot", tmp_path / "none")
    assert (done.exit_code, done.stderr) == (
        2,
        f"newscrawler: there is no depot at {tmp_path / 'none'}\n",
    )
    assert not (tmp_path / "none").exists()


def test_an_archive_of_several_papers_is_not_pushed(tmp_path: Path) -> None:
    path = keep(tmp_path / "amenews.db", article(1, "하나"))
    keep(path, article(1, "하나"), site="krnews21")
    done = invoke(
        "fleet", "push", "amenews", "--new", "--depot", tmp_path / "depot", "--folder", tmp_path
    )
    assert done.exit_code == 2
    assert "also holds krnews21" in done.stderr


def test_the_plan_counts_what_is_left(depot: Path) -> None:
    done = invoke(
        "fleet", "plan", "amenews", "--depot", depot, "--json", "-s", "CONTACT=a@b.example"
    )
    plan = json.loads(done.stdout)
    (lane,) = plan["lanes"]
    assert (lane["lane"], lane["papers"], plan["processes"]) == ("amenews", ["amenews"], 1)


def test_reading_again_is_a_slice_without_requests(depot: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "data" / "amenews.db") as store, store.transaction() as connection:
        connection.execute("UPDATE captures SET parser_version = 0")
    done = run(
        *("fleet", "reparse", "amenews", "--here", "--depot", depot, "--json"),
        *("--folder", tmp_path / "data"),
        cwd=tmp_path,
    )
    (told,) = json.loads(done.out)
    assert (done.exit_code, told["outcome"], told["read"]) == (0, "complete", 5)
    assert told["version"] == 2


def test_a_cluster_reads_again_in_the_folder_of_its_worker(
    depot: Path, scheduler: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSCRAWLER_FOLDER", str(tmp_path / "worker"))
    done = run(
        *("fleet", "reparse", "amenews", "--depot", depot, "--json"),
        *("--scheduler", scheduler.scheduler_address),
        cwd=tmp_path,
    )
    assert done.exit_code == 0, done.err
    (told,) = json.loads(done.out)
    assert (told["outcome"], told["read"]) == ("complete", 5)
    assert told["owner"] == (tmp_path / "worker" / "owner").read_text()
    assert (tmp_path / "worker" / "amenews.db").exists()


def test_an_address_that_no_scheduler_can_have_is_one_sentence(depot: Path, tmp_path: Path) -> None:
    done = run(
        *("fleet", "crawl", "--depot", depot, "--minutes", "1", "--scheduler", "nonsense"),
        cwd=tmp_path,
    )
    assert (done.exit_code, done.err.count("\n")) == (2, 1)
    assert "--scheduler must be an address such as tcp:" in done.err


@pytest.mark.parametrize("given", ["0", "-1", "nan", "inf", "1e12"])
@pytest.mark.parametrize(
    "command",
    [
        ("crawl", "amenews", "--minutes"),
        ("crawl", "amenews", "--minutes", "1", "--slice-minutes"),
        ("reparse", "amenews", "--minutes"),
        ("status", "--overdue"),
    ],
    ids=" ".join,
)
def test_a_length_of_time_that_cannot_be_is_one_sentence(
    command: tuple[str, ...], given: str, tmp_path: Path
) -> None:
    done = invoke("fleet", *command, given, "--depot", tmp_path / "depot")
    assert (done.exit_code, "must be more than 0 and at most" in done.stderr) == (2, True)


def test_an_interrupted_driver_interrupts_its_slices_which_ship_what_they_have(
    tmp_path: Path,
) -> None:
    with papers(tmp_path / "sites", 1, size=400, delay=0.05) as served:
        command = ("fleet", "crawl", "paper1", "--depot", "depot", "--new", "--minutes", "5")
        driver = subprocess.Popen(
            [sys.executable, "-m", "newscrawler", *command],
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "NEWSCRAWLER_SITES": str(tmp_path / "sites")},
        )
        while len(served["paper1"].log) < 5 and driver.poll() is None:
            time.sleep(0.02)
        driver.terminate()
        _, err = driver.communicate(timeout=60)
    assert (driver.returncode, err) == (130, "")
    depot = Depot.open(str(tmp_path / "depot"))
    head, left = depot.head("paper1"), lease.read(depot.objects, "paper1")
    assert head
    assert left
    assert head.outcome == "interrupted"
    assert left.ends <= datetime.now(UTC)


def test_an_address_without_a_depot_begins_none(tmp_path: Path) -> None:
    for command in (
        ("slice", "amenews", "--minutes", "1"),
        ("fleet", "crawl", "amenews", "--minutes", "1"),
        ("fleet", "reparse", "amenews"),
        ("fleet", "collect", "--lake", str(tmp_path / "lake")),
    ):
        done = invoke(*command, "--depot", tmp_path / "dpot")
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(f"newscrawler: there is no depot at {tmp_path / 'dpot'}")
    assert list(tmp_path.iterdir()) == []


def test_a_driver_loads_nothing_that_only_a_crawl_or_the_depot_needs() -> None:
    script = "import sys, newscrawler.cli.fleet.crawl; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    heavy = {"backports", "distributed", "lxml", "numpy", "obstore", "pandas", "pyarrow", "rich"}
    heavy |= {"scrapy", "sqlite3", "twisted"}
    assert loaded & heavy == set()


def test_all_papers_are_one_dataset(depot: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    base = ("fleet", "collect", "--depot", depot, "--lake", lake)
    done = invoke(*base)
    assert done.exit_code == 0, done.stderr
    assert done.stderr == ("amenews: version 1, 5 articles\nkrnews21: version 1, 5 articles\n")
    assert invoke(*base).stderr == ""

    copy = ("--depot", depot, "--folder", tmp_path / "data")
    keep(tmp_path / "data" / "amenews.db", article(6, "여섯", "본문 6"))
    assert invoke("fleet", "push", "amenews", *copy).exit_code == 0
    assert invoke(*base).stderr == "amenews: version 2, 6 articles\n"

    articles = DeltaTable(str(lake / "articles"))
    rows = articles.to_pyarrow_table()
    frame: pandas.DataFrame = rows.to_pandas()
    assert len(frame) == len(frame.drop_duplicates(["site", "idx"])) == 11
    assert polars.read_delta(str(lake / "articles")).filter(site="amenews").height == 6
    assert polars.read_delta(str(lake / "ledger"))["state"].unique().to_list() == ["article"]
    connection = duckdb.connect()
    connection.register("articles", rows)
    found = connection.execute(
        "SELECT title, count(DISTINCT site) FROM articles GROUP BY title, body"
        " HAVING count(DISTINCT site) > 1 ORDER BY title"
    ).fetchall()
    assert found == [(f"제목 {n}", 2) for n in range(1, 6)]
    connection.close()


def test_a_damaged_archive_is_named_and_the_other_papers_are_collected(
    depot: Path, tmp_path: Path
) -> None:
    (part,) = (depot / "amenews" / "f").iterdir()
    part.write_bytes(part.read_bytes()[:100])
    lake = tmp_path / "lake"
    done = invoke("fleet", "collect", "--depot", depot, "--lake", lake)
    assert done.exit_code == 6
    damaged, collected = done.stderr.splitlines()
    assert "version 1 of amenews cannot be restored" in damaged
    assert collected == "krnews21: version 1, 5 articles"
    assert DeltaTable(str(lake / "articles")).to_pyarrow_table().num_rows == 5


@pytest.mark.parametrize(
    ("lake", "code", "said"),
    [
        ("s3://", 2, "a lake must be a folder or s3:"),
        ("s3:/x", 2, "a lake must be a folder or s3:"),
        ("ftp://x", 2, "a lake must be a folder or s3:"),
        ("file", 6, "File exists"),
        ("other", 6, "Cannot cast schema"),
    ],
)
def test_a_lake_that_cannot_be_used_is_one_sentence(
    lake: str, code: int, said: str, depot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    foreign = pyarrow.table({"site": ["amenews"], "colour": ["red"]})
    write_deltalake("other/articles", foreign, partition_by=["site"])
    before = sorted(Path().iterdir())
    done = invoke("fleet", "collect", "--depot", depot, "--lake", lake)
    assert (done.exit_code, done.stderr.count("\n")) == (code, 1)
    assert said in done.stderr
    assert sorted(Path().iterdir()) == before


def test_an_archive_that_is_none_is_damage(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"no database" * 1000)
    with pytest.raises(DamagedError, match="version 3 of amenews is no archive"):
        Lake(str(tmp_path / "lake")).collect(tmp_path / "a.db", "amenews", 3)


def test_a_collector_that_was_killed_leaves_each_row_once(
    depot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newscrawler.fleet import lake as module

    base = ("fleet", "collect", "--depot", depot, "--lake", tmp_path / "lake")
    whole = module.Lake._replace

    def killed(self: module.Lake, table: str, *arguments: object) -> None:
        if table == "revisions":
            raise KeyboardInterrupt
        whole(self, table, *arguments)  # type: ignore[arg-type]  # passed on as they came

    for _ in range(3):
        monkeypatch.setattr(module.Lake, "_replace", killed)
        assert invoke(*base).exit_code != 0
        monkeypatch.undo()
        rows = DeltaTable(str(tmp_path / "lake" / "articles")).to_pyarrow_table().to_pylist()
        assert len({(row["site"], row["idx"]) for row in rows}) == len(rows) > 0
    assert invoke(*base).exit_code == 0
    assert len(DeltaTable(str(tmp_path / "lake" / "revisions")).to_pyarrow_table()) == 10
