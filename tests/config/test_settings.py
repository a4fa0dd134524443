"""Settings: what is refused, what wins, and a reference that cannot go stale."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from scrapy.settings import Settings

from newscrawler import settings, sites
from newscrawler.cli import cli
from newscrawler.config import options, settings_reference, sources
from newscrawler.config.option import MASK, Option
from newscrawler.config.options import OPTIONS
from newscrawler.crawler import settings_from
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import LocalServer, serve
from newscrawler.exceptions import SettingError

AMENEWS = sites.load("amenews")
REFERENCE = Path(__file__).parents[2] / "docs" / "settings.md"
NUMBERS = [option for option in OPTIONS if re.search(r"\bnumber\b", option.type.takes)]
NO_NUMBERS = ("nan", "inf", "-inf", "-1", "1e400", "x", "True", "१x", "0x10", "\x00")


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with serve(Newspaper(size=20)) as running:
        yield running


def invoke(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(cli, arguments, env=environment)


def refused(server: LocalServer, tmp_path: Path, *arguments: str, **environment: str) -> str:
    """Crawl with something wrong; the one sentence that says what, after the checks."""
    server.log.clear()
    database = tmp_path / "archive.db"
    result = invoke(
        *("crawl", "--base-url", server.base_url, *arguments),
        **{"NEWSCRAWLER_DB": str(database), **environment},
    )
    assert result.exit_code == 2
    assert server.log == []
    assert not database.exists()
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_has_a_default_that_it_takes(option: Option[Any]) -> None:
    option.parse(getattr(settings, option.name))
    assert getattr(options, option.name) is option


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_nonsense_is_refused_before_any_request(
    option: Option[Any], server: LocalServer, tmp_path: Path
) -> None:
    said = refused(server, tmp_path, "-s", f"{option.name}=\x07")
    assert f"{option.name} must be {option.type.takes}" in said


@pytest.mark.parametrize("option", NUMBERS, ids=lambda option: option.name)
def test_a_number_is_finite_and_within_its_range(option: Option[Any]) -> None:
    for value in NO_NUMBERS:
        with pytest.raises(SettingError, match=option.name):
            sources.apply(AMENEWS, settings_from([f"{option.name}={value}"]), {})


@pytest.mark.parametrize("option", NUMBERS, ids=lambda option: option.name)
def test_the_documented_range_is_the_real_one(option: Option[Any]) -> None:
    low, high = re.findall(r"(?:from|to) (\d+(?:\.\d+)?)", option.type.takes)
    assert option.parse(low) == float(low)
    assert option.parse(high) == float(high)
    for beyond in (float(low) - 1, float(high) + 1):
        with pytest.raises(SettingError, match=str(beyond)):
            option.parse(beyond)


@pytest.mark.parametrize(
    "assignment",
    [
        "CAPTURES=some",
        "RETRY_SCHEDULE=1h, 30m",
        "RETRY_SCHEDULE=1h 6h",
        "REFRESH_SCHEDULE=1y",
        "GAP_WINDOW=0d",
        "GAP_WINDOW=9999d",
        "QUIET_HOURS=09:00",
        "QUIET_HOURS=25:00-26:00",
        "QUIET_HOURS=09:00-09:00",
        "USER_AGENT=a\r\nCookie: b",
        "CONTACT=nobody",
        "CONTACT=me@example.org\x85Cookie: b",
        "CONTACT=me@example.org\u2028Cookie: b",
        "CONTACT=me@example.org\u202e",
        f"CONTACT=me@example.org{'a' * 20_000}",
        "AUTOTHROTTLE_ENABLED=perhaps",
        "LOG_LEVEL=LOUD",
        "METRICS_FILE=/tmp/metrics.txt",
        "PING_URL=ftp://example.org/",
        "PING_URL=https://",
        "NEWSCRAWLER_DB=a\nb",
        # Scrapy's own, which it would find out too late.
        "CONCURRENT_REQUESTS=0",
        "CONCURRENT_REQUESTS=32",
        "DNS_TIMEOUT=soon",
        "COOKIES_ENABLED=2",
        # Not assignments of a setting.
        "DOWNLOAD_DELAYS=1",
        "DOWNLOAD_DELAY",
        "=1",
    ],
)
def test_a_bad_assignment_is_one_sentence_and_exit_2(
    assignment: str, server: LocalServer, tmp_path: Path
) -> None:
    refused(server, tmp_path, "-s", assignment)


def test_a_slip_in_a_name_is_pointed_out(server: LocalServer, tmp_path: Path) -> None:
    assert "did you mean 'DOWNLOAD_DELAY'?" in refused(server, tmp_path, "-s", "DOWNLOAD_DELAYS=1")
    said = refused(server, tmp_path, NEWSCRAWLER_DOWNLOAD_DELAYS="1")
    assert "did you mean 'NEWSCRAWLER_DOWNLOAD_DELAY'?" in said


def test_the_environment_is_checked_like_the_command_line(
    server: LocalServer, tmp_path: Path
) -> None:
    said = refused(server, tmp_path, NEWSCRAWLER_RETRY_TIMES="many")
    assert said == ("newscrawler: RETRY_TIMES must be a whole number from 0 to 20, not 'many'\n")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"DOWNLOAD_DELAY": -1}, "DOWNLOAD_DELAY must be a number of seconds"),
        ({"DOWNLOAD_DELAYS": 1}, "site file of amenews sets DOWNLOAD_DELAYS"),
        ({"DOWNLOAD_DELAY": [1, 2]}, "DOWNLOAD_DELAY must be a number of seconds"),
        ({"ITEM_PIPELINES": {}}, "which is not a setting"),
    ],
)
def test_a_site_file_is_checked_too(table: dict[str, object], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        sources.apply(replace(AMENEWS, settings=table), settings_from([]), {})


def test_a_secret_value_is_not_repeated_when_refused() -> None:
    with pytest.raises(SettingError) as caught:
        sources.apply(AMENEWS, settings_from(["PING_URL=gopher://secret"]), {})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "spelling", "meant"),
    [
        ("AUTOTHROTTLE_ENABLED", "off", False),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", "2.0", 2),
        ("DOWNLOAD_DELAY", " 2 ", 2),
    ],
)
def test_spellings_that_scrapy_does_not_know_are_translated_for_it(
    name: str, spelling: str, meant: object
) -> None:
    settled = settings_from([f"{name}={spelling}"])
    sources.apply(AMENEWS, settled, {})
    assert settled.get(name) == meant


def test_command_line_beats_environment_beats_site_file_beats_default() -> None:
    names = ("RETRY_TIMES", "BREAKER_PROBES", "MAX_MINUTES")
    site = replace(AMENEWS, settings=dict.fromkeys(names, 9))
    environment = {"NEWSCRAWLER_BREAKER_PROBES": "8", "NEWSCRAWLER_MAX_MINUTES": "8"}
    settled = settings_from(["MAX_MINUTES=7"])
    sources.apply(site, settled, environment)
    found = {
        name: (settled.get(name), sources.origin(settled, name))
        for name in ("DOWNLOAD_DELAY", "RETRY_TIMES", "BREAKER_PROBES", "MAX_MINUTES")
    }
    assert found == {
        "DOWNLOAD_DELAY": (2, "default"),
        "RETRY_TIMES": (9, "site file"),
        "BREAKER_PROBES": (8, "environment"),
        "MAX_MINUTES": (7, "command line"),
    }


def test_the_command_prints_values_and_where_they_come_from(tmp_path: Path) -> None:
    result = invoke(
        *(
            "settings",
            "amenews",
            "--json",
            "-s",
            "DOWNLOAD_DELAY=1",
            "--db",
            str(tmp_path / "a.db"),
        ),
        NEWSCRAWLER_CONTACT="me@example.org",
        NEWSCRAWLER_PING_URL="https://ping.example/secret-word",
    )
    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    assert set(rows) == {option.name for option in OPTIONS}
    assert rows["DOWNLOAD_DELAY"] == {"value": 1.0, "from": "command line", "unit": "seconds"}
    assert rows["CONTACT"]["from"] == "environment"
    assert rows["USER_AGENT"]["value"].endswith("(+me@example.org)")
    assert rows["RETRY_TIMES"]["from"] == "default"
    assert rows["NEWSCRAWLER_DB"]["value"] == str(tmp_path / "a.db")
    assert "secret-word" not in result.stdout
    assert rows["PING_URL"] == {"value": MASK, "from": "environment", "unit": "address"}
    table = invoke("settings", NEWSCRAWLER_PING_URL="https://ping.example/secret-word").stdout
    assert "DOWNLOAD_DELAY" in table
    assert "secret-word" not in table


def test_the_settings_command_refuses_what_the_crawl_refuses() -> None:
    result = invoke("settings", "-s", "RETRY_TIMES=-1")
    assert (result.exit_code, result.stdout) == (2, "")


def test_the_reference_is_what_the_code_says() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == settings_reference.render(), (
        "run: python -m newscrawler.config.settings_reference > docs/settings.md"
    )


def test_a_password_in_the_base_url_is_refused_and_not_repeated() -> None:
    result = invoke("crawl", "--base-url", "http://me:secret-word@127.0.0.1:9")
    assert result.exit_code == 2
    assert "password" in result.stderr
    assert "secret-word" not in result.stderr


REPLACED = {
    "RETRY_ENABLED": "RETRY_TIMES",
    "RETRY_HTTP_CODES": "RETRY_SCHEDULE",
    "REDIRECT_ENABLED": "own hosts",
    "REDIRECT_MAX_TIMES": "own hosts",
    "METAREFRESH_ENABLED": "answer",
    "HTTPCACHE_ENABLED": "CAPTURES",
    "JOBDIR": "database",
    "DEPTH_LIMIT": "numbers",
    "DUPEFILTER_CLASS": "database",
    "RANDOMIZE_DOWNLOAD_DELAY": "DELAY_JITTER",
}


@pytest.mark.parametrize(("name", "ours"), REPLACED.items())
def test_a_setting_whose_reader_was_replaced_is_refused_whatever_names_it(
    name: str, ours: str, server: LocalServer, tmp_path: Path
) -> None:
    told = (
        refused(server, tmp_path, "-s", f"{name}=1"),
        refused(server, tmp_path, **{f"NEWSCRAWLER_{name}": "1"}),
    )
    with pytest.raises(SettingError) as by_site_file:
        sources.apply(replace(AMENEWS, settings={name: 1}), settings_from([]), {})
    with pytest.raises(SettingError) as by_scrapy:
        sources.apply(AMENEWS, Settings({name: "1"}, priority="cmdline"), {})
    for sentence in (*told, str(by_site_file.value), str(by_scrapy.value)):
        assert f"Scrapy's setting {name} has no effect here: " in sentence
        assert ours in sentence


def test_what_scrapys_own_commands_set_is_no_wish_of_the_operator() -> None:
    settled = settings_from([])
    settled.set("DUPEFILTER_CLASS", "scrapy.dupefilters.BaseDupeFilter", "command")
    sources.apply(AMENEWS, settled, {})


def test_a_long_value_is_not_repeated_whole(server: LocalServer, tmp_path: Path) -> None:
    assert len(refused(server, tmp_path, "-s", f"CONTACT={'가' * 20_000}")) < 200


@pytest.mark.parametrize(
    ("assignment", "told"),
    [
        ("DOWNLOADER=x", "DOWNLOADER must be the path of a class, such as scrapy.core.downloader"),
        ("ITEM_PROCESSOR=no.such.Class", "ITEM_PROCESSOR must be the path of a class"),
        ("CLOSESPIDER_TIMEOUT=-1", "CLOSESPIDER_TIMEOUT must be a number from 0, such as 0.0, not"),
        ("REACTOR_THREADPOOL_MAXSIZE=0", "REACTOR_THREADPOOL_MAXSIZE must be a number from 1"),
    ],
)
def test_a_setting_of_scrapy_that_would_end_in_a_traceback_is_refused(
    assignment: str, told: str
) -> None:
    with pytest.raises(SettingError, match=re.escape(told)):
        settings_from([assignment])


def test_a_negative_number_that_scrapy_takes_is_taken() -> None:
    assert settings_from(["FEED_EXPORT_INDENT=-1"]).getint("FEED_EXPORT_INDENT") == -1
