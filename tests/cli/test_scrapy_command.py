"""``scrapy crawl`` is the job of ``newscrawler crawl``: what it refuses, how it ends."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest
from scrapy.cmdline import _get_commands_dict
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from newscrawler import settings as project_settings
from newscrawler.cli.scrapy_commands.crawl import Command
from newscrawler.outcomes import EXIT_STORAGE, EXIT_UNSETTLED, EXIT_USAGE
from tests.conftest import Desk

BASE = {"base_url": "http://127.0.0.1:9"}


def scrapy_crawl(
    paper: str = "amenews",
    arguments: dict[str, str] | None = None,
    settings: dict[str, str] | None = None,
) -> int:
    """The command as Scrapy calls it, up to the point where it refuses."""
    command = Command()
    command.settings = Settings()
    command.settings.setmodule(project_settings, "project")
    command.settings.setdict(settings or {}, "cmdline")
    command.run([paper], Namespace(spargs={**BASE, **(arguments or {})}))
    return command.exitcode


def test_it_is_the_command_that_scrapy_finds() -> None:
    settings = Settings()
    settings.setmodule(project_settings, "project")
    commands = _get_commands_dict(settings, True)
    assert isinstance(commands["crawl"], Command)
    # Scrapy would write a spider that no command finds.
    with pytest.raises(UsageError, match="a paper is added by a site file"):
        commands["genspider"].run(["mine", "example.org"], Namespace())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"rnge": "1-5"}, "there is no spider argument rnge; did you mean 'range'?"),
        ({"xyzzy": "1"}, "there is no spider argument xyzzy; there are base_url, gaps, idx,"),
        ({"range": "5-1"}, "the range 5-1 is in the wrong order"),
        ({"gaps": "please"}, "the argument gaps must be True or False, not 'please'"),
        ({"gaps": ""}, "the argument gaps must be True or False, not ''"),
    ],
)
def test_a_slip_in_an_argument_is_refused_before_any_request(
    arguments: dict[str, str],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = scrapy_crawl(arguments=arguments, settings={"NEWSCRAWLER_DB": f"{tmp_path}/a.db"})
    assert code == EXIT_USAGE
    assert capsys.readouterr().err.startswith(f"scrapy crawl: {told}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"RETRY_TIMES": "many"}, "RETRY_TIMES must be a whole number from 0 to 20, not 'many'"),
        ({"RTRY_TIMES": "3"}, "there is no setting RTRY_TIMES; did you mean 'RETRY_TIMES'?"),
        ({"FEEDS": '{"x.json": 3}'}, "FEEDS must be a JSON object"),
        ({"LOG_FILE": "/no/such/folder/x"}, "LOG_FILE cannot be written: /no/such/folder/x: "),
        ({"DOWNLOAD_FAIL_ON_DATALOSS": "False"}, "Scrapy's setting DOWNLOAD_FAIL_ON_DATALOSS has"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(
    settings: dict[str, str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scrapy_crawl(settings={"NEWSCRAWLER_DB": f"{tmp_path}/a.db", **settings}) == EXIT_USAGE
    assert capsys.readouterr().err.startswith(f"scrapy crawl: {told}")


def test_a_paper_that_is_not_known_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert scrapy_crawl("amenws") == EXIT_USAGE
    assert "there is no site and no .toml file 'amenws'" in capsys.readouterr().err


def test_a_papers_own_host_is_not_asked_without_a_contact(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert scrapy_crawl(arguments={"base_url": "http://amenews.kr"}) == EXIT_USAGE
    assert "set a contact first" in capsys.readouterr().err


def test_a_database_that_cannot_be_written_ends_with_6(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("no database, but more than nothing")
    assert scrapy_crawl(settings={"NEWSCRAWLER_DB": f"{tmp_path}/a.db"}) == EXIT_STORAGE


def test_why_nothing_was_crawled_stands_in_the_log_file_too(tmp_path: Path) -> None:
    # scrapyd shows a job's log and nothing else.
    log = tmp_path / "job.log"
    scrapy_crawl(arguments={"rnge": "1-5", "_job": "7"}, settings={"LOG_FILE": str(log)})
    assert "ERROR there is no spider argument rnge" in log.read_text()


def test_it_ends_with_the_runs_exit_code_and_logs_its_summary(desk: Desk) -> None:
    settings = [f"NEWSCRAWLER_DB={desk.db}", *desk.settings, "MAX_REQUESTS=12"]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "scrapy", "crawl", "amenews"),
            *("-a", f"base_url={desk.server.base_url}", "-a", "_job=1"),
            *(part for setting in settings for part in ("-s", setting)),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == EXIT_UNSETTLED, done.stderr
    assert "INFO amenews (catch up): stopped by its budget" in done.stderr
    assert "Enabled" not in done.stderr
    assert "Overridden" not in done.stderr
