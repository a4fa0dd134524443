"""The depot alone: races of two machines, the cost of a slice, a large archive."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from newscrawler import sites
from newscrawler.exceptions import FencedError
from newscrawler.fleet import lease
from newscrawler.fleet.copy import Copy
from newscrawler.fleet.depot import Depot
from newscrawler.store.store import Store
from scripts.torture.table import Row
from scripts.torture_fleet.fleet import SEED, Fleet
from tests.fleet.conftest import object_store
from tests.making import article, keep


def races(fleet: Fleet) -> Iterator[Row]:
    place = Path(tempfile.mkdtemp(dir=fleet.folder))
    with object_store(place) as s3:
        os.environ.update(s3)
        for url in (str(place / "depot"), "s3://tests/races"):
            yield _races(url, place)


def _races(url: str, place: Path) -> Row:
    """Two shippers of one version, a hundred times."""
    depot, site = Depot.open(url, new=True), sites.load("amenews")
    kind = "a bucket" if "://" in url else "a folder"
    folders = [place / f"{kind[2:]}{n}" for n in range(2)]
    copies = []
    for number, folder in enumerate(folders):
        folder.mkdir()
        keep(folder / "amenews.db", article(number + 1, f"제목 {number}"))
        copies.append(Copy(folder, site))
    claim = lease.claim(depot.objects, "amenews", "races", datetime.now(UTC) + timedelta(hours=1))
    head, single = None, 0
    for turn in range(100):

        def ship(copy: Copy, before: Any = head) -> Any:
            own = replace(claim.lease, token=str(copy.path))
            try:
                return copy.ship(depot, own, lambda: True, {}, before)
            except FencedError:
                return None

        with ThreadPoolExecutor(2) as pool:
            won = [made for made in pool.map(ship, copies) if made]
        single += len(won) == 1
        head = won[0]
        for number, copy in enumerate(copies):
            copy.freshen(depot, "races")
            keep(copy.path, article(2 * turn + number + 10, f"제목 {turn} {number}"))
    aside = sum(len(list((folder / "aside").glob("*.db"))) for folder in folders)
    return Row(
        f"100 races of two shippers, {kind}",
        f"{single} single winners, {len(depot.versions('amenews'))} manifests, {aside} set aside",
        single == 100 and len(depot.versions("amenews")) == 100 and aside == 100,
    )


def cost(fleet: Fleet) -> Iterator[Row]:
    with fleet.store():
        yield _cost("s3://tests/cost", fleet.folder)


class _Counted:
    """A place of objects that counts what is asked of it."""

    def __init__(self, objects: Any) -> None:
        self.objects, self.asked = objects, 0

    def __getattr__(self, name: str) -> Any:
        self.asked += 1
        return getattr(self.objects, name)


def _cost(url: str, folder: Path) -> Row:
    """Claim, fetch and ship of papers with a day's articles more, without the crawl."""
    counted = _Counted(Depot.open(url, new=True).objects)
    depot, site = Depot(counted), sites.load("amenews")
    spent: dict[str, float] = dict.fromkeys(("claim", "fetch", "ship", "release"), 0.0)
    turns, asked, moved = 10, 0, 0
    dice = random.Random(SEED)

    def text() -> str:
        return " ".join(str(dice.randrange(10**6)) for _ in range(400))

    copy = Copy(folder / "cost", site)
    copy.path.parent.mkdir()
    keep(copy.path, *(article(n, f"제목 {n}", text()) for n in range(1, 801)))
    for turn in range(turns + 1):
        keep(copy.path, *(article(5000 + 15 * turn + n, "제목", text()) for n in range(15)))
        counted.asked, began = 0, time.process_time()
        until = datetime.now(UTC) + timedelta(hours=1)
        claim = lease.claim(depot.objects, "amenews", "cost", until)
        marks = [began, time.process_time()]
        head = copy.freshen(depot, "cost")
        marks.append(time.process_time())
        made = copy.ship(depot, claim.lease, lambda claim=claim: claim.still_stands, {}, head)
        marks.append(time.process_time())
        claim.release()
        marks.append(time.process_time())
        if turn:  # the first ships a whole file
            asked += counted.asked
            moved += made.parts[-1].bytes
            for name, (a, b) in zip(spent, pairwise(marks), strict=True):
                spent[name] += b - a
    told = ", ".join(f"{name} {s / turns * 1000:.0f} ms" for name, s in spent.items())
    return Row(
        "what a slice costs beside its crawl, a paper with 15 articles more",
        f"{told} of processor; {asked / turns:.0f} requests to the store (and 3 a slice);"
        f" {moved / turns / 1000:.0f} kB shipped",
        sum(spent.values()) / turns < 0.3,
    )


def weight(fleet: Fleet) -> Iterator[Row]:
    yield _weight(fleet.folder)


_SHIP = """
import sys, time
from pathlib import Path
from datetime import UTC, datetime, timedelta
from newscrawler import sites
from newscrawler.fleet import lease
from newscrawler.fleet.copy import Copy
from newscrawler.fleet.depot import Depot
depot, site = Depot.open(sys.argv[1], new=True), sites.load("amenews")
copy = Copy(Path(sys.argv[2]), site)
claim = lease.claim(depot.objects, "amenews", "weight", datetime.now(UTC) + timedelta(hours=1))
head = depot.head("amenews")
began = time.process_time()
made = copy.ship(depot, claim.lease, lambda: True, {}, head)
memory = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
print(sum(p.bytes for p in made.parts) - (sum(p.bytes for p in head.parts) if head else 0),
      time.process_time() - began, memory)
"""


def _weight(folder: Path) -> Row:
    """A large archive and fifteen articles more."""
    data, depot = folder / "heavy", folder / "heavy-depot"
    data.mkdir()
    path = data / "amenews.db"
    dice = random.Random(SEED)
    keep(path, article(1, "하나", "본문"))
    number = 2
    # As much as 60,000 articles weigh: mostly answers, which are packed and do not pack again.
    with Store.open(path) as store:
        columns = (
            "site, fetched_at, url, http_status, headers, body_length, dictionary_id,"
            " digest, verdict, layout, parser_version"
        )
        while path.stat().st_size < 350_000_000:
            with store.transaction() as connection:
                connection.executemany(
                    f"INSERT INTO captures (idx, body, {columns})"
                    f" SELECT ?, ?, {columns} FROM captures WHERE id = 1",
                    [(number + n, dice.randbytes(6000)) for n in range(5000)],
                )
                number += 5000
            store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def ship() -> list[float]:
        done = subprocess.run(
            [sys.executable, "-c", _SHIP, str(depot), str(data)],
            capture_output=True,
            text=True,
            check=True,
        )
        return [float(word) for word in done.stdout.split()]

    def text() -> str:
        return " ".join(str(dice.randrange(10**6)) for _ in range(400))

    first = ship()
    keep(path, *(article(number + n, f"제목 {number + n}", text()) for n in range(15)))
    moved, cpu, memory = ship()
    shipped = Depot.open(str(depot), new=True)
    head = shipped.head("amenews")
    assert head is not None
    restored = folder / "heavy-restored.db"
    shipped.fetch(head, restored)
    same = restored.read_bytes() == path.read_bytes()
    return Row(
        f"{head.size / 1e6:.0f} MB + 15 articles",
        f"first {first[0] / 1e6:.0f} MB, then {moved / 1e6:.2f} MB shipped, {cpu:.1f} s of"
        f" processor, {memory / 1024:.0f} MB of memory; restored"
        f" {'equal' if same else 'NOT equal'} to the byte",
        same and moved <= 1e6 and cpu <= 2.0 and memory <= 150 * 1024,
    )
