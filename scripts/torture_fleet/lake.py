"""The dataset of all papers, while the collecting process is killed."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from newscrawler import sites
from newscrawler.fleet import lease
from newscrawler.fleet.copy import Copy
from newscrawler.fleet.depot import Depot
from newscrawler.fleet.local import owner_of
from scripts.torture.table import Row
from scripts.torture_fleet.fleet import SEED, Fleet
from tests.making import article, keep

KILLS = 12


def lake(fleet: Fleet) -> Iterator[Row]:
    from deltalake import DeltaTable
    from deltalake.exceptions import TableNotFoundError

    depot, lake = fleet.folder / "lake-depot", fleet.folder / "lake"
    folder = fleet.folder / "lake-data"
    folder.mkdir()
    store = Depot.open(str(depot), new=True)
    for name in list(sites.load_all())[:5]:
        made = (article(n, f"제목 {n}", f"본문 {n}\n\n" * 20) for n in range(1, 301))
        copy = Copy(folder, sites.load(name))
        keep(copy.path, *made, site=name)
        until = datetime.now(UTC) + timedelta(hours=1)
        claim = lease.claim(store.objects, name, owner_of(folder), until)
        copy.ship(store, claim.lease, lambda: True, {}, None)
    command = [
        *(sys.executable, "-m", "newscrawler", "fleet", "collect", "--all"),
        *("--depot", str(depot), "--lake", str(lake)),
    ]
    dice, wrong, killed = random.Random(SEED), 0, 0
    while killed < KILLS:
        one = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(1.0, 4.0))
        if one.poll() is not None:  # nothing is left to collect: begin again
            shutil.rmtree(lake)
            continue
        one.kill()
        one.wait()
        killed += 1
        with suppress(TableNotFoundError):
            rows = DeltaTable(str(lake / "articles")).to_pyarrow_table(columns=["site", "idx"])
            keys = [(row["site"], row["idx"]) for row in rows.to_pylist()]
            wrong += len(set(keys)) != len(keys)
    done = subprocess.run(command, capture_output=True, check=False).returncode
    rows = DeltaTable(str(lake / "articles")).to_pyarrow_table(columns=["site", "idx"])
    yield Row(
        f"collect killed {killed} times",
        f"{wrong} snapshots with a row twice; at the end {rows.num_rows} articles of 5 papers",
        wrong == 0 and done == 0 and rows.num_rows == 1500,
    )
