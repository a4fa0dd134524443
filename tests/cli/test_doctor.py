"""The doctor: finds what is wrong with half a dozen questions, and leaves no trace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from newscrawler import clock, sites
from newscrawler.cli import cli, doctor_archive, doctor_checks
from newscrawler.cli.doctor import Findings
from newscrawler.cli.doctor_checks import KEPT_BYTES, Cost
from newscrawler.demo.answers import html, redirect
from newscrawler.demo.faults import Faults
from newscrawler.pages import listings
from newscrawler.spiders.doctor import DoctorSpider
from newscrawler.spiders.findings import Finding, Grade
from newscrawler.store.lock import FileLock
from newscrawler.store.store import Store
from tests import in_process
from tests.conftest import Desk, Result, run
from tests.making import article, keep

AMENEWS = sites.load("amenews")
GAP = "/news/view.php?idx=2147483647"


def doctor(desk: Desk, *arguments: str) -> Result:
    """The command."""
    given = [part for s in desk.settings for part in ("-s", s)]
    base = ["doctor", "--base-url", desk.server.base_url, "--db", str(desk.db), *given]
    return run(*base, *arguments)


def examine(desk: Desk, *settings: str) -> DoctorSpider:
    """The questions alone."""
    folder = desk.db.parent
    return in_process.examine(AMENEWS, (*desk.settings, *settings), desk.server.base_url, folder)


def graded(findings: list[Finding]) -> dict[str, Grade]:
    return {finding.step: finding.grade for finding in findings}


def test_a_healthy_paper_is_shown_as_it_would_be_stored(desk: Desk) -> None:
    result = doctor(desk, "--json", "-s", "CONTACT=me@example.org")
    assert (result.exit_code, result.err) == (0, "")
    told = json.loads(result.out)
    assert {finding["step"]: finding["grade"] for finding in told["findings"]} == dict.fromkeys(
        (
            *("user agent", "DNS", "robots.txt", "clock", "home page", "RSS"),
            *("gap", "article", "list", "database", "disk", "feed dates"),
        ),
        "ok",
    )
    newest = next(desk.newspaper.newest_articles())
    article = desk.newspaper.truth(newest).article
    assert article is not None
    assert told["article"]["title"] == article.title
    assert told["article"]["body"] == article.body
    assert told["cost"]["numbers"] == newest
    assert told["cost"]["disk_bytes"] == newest * KEPT_BYTES
    assert len(desk.server.log) == 6
    assert list(desk.db.parent.iterdir()) == []


def test_the_command_ends_as_the_crawl_would(desk: Desk) -> None:
    desk.server.faults = Faults.always("block")
    result = doctor(desk)
    assert result.exit_code == 4
    assert result.err == ""
    assert "the site blocks this crawler: message: 접속이 차단되었습니다" in result.out
    assert "Still to fetch" not in result.out


def test_it_keeps_the_pace_that_robots_txt_asks_for(desk: Desk) -> None:
    desk.server.robots += "Crawl-delay: 0.3\n"
    assert examine(desk).delay == 0.3
    starts = [asked.started for asked in desk.server.log]
    assert min(after - before for before, after in pairwise(starts[1:])) >= 0.29


@pytest.mark.parametrize(
    ("fault", "step"),
    [
        ("block", "home page"),
        ("redesign", "article"),
        ("robots_5xx", "robots.txt"),
        ("down", "robots.txt"),
    ],
)
def test_a_paper_in_trouble_is_found_out(desk: Desk, fault: str, step: str) -> None:
    spare = () if fault == "down" else ("/robots.txt",)
    desk.server.faults = Faults.always(fault, spare=spare)
    found = graded(examine(desk, "RETRY_TIMES=0").findings)
    assert found[step] is Grade.BAD


def test_a_robots_txt_that_cannot_be_read_is_told_once(desk: Desk) -> None:
    desk.server.faults = Faults.always("robots_5xx")
    told = {finding.step: finding.text for finding in examine(desk, "RETRY_TIMES=0").findings}
    assert told == {"robots.txt": "answers 503: nothing may be requested until it can be read"}


def test_findings_are_sentences(desk: Desk) -> None:
    told = {finding.step: finding.text for finding in examine(desk).findings}
    assert told["home page"].startswith("the newest number is 60, the menu names 7 sections: ")
    assert told["RSS"] == "the newest number is 60, of 30 articles"
    assert told["gap"].startswith("number 2147483647, which cannot exist, is answered as a gap: ")
    assert told["article"] == "number 60 is read with the skin classic"
    desk.server.faults = Faults.always("down")
    told = {finding.step: finding.text for finding in examine(desk, "RETRY_TIMES=0").findings}
    assert told.pop("robots.txt") == "status 200: articles may be requested"
    assert set(told.values()) == {"the site is down or in trouble: status 503"}


def test_an_archive_that_has_all_is_told_so(desk: Desk) -> None:
    desk.crawl_here()
    told = doctor(desk).out.splitlines()
    assert "All numbers up to the newest have been asked for." in told
    assert told[-1].startswith("Next: ")
    own = f" crawl amenews --db {desk.db} --base-url {desk.server.base_url}"
    assert told[-1].endswith(f"{own} -s {' -s '.join(desk.settings)}")


def test_a_robots_txt_that_forbids_articles_is_found(desk: Desk) -> None:
    desk.server.robots = "User-agent: *\nDisallow: /news/view.php\n"
    found = examine(desk).findings[0]
    assert (found.step, found.grade, found.exit_code) == ("robots.txt", Grade.BAD, 4)
    assert desk.asked() == []


def test_an_answer_for_a_gap_that_is_new_is_odd_not_bad(desk: Desk) -> None:
    desk.server.faults = Faults(share=1.0, kinds=("binary",), only=frozenset({GAP}))
    assert graded(examine(desk).findings)["gap"] is not Grade.FINE


def test_holes_that_do_not_speak_are_odd_not_bad(desk: Desk) -> None:
    desk.server.instead[GAP] = html("")
    finding = next(f for f in examine(desk, "RETRY_TIMES=0").findings if f.step == "gap")
    assert (finding.grade, "without a message" in finding.text) == (Grade.ODD, True)


def test_articles_that_are_redirected_are_said_once(desk: Desk) -> None:
    for idx in (59, 60, next(desk.newspaper.newest_articles())):
        desk.server.instead[f"/news/view.php?idx={idx}"] = redirect(f"/news/{idx}")
    told = [f for f in examine(desk).findings if f.step == "redirect"]
    assert [(f.grade, "/news/" in f.text) for f in told] == [(Grade.ODD, True)]


def test_an_archive_in_use_or_not_ours_is_found(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    assert doctor_checks.database(path).grade is Grade.FINE
    Store.open(path).close()
    assert doctor_checks.database(path).grade is Grade.FINE
    lock = FileLock(path, clock.now())
    assert doctor_checks.database(path).exit_code == 5
    lock.release()
    path.write_bytes(b"no database" * 100)
    assert doctor_checks.database(path).exit_code == 6
    assert doctor_checks.database(Path("/proc/archive.db")).exit_code == 6


def test_a_disk_that_is_too_small_is_found(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    fine = doctor_checks.disk(path, Cost(1, 2.5, 60_000))
    assert fine.grade is Grade.FINE
    assert fine.text.endswith(" free, about 8.0 kB needed")
    assert doctor_checks.disk(path, Cost(10**12, 2.5, 60_000)).exit_code == 6


def test_a_host_that_has_no_address_is_found() -> None:
    found = doctor_checks.names(AMENEWS, "http://no-such-host.invalid")
    assert [(finding.grade, finding.exit_code) for finding in found] == [(Grade.BAD, 4)]


def test_what_the_archive_has_costs_nothing() -> None:
    cost = Cost(numbers=67_000, seconds_each=2.5, page_bytes=60_000)
    assert (cost.seconds, cost.traffic) == (167_500, 4_020_000_000)


def test_who_says_not_who_he_is_asks_nothing() -> None:
    result = CliRunner().invoke(cli, ["doctor", "amenews"])
    assert result.exit_code == 2
    assert result.stderr.startswith("newscrawler: set a contact first")
    steps = [line.split()[1] for line in result.stdout.splitlines()]
    assert {"user", "database", "disk", "DNS"} <= set(steps)
    assert "robots.txt" not in steps


def test_dates_of_the_feed_are_held_against_those_of_the_pages() -> None:
    printed = datetime.fromisoformat("2020-11-25T15:28:58+09:00")
    same = {7: datetime.fromisoformat("2020-11-25T06:28:00+00:00")}
    (found,) = doctor_checks.feed_dates(same, {7: printed, 8: printed})
    assert (found.grade, found.text) == (Grade.FINE, "the same as on the page for 1 article")
    zone_forgotten = {7: printed.replace(tzinfo=UTC), 8: printed}
    (found,) = doctor_checks.feed_dates(zone_forgotten, {7: printed, 8: printed})
    assert found.grade is Grade.ODD
    assert found.text.startswith("1 of 2 articles differ from the page: for 7 the feed says 2020-")
    assert list(doctor_checks.feed_dates(same, {8: printed})) == []


def test_a_check_that_fails_is_a_finding_and_the_others_go_on() -> None:
    def broken() -> Iterator[Finding]:
        yield Finding("first", Grade.FINE, "before it")
        raise KeyError("foo")

    findings = Findings(None)
    findings.run("broken", broken)
    findings.run("next", lambda: [Finding("next", Grade.FINE, "after it")])
    assert [(one.step, one.exit_code) for one in findings.all] == [
        *(("first", 0), ("broken", 1), ("next", 0)),
    ]
    assert "KeyError: 'foo'" in findings.all[1].text


def test_a_step_that_fails_on_the_sites_answer_does_not_end_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise OverflowError("5,000 digits")

    monkeypatch.setattr(listings, "read_home", fail)
    found = {finding.step: finding for finding in examine(desk).findings}
    assert found["home page"].exit_code == 1
    assert {"robots.txt", "clock", "RSS", "gap", "article"} <= set(found)


def test_a_page_beyond_the_bounds_of_a_crawl_is_a_finding(desk: Desk) -> None:
    """A large page is read in a process of its own, which has a limit of processor time."""
    desk.server.instead["/"] = html("<p><a href=x>가</a>" * 150_000)
    found = graded(examine(desk, "READ_TIME_LIMIT=0.1").findings)
    assert found["home page"] is Grade.BAD
    assert found["gap"] is Grade.FINE


def test_what_an_archive_says_of_itself_is_found(tmp_path: Path) -> None:
    path, now = tmp_path / "a.db", clock.now()
    keep(path, article(1, "one"), replace(article(2, "two"), published_at=None))
    store = Store.open(path)
    store.runs.begin("amenews", "catch up", {}, datetime(2090, 1, 1, tzinfo=UTC))
    store.close()
    told = [finding.text for finding in doctor_archive.records(AMENEWS, path, now)]
    assert any("1 article without a date" in text for text in told)
    assert any("a time in the future" in text and "2090-01-01" in text for text in told)
    assert list(doctor_archive.records(AMENEWS, tmp_path / "none.db", now)) == []


def test_a_clock_before_the_program_was_written_is_found() -> None:
    (found,) = doctor_archive.this_clock(datetime(1970, 1, 1, tzinfo=UTC))
    assert found.grade is Grade.ODD
    assert list(doctor_archive.this_clock(clock.now())) == []


def test_a_proxy_that_does_not_answer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://somebody:secret@127.0.0.1:9")
    (found,) = doctor_checks.proxy("http://amenews.kr")
    assert (found.grade, found.exit_code) == (Grade.BAD, 4)
    assert "secret" not in found.text
    monkeypatch.setenv("no_proxy", "amenews.kr")
    assert list(doctor_checks.proxy("http://amenews.kr")) == []


def test_a_folder_that_cannot_be_created_is_refused_before_any_request(desk: Desk) -> None:
    result = doctor(desk, "--save", "/proc/answers")
    assert result.exit_code == 2
    assert result.err.startswith("newscrawler: ")
    assert result.err.count("\n") == 1
    assert not desk.server.log


def test_a_folder_in_which_nothing_was_saved_is_removed(desk: Desk) -> None:
    folder = desk.db.with_name("answers")
    assert doctor(desk, "--save", str(folder), "-s", "RETRY_TIMES=many").exit_code == 2
    assert not folder.exists()
