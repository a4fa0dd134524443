"""The lane belongs to the server: who shares one, and who must say so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawler import clock
from newscrawler.cli import doctor_checks
from newscrawler.demo.audit import manners
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.server import LocalServer, serve
from newscrawler.exceptions import LockedError, SiteError
from newscrawler.sites import Site, lanes, parse
from newscrawler.spiders.findings import Grade
from newscrawler.store.lock import LaneLock
from tests.conftest import run


def paper(name: str, host: str = "a.example", lane: str = "", port: int = 0) -> Site:
    origin = f"http://{host}:{port}" if port else f"http://{host}"
    return Site(name, name, f"{origin}/news/{{idx}}", (host,), lane=lane)


def test_two_papers_on_one_host_must_share_a_lane() -> None:
    one, other = paper("ilbo"), paper("sinmun")
    with pytest.raises(SiteError) as caught:
        lanes.check(one, [one, other])
    assert str(caught.value) == (
        "ilbo and sinmun both have the host a.example, so they must share a lane:"
        ' set lane = "sinmun" in the site file of ilbo'
    )
    lanes.check(paper("ilbo", lane="sinmun"), [other])
    lanes.check(paper("ilbo", lane="vendor"), [paper("sinmun", lane="vendor")])


def test_ports_tell_servers_apart_on_this_machine_alone() -> None:
    lanes.check(paper("ilbo", "127.0.0.1", port=81), [paper("sinmun", "127.0.0.1", port=82)])
    with pytest.raises(SiteError):
        lanes.check(paper("ilbo", port=81), [paper("sinmun", port=82)])


def test_a_lane_is_a_short_name() -> None:
    with pytest.raises(SiteError, match=r"lane '\.\./x' must be"):
        parse(
            'name="a"\ntitle="a"\npermalink="http://a.example/{idx}"\n'
            'hosts=["a.example"]\nlane="../x"'
        )


def test_the_doctor_tells_of_a_paper_at_the_same_address() -> None:
    site = paper("ilbo", "127.0.0.1", port=8080)
    found = doctor_checks.lane(site, [site, paper("sinmun", "localhost", port=8080)])
    assert found.grade is Grade.ODD
    assert "sinmun has the same IP address (127.0.0.1:8080)" in found.text
    found = doctor_checks.lane(site, [site, paper("other", "localhost", port=8081)])
    assert found.grade is Grade.FINE


@contextmanager
def one_server(folder: Path, lane: str) -> Iterator[tuple[LocalServer, list[Path]]]:
    """Three papers that one local server serves."""
    permalink = "http://vendor.example/article/{idx}"
    newspaper = Newspaper(size=12, skin="article_head", gap="alert", permalink=permalink)
    with serve(newspaper) as server:
        files = []
        for name in ("ilbo", "sinmun", "maeil"):
            text = f"""
name = "{name}"
title = "우리신문"
permalink = "{server.base_url}/article/{{idx}}"
hosts = ["127.0.0.1", "vendor.example"]
layouts = ["article_head"]
{lane}

[settings]
DOWNLOAD_DELAY = 0.03
DELAY_JITTER = 0
"""
            files.append(folder / f"{name}.toml")
            files[-1].write_text(text, encoding="utf-8")
        yield server, files


def test_papers_of_one_lane_are_asked_one_at_a_time(tmp_path: Path) -> None:
    with one_server(tmp_path, 'lane = "vendor"') as (server, files):
        done = run("crawl", *files, "--range", "1-12", cwd=tmp_path)
        assert (done.exit_code, done.err) == (0, "")
        seen = manners(server.log)
        assert sum(asked.path == "/robots.txt" for asked in server.log) == len(files)
    assert seen.most_at_once == 1
    assert seen.shortest_pause >= 0.0295


def test_papers_of_one_host_that_do_not_say_so_are_refused(tmp_path: Path) -> None:
    with one_server(tmp_path, "") as (server, files):
        done = run("crawl", *files, cwd=tmp_path)
        assert (done.exit_code, server.log) == (2, [])
    assert done.err.count("\n") == 1
    assert "must share a lane" in done.err


def test_a_lane_has_one_process(tmp_path: Path) -> None:
    with one_server(tmp_path, 'lane = "vendor"') as (server, files):
        lock = LaneLock(tmp_path / "data", "vendor", clock.now())
        try:
            done = run("crawl", files[0], cwd=tmp_path)
        finally:
            lock.release()
        assert (done.exit_code, server.log) == (5, [])
    assert "the lane vendor is in use by" in done.err
    LaneLock(tmp_path / "data", "vendor", datetime.now(UTC)).release()


def test_a_lane_in_use_is_told_apart_from_an_archive_in_use(tmp_path: Path) -> None:
    lock = LaneLock(tmp_path, "vendor", clock.now())
    with pytest.raises(LockedError, match="lane vendor"):
        LaneLock(tmp_path, "vendor", clock.now())
    lock.release()
