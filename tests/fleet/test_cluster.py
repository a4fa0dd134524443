"""The engine on a scheduler of another process's kind: TCP, workers that come and go."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest
from distributed import LocalCluster

from newscrawler import __version__
from newscrawler.exceptions import EngineGoneError, SettingError
from newscrawler.fleet import cluster as module
from newscrawler.fleet.cluster import DaskCluster


def test_a_worker_that_cannot_keep_copies_is_named_once_and_gets_no_paper(
    scheduler: LocalCluster, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "full"
    folder.write_text("no folder")
    engine = DaskCluster(scheduler.scheduler_address, 1, folder)
    assert [engine.workers(), engine.workers()] == [{}, {}]
    (said,) = (record.getMessage() for record in caplog.records)
    assert "cannot keep copies: " in said
    assert "File exists" in said
    assert str(folder) in said
    folder.unlink()
    assert list(engine.workers().values()) == [(folder / "owner").read_text()]
    engine.close()


def test_a_worker_with_another_version_is_named_and_works(
    scheduler: LocalCluster,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "__version__", "9.9")
    engine = DaskCluster(scheduler.scheduler_address, 1, tmp_path)
    assert len(engine.workers()) == 1
    (said,) = (record.getMessage() for record in caplog.records)
    assert said.endswith(f"has newscrawler {__version__}, not 9.9")
    engine.close()


def test_a_server_that_is_no_scheduler_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes the connection and says nothing, as a frozen scheduler does."""
    monkeypatch.setattr(module, "_PATIENCE_S", 0.5)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(EngineGoneError, match="does not answer"),
    ):
        DaskCluster(f"tcp://127.0.0.1:{server.getsockname()[1]}", 1, None)


def test_a_scheduler_that_freezes_is_gone(
    scheduler: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = DaskCluster(scheduler.scheduler_address, 1, None)
    monkeypatch.setattr(module, "_PATIENCE_S", 0.1)
    frozen = threading.Event()
    monkeypatch.setattr(engine._client, "nthreads", frozen.wait)
    with pytest.raises(EngineGoneError, match="does not answer any more"):
        engine.workers()
    frozen.set()
    engine.close()


@pytest.mark.parametrize(
    "address", ["nonsense", "tcp://10.0.0.1", "http://10.0.0.1:1", "tls://x:1"]
)
def test_an_address_that_no_scheduler_can_have_is_a_wrong_setting(address: str) -> None:
    with pytest.raises(SettingError, match="--scheduler must be an address"):
        DaskCluster(address, 1, None)


def test_a_scheduler_that_goes_is_no_end_of_its_tasks(
    scheduler: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE_S", 1.0)
    engine = DaskCluster(scheduler.scheduler_address, 1, tmp_path)
    (worker,) = engine.workers()
    task = engine.submit(worker, time.sleep, 0.5)
    assert engine.finished([task], 0.01) == []
    scheduler.close()

    def wait_for_its_end() -> None:
        for _ in range(50):
            assert engine.finished([task], 0.1) == []
            engine.workers()

    with pytest.raises(EngineGoneError, match="the scheduler does not answer any more"):
        wait_for_its_end()
    engine.close()
