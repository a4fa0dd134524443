"""The machines of the local fleet: Dask workers with a folder and a process group each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


class Machine:
    """A Dask worker with a folder of its own, in a process group of its own."""

    def __init__(self, folder: Path, scheduler: str, environment: Mapping[str, str]) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._command = [
            *(sys.executable, "-m", "distributed.cli.dask_worker", scheduler, "--no-nanny"),
            *("--nthreads", "1", "--no-dashboard", "--death-timeout", "600"),
        ]
        self._environment = {
            **environment,
            "NEWSCRAWLER_FOLDER": str(folder / "data"),
            # In the user agent, so that a paper's log tells the machines apart.
            "NEWSCRAWLER_CONTACT": f"{folder.name}@fleet.example",
        }
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                self._command, cwd=self.folder, env=self._environment, stdout=log, stderr=log
            )

    def restart_if_dead(self) -> None:
        """What systemd does with Restart=always."""
        if self.process.poll() is not None:
            self.process = self._start()

    def slices(self) -> list[int]:
        """Process ids of the slices that run in this folder, orphans included."""
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                ours = entry.name.isdigit() and (entry / "cwd").resolve() == self.folder
                if ours and b"\0slice\0" in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
        return found

    def send(self, number: signal.Signals, *, worker: bool, crawl: bool) -> None:
        if crawl:
            for pid in self.slices():
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
        if worker and self.process.poll() is None:
            self.process.send_signal(number)

    def stop(self) -> None:
        self.send(signal.SIGCONT, worker=True, crawl=True)
        self.send(signal.SIGKILL, worker=True, crawl=True)
        self.process.wait()


class Peak(threading.Thread):
    """The most memory that a process has had; looks every second until it ends."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        super().__init__(daemon=True)
        self.megabytes = 0
        self._process = process
        self.start()

    def run(self) -> None:
        while self._process.poll() is None:
            with suppress(OSError, IndexError):
                status = Path(f"/proc/{self._process.pid}/status").read_text("utf-8")
                self.megabytes = int(status.split("VmHWM:")[1].split()[0]) // 1024
            time.sleep(1)
