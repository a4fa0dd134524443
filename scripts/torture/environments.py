"""The command where what stands around it is not as it should be."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscrawler.demo.audit import contents
from scripts.torture.crawls import Crawls
from scripts.torture.table import Row

_LONGEST_S = 300.0
_WITHOUT_RIGHTS = (
    ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
    if os.getuid() == 0
    else ()
)
"""Root may write everywhere, unless it gives up that right."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def is_foreseen(self) -> bool:
        """Whether it ended by itself, and not with a traceback."""
        return self.code >= 0 and "Traceback" not in self.err

    @property
    def sentence(self) -> str:
        """What it said last on standard error, without its own name."""
        lines = [line for line in self.err.splitlines() if line.strip()]
        return lines[-1].removeprefix("newscrawler: ")[:200] if lines else ""


class Environments:
    """The cases; each is given the archive of a whole crawl and a server."""

    def __init__(self, crawls: Crawls) -> None:
        self.crawls = crawls
        self.folder = crawls.folder / "environments"
        self.folder.mkdir()
        self.db = self.copy("archive.db")

    def copy(self, name: str) -> Path:
        return Path(shutil.copy(self.crawls.calm, self.folder / name))

    def place(self, name: str) -> Path:
        """For an archive of its own folder: one whose name is nearly another's is a slip."""
        folder = self.folder / name
        folder.mkdir()
        return folder / "a.db"

    def run(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        before: Sequence[str] = (),
        **popen: Any,
    ) -> Done:
        """The command, in a changed environment or behind another command if one is given."""
        done = subprocess.run(
            [*before, sys.executable, "-m", "newscrawler", *arguments],
            capture_output=True,
            env={**os.environ, **(environment or {})},
            timeout=_LONGEST_S,
            check=False,
            **popen,
        )
        out = (done.stdout or b"").decode("utf-8", "replace")
        return Done(done.returncode, out, done.stderr.decode("utf-8", "replace"))

    def crawl(self, *more: str, db: Path | None = None, **run: Any) -> Done:
        with self.crawls.paper() as server:
            arguments = self.crawls.arguments(server, db or self.folder / "new.db")
            return self.run(*arguments[:-2], *more, *arguments[-2:], **run)

    # -- output ----------------------------------------------------------------

    def output_closed_or_full(self) -> Row:
        ended = []
        for sink, command in (("&-", "status"), ("/dev/full", "gaps"), ("/dev/full", "status")):
            line = f'exec "$0" -m newscrawler {command} --db "$1" >{sink}'
            shell = ["bash", "-c", line, sys.executable, str(self.db)]
            done = subprocess.run(shell, stderr=subprocess.PIPE, text=True, check=False)
            ended.append(Done(done.returncode, "", done.stderr))
        return _row("standard output is closed or full", ended, codes=(0, 6))

    def reader_that_has_enough(self) -> Row:
        line = 'set -o pipefail; "$0" -m newscrawler gaps --db "$1" | head -1 >/dev/null'
        shell = ["bash", "-c", line, sys.executable, str(self.db)]
        done = subprocess.run(shell, stderr=subprocess.PIPE, text=True, check=False)
        return _row("`gaps` into `head -1`", [Done(done.returncode, "", done.stderr)], codes=(0,))

    def no_width(self) -> Row:
        done = self.run("status", "--db", str(self.db), environment={"COLUMNS": "0"})
        return _row("`COLUMNS=0`", [done], codes=(0,), also=len(done.out) > 100)

    def other_encodings(self) -> Row:
        ended = [
            self.run("show", "7", "--db", str(self.db), environment=environment)
            for environment in (
                {"PYTHONIOENCODING": "cp949"},
                {"PYTHONIOENCODING": "ascii"},
                {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
                {"LC_ALL": "ko_KR.EUC-KR", "PYTHONUTF8": "0"},
            )
        ]
        return _row("encodings that lack some signs", ended, codes=(0,))

    # -- places ----------------------------------------------------------------

    def folder_in_other_bytes(self) -> Row:
        folder = self.folder / os.fsdecode("신소재".encode("euc-kr"))
        folder.mkdir()
        name = str(shutil.copy(self.db, folder / "a.db"))
        ended = [self.run(command, "--db", name) for command in ("status", "verify")]
        return _row("a folder that is named in EUC-KR", ended, codes=(0, 2, 6))

    def another_reader(self) -> Row:
        """A folder in which one may read, and nothing more: any SQLite, and the program."""
        folder = self._read_only("reading")
        db = folder / "a.db"
        query = f"import sqlite3; c = sqlite3.connect('file:{db}?mode=ro', uri=True)"
        query += "; print(*c.execute('SELECT count(*) FROM articles'))"
        plain = subprocess.run(
            [*_WITHOUT_RIGHTS, sys.executable, "-c", query],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        ended = [Done(plain.returncode, plain.stdout, plain.stderr)]
        for command in (("status",), ("search", "수소"), ("verify",), ("gaps",)):
            ended.append(self.run(*command, "--db", str(db), before=_WITHOUT_RIGHTS))
        left = [path.name for path in folder.iterdir()]
        return _row(
            "Python's own sqlite3, `status`, `search`, `verify`, `gaps` in a read-only folder",
            ended, codes=(0,), also=left == ["a.db"],
        )  # fmt: skip

    def _read_only(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        Path(shutil.copy(self.db, folder / "a.db")).chmod(0o444)
        folder.chmod(0o555)
        return folder

    def where_nothing_can_be_written(self) -> Row:
        db = self._read_only("medium") / "a.db"
        writing = [
            self.run("duplicates", "--db", str(db), before=_WITHOUT_RIGHTS),
            self.crawl(db=db, before=_WITHOUT_RIGHTS),
            self.run("reparse", "--db", str(db), before=_WITHOUT_RIGHTS),
        ]
        blamed = any("not an SQLite database" in done.err for done in writing)
        return _row(
            "`duplicates`, `crawl` and `reparse` where nothing can be written",
            writing, codes=(6,), also=not blamed,
        )  # fmt: skip

    def log_file_nowhere(self) -> Row:
        ended = [
            self.crawl("-s", f"LOG_FILE={place}")
            for place in (self.folder / "no/such/log", self.db, self.folder)
        ]
        return _row("`LOG_FILE` where none can be", ended, codes=(2,))

    def typing_error(self) -> Row:
        done = self.run("status", "--db", str(self.folder / "no/archvie.db"))
        with self.crawls.paper() as server:
            slip = self.run(
                *("crawl", "--base-url", server.base_url, "--max-requests", "3"),
                *("--db", str(self.folder / "no/archvie.db")),
            )
        made = (self.folder / "no").exists()
        return _row("a typing error in `--db`", [done, slip], codes=(2, 6), also=not made)

    def somebody_elses_lock(self) -> Row:
        poetry = self.folder / "poetry.lock"
        poetry.write_text("[[package]]\n", encoding="utf-8")
        done = self.crawl("--max-requests", "3", db=self.folder / "poetry")
        kept = poetry.read_text(encoding="utf-8") == "[[package]]\n"
        return _row("`--db poetry` beside somebody's poetry.lock", [done], codes=(2, 6), also=kept)

    def lock_that_is_a_link(self) -> Row:
        mine = self.folder / "mine.txt"
        mine.write_text("mine\n", encoding="utf-8")
        db = self.copy("linked.db")
        db.with_name("linked.db.lock").symlink_to(mine)
        done = self.crawl("--max-requests", "3", db=db)
        kept = mine.read_text(encoding="utf-8") == "mine\n"
        return _row("the lock file is a symbolic link", [done], codes=(0, 3, 6), also=kept)

    def hard_links(self) -> Row:
        first = self.folder / "first.db"
        with self.crawls.paper() as server:
            held = subprocess.Popen(
                self.crawls.command(server, first, "-s", "DOWNLOAD_DELAY=0.2"),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                _wait(lambda: len(server.log) > 5)
                second = self.folder / "second.db"
                os.link(first, second)
                done = self.run(*self.crawls.arguments(server, second))
            finally:
                held.send_signal(signal.SIGINT)
                held.wait()
        return _row("a second name (hard link) for a database in use", [done], codes=(5,))

    # -- files that were tampered with ---------------------------------------------

    def foreign_schema(self) -> Row:
        trigger = "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM articles; END"
        ended = []
        for number, sql in enumerate((trigger, "DROP TABLE images", "DROP TABLE ledger")):
            db = self.copy(f"foreign-{number}.db")
            with closing(sqlite3.connect(db, isolation_level=None)) as connection:
                connection.execute(sql)
            ended += [self.run("status", "--db", str(db)), self.crawl(db=db)]
        told = all("was changed by another program" in done.err for done in ended)
        return _row("a planted trigger, a table that is gone", ended, codes=(6,), also=told)

    # -- resources ---------------------------------------------------------------

    def few_descriptors(self) -> Row:
        def few() -> None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))

        done = self.crawl("--max-requests", "40", preexec_fn=few, db=self.folder / "few.db")
        return _row("24 file descriptors", [done], codes=(0, 3, 6))

    def no_home(self) -> Row:
        environment = {"HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"}
        ended = [
            self.run("status", "--db", str(self.db), environment=environment),
            self.crawl("--max-requests", "5", environment=environment, db=self.folder / "h.db"),
        ]
        return _row("no home folder", ended, codes=(0, 3))

    def proxies(self) -> Row:
        ended = [
            self.crawl(environment={"http_proxy": proxy, "no_proxy": ""})
            for proxy in ("socks5h://127.0.0.1:9", "ftp://127.0.0.1:9")
        ]
        dead = self.crawl(
            environment={"http_proxy": "http://127.0.0.1:9", "no_proxy": ""},
            db=self.folder / "proxy.db",
        )
        named = "127.0.0.1:9" in dead.out + dead.err
        return _row(
            "`http_proxy` that cannot be used, or does not answer", [*ended, dead],
            codes=(2, 4), also=named,
        )  # fmt: skip

    # -- endings ------------------------------------------------------------------

    def limits_of_scrapy(self) -> Row:
        ended = []
        wrong = 0
        for number, limit in enumerate(
            ("CLOSESPIDER_ITEMCOUNT=5", "CLOSESPIDER_TIMEOUT=1", "CLOSESPIDER_PAGECOUNT=9")
        ):
            db = self.place(f"limit-{number}")
            ended.append(self.crawl("-s", limit, "-s", "DOWNLOAD_DELAY=0.02", db=db))
            with closing(sqlite3.connect(db)) as connection:
                outcome = connection.execute("SELECT outcome FROM runs").fetchone()
                wrong += outcome[0] == "complete"
            self.crawl(db=db)
            wrong += contents(db) != contents(self.crawls.calm)
        return _row(
            "`CLOSESPIDER_…`: no run says complete, and the next one does the rest",
            ended, codes=(3,), also=wrong == 0,
        )  # fmt: skip

    def told_to_end_at_once(self) -> Row:
        ended, running = [], 0
        with self.crawls.paper() as server:
            for number in range(8):
                db = self.place(f"term-{number}")
                process = subprocess.Popen(
                    self.crawls.command(server, db, "-s", "DOWNLOAD_DELAY=0.1"),
                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                )  # fmt: skip
                time.sleep(0.3 * (number + 1))
                process.terminate()
                _, err = process.communicate(timeout=60)
                # Before Python has come to the program, the signal ends it by its default.
                code = 130 if process.returncode == -signal.SIGTERM else process.returncode
                ended.append(Done(code, "", err))
                running += _is_left_running(db)
        return _row(
            "SIGTERM 0.3 to 2.4 s after the start: no run is left “running”",
            ended, codes=(130,), also=running == 0,
        )  # fmt: skip

    def last_day(self) -> Row:
        ended = [
            self.run("search", "수소", "--until", "9999-12-31", "--db", str(self.db)),
            self.run("trend", "수소", "--until", "9999-12-31", "--db", str(self.db)),
            self.run("words", "수소", "--until", "9999-12-31", "--db", str(self.db)),
            self.run("search", "수소", "--since", "0001-01-01", "--db", str(self.db)),
        ]
        return _row("`--until 9999-12-31`, `--since 0001-01-01`", ended, codes=(0,))

    def wrong_arguments(self) -> Row:
        scrapy = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", "amenews", "-a", "rnge=1-5",
             "-s", f"NEWSCRAWLER_DB={self.folder / 'rnge.db'}"],
            capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        ended = [
            self.crawl("-s", "CONTACT=a@b.kr\x85x"),
            self.crawl("-s", "CONTACT=" + "a" * 20_000),
            self.crawl("-s", "RETRY_TIMES=many"),
            Done(scrapy.returncode, "", scrapy.stderr),
        ]
        return _row("settings and arguments that cannot be", ended, codes=(2,))


def _row(what: str, ended: Sequence[Done], *, codes: Sequence[int], also: bool = True) -> Row:
    seen = sorted({done.code for done in ended})
    told = [done.sentence for done in ended if done.sentence]
    for done in ended:
        if not done.is_foreseen or done.code not in codes:
            print(f"  {what}: {done.code} {done.err[-600:]}", flush=True)
    said = f"; “{told[-1]}”" if told and set(seen) != {0} else ""
    holds = also and all(done.is_foreseen and done.code in codes for done in ended)
    ends = ", ".join(map(str, seen))
    return Row(what, _plain(f"exit code {ends}, no traceback in {len(ended)} runs{said}"), holds)


def _plain(text: str) -> str:
    """Without what differs from run to run, nor what would end a cell of the table."""
    words = text.replace("|", "/").split(" ")
    return " ".join("…/" + word.rpartition("/")[2] if "/tmp" in word else word for word in words)


def _is_left_running(db: Path) -> bool:
    if not db.exists() or not db.stat().st_size:
        return False
    with closing(sqlite3.connect(db)) as connection:
        try:
            rows = connection.execute("SELECT 1 FROM runs WHERE outcome = 'running'").fetchall()
        except sqlite3.OperationalError:
            return False  # ended before the tables were made
        return bool(rows)


def _wait(is_true: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.05)


def rows(crawls: Crawls) -> Iterator[Row]:
    """Every case, in order."""
    around = Environments(crawls)
    for case in (
        around.output_closed_or_full,
        around.reader_that_has_enough,
        around.no_width,
        around.other_encodings,
        around.folder_in_other_bytes,
        around.another_reader,
        around.where_nothing_can_be_written,
        around.log_file_nowhere,
        around.typing_error,
        around.somebody_elses_lock,
        around.lock_that_is_a_link,
        around.hard_links,
        around.foreign_schema,
        around.few_descriptors,
        around.no_home,
        around.proxies,
        around.limits_of_scrapy,
        around.told_to_end_at_once,
        around.last_day,
        around.wrong_arguments,
    ):
        yield case()
