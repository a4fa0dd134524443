"""Leases and versions: one winner of every race, and nothing is lost by coming second."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newscrawler.exceptions import (
    AwayError,
    ClockError,
    DamagedError,
    DepotError,
    DepotSettingError,
    FencedError,
    LeaseHeldError,
    LockedError,
)
from newscrawler.fleet import lease, pages
from newscrawler.fleet.copy import Copy
from newscrawler.fleet.depot import Depot, Manifest
from newscrawler.fleet.folder import FolderObjects
from newscrawler.fleet.lease import Claim
from newscrawler.fleet.objects import probe
from newscrawler.sites import load
from tests.making import article, keep

PAPER = "amenews"
NOW = datetime.now(UTC).replace(microsecond=0)
LATER = NOW + timedelta(hours=1)


def folder_of(path: Path, *numbers: int) -> Copy:
    """A machine's folder with an archive that holds some articles."""
    path.mkdir(exist_ok=True)
    keep(path / f"{PAPER}.db", *(article(n, f"제목 {n}", f"본문 {n}\n\n" * 40) for n in numbers))
    return Copy(path, load(PAPER))


def taken(depot: Depot, owner: str = "one") -> Claim:
    return lease.claim(depot.objects, PAPER, owner, LATER)


def ship(depot: Depot, copy: Copy, claim: Claim, head: Manifest | None) -> Manifest:
    return copy.ship(depot, claim.lease, lambda: claim.still_stands, {}, head)


# Leases.


def test_a_lane_has_one_holder_until_its_lease_ends(depot: Depot) -> None:
    first = taken(depot)
    with pytest.raises(LeaseHeldError, match="until") as caught:
        taken(depot, "two")
    assert caught.value.until == LATER
    first.release()
    second = taken(depot, "two")
    assert (first.still_stands, second.still_stands) == (False, True)
    first.release()
    assert second.still_stands


def test_a_lease_that_has_run_out_is_taken_over(depot: Depot) -> None:
    dead = lease.claim(depot.objects, PAPER, "dead", NOW - timedelta(seconds=1))
    assert taken(depot, "two").still_stands
    assert not dead.still_stands


def test_the_same_folder_takes_its_own_lease_back_at_once(depot: Depot) -> None:
    dead = taken(depot)
    assert taken(depot).still_stands
    assert not dead.still_stands


def test_a_lease_from_the_future_is_a_wrong_clock(depot: Depot) -> None:
    early = NOW + timedelta(hours=3)
    with pytest.raises(ClockError, match="this machine's clock says"):
        lease.claim(depot.objects, PAPER, "fast", early + timedelta(hours=1), now=lambda: early)
    ours = lease.Lease(PAPER, "fast", "host", "t", "2999-01-01T00:00:00Z", "2999-01-01T01:00:00Z")
    found = depot.objects.get(lease.key(PAPER))
    assert found
    depot.objects.swap(lease.key(PAPER), lease._text(ours), found.tag)
    with pytest.raises(ClockError, match="one of the two clocks is wrong"):
        taken(depot)


def test_of_many_who_claim_at_once_one_has_the_lane(depot: Depot) -> None:
    def attempt(owner: str) -> bool:
        try:
            return taken(depot, owner).still_stands
        except LeaseHeldError:
            return False

    for _ in range(3):
        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(attempt, "abcdefgh"))
        assert won.count(True) == 1
        held = lease.read(depot.objects, PAPER)
        assert held
        Claim(depot.objects, held).release()


# Versions.


def test_what_was_shipped_is_restored_to_the_byte(depot: Depot, tmp_path: Path) -> None:
    copy = folder_of(tmp_path / "one", *range(1, 200))
    claim = taken(depot)
    first = ship(depot, copy, claim, None)
    assert (first.version, first.deltas) == (1, ())
    assert not copy.has_unshipped_work
    folder_of(tmp_path / "one", 200, 201)
    assert copy.has_unshipped_work
    second = ship(depot, copy, claim, first)
    assert (second.version, len(second.deltas)) == (2, 1)
    assert second.deltas[0].bytes < second.base.bytes / 2
    assert ship(depot, copy, claim, second) == second
    assert depot.versions(PAPER) == [1, 2]
    assert depot.versions(PAPER, after=1) == [2]
    assert depot.papers() == [PAPER]

    other = Copy(tmp_path / "two", load(PAPER))
    assert other.freshen(depot, "two") == second
    assert other.path.read_bytes() == copy.path.read_bytes()
    assert not other.has_unshipped_work


def test_who_ships_second_is_fenced_and_his_work_is_set_aside(depot: Depot, tmp_path: Path) -> None:
    one, two = folder_of(tmp_path / "one", 1, 2), folder_of(tmp_path / "two", 1, 3)
    slow = taken(depot, "slow")
    slow.release()
    ship(depot, one, taken(depot, "quick"), None)
    with pytest.raises(FencedError, match="the lease of amenews has gone"):
        ship(depot, two, slow, None)
    with pytest.raises(FencedError, match="version 1 of amenews was uploaded already"):
        two.ship(depot, slow.lease, lambda: True, {}, None)
    held = two.path.read_bytes()
    assert two.freshen(depot, "slow") == depot.head(PAPER)
    (aside,) = (tmp_path / "two" / "aside").glob("*.db")
    assert aside.stat().st_size == len(held)
    (note,) = depot.asides(PAPER)
    assert (note.file, note.owner) == (str(aside.resolve()), "slow")
    assert two.path.read_bytes() == one.path.read_bytes()


def test_races_of_two_shippers_have_one_manifest_each(tmp_path: Path) -> None:
    depot = Depot.open(str(tmp_path / "depot"), new=True)
    copies = [folder_of(tmp_path / name, number) for number, name in enumerate(("a", "b"), 1)]
    claim = taken(depot)
    head = None

    def race(copy: Copy) -> Manifest | None:
        try:
            return copy.ship(depot, replace(claim.lease, token=str(copy.path)), bool, {}, head)
        except FencedError:
            return None

    for version in range(1, 11):
        with ThreadPoolExecutor(2) as pool:
            won = [manifest for manifest in pool.map(race, copies) if manifest]
        assert [manifest.version for manifest in won] == []  # the lease does not stand
        with ThreadPoolExecutor(2) as pool:
            shipped = pool.map(
                lambda copy: _shipped(depot, copy, claim, head),  # noqa: B023 - used at once
                copies,
            )
        won = [manifest for manifest in shipped if manifest]
        assert [manifest.version for manifest in won] == [version]
        head = won[0]
        for number, copy in enumerate(copies):
            copy.fetch(depot, head)
            folder_of(copy.path.parent, 2 * version + number + 10)
    assert depot.versions(PAPER) == list(range(1, 11))


def _shipped(depot: Depot, copy: Copy, claim: Claim, head: Manifest | None) -> Manifest | None:
    own = replace(claim.lease, token=str(copy.path))
    try:
        return copy.ship(depot, own, lambda: True, {}, head)
    except FencedError:
        return None


def test_a_kill_between_the_manifest_and_its_note_sets_nothing_aside(
    depot: Depot, tmp_path: Path
) -> None:
    copy = folder_of(tmp_path / "one", 1)
    head = ship(depot, copy, taken(depot), None)
    (tmp_path / "one" / f"{PAPER}.db.depot").unlink()
    assert copy.freshen(depot, "one") == head
    assert not (tmp_path / "one" / "aside").exists()


def test_one_flipped_byte_in_any_object_is_refused(tmp_path: Path) -> None:
    depot = Depot.open(str(tmp_path / "depot"), new=True)
    copy = folder_of(tmp_path / "one", *range(1, 100))
    claim = taken(depot)
    first = ship(depot, copy, claim, None)
    folder_of(tmp_path / "one", 100)
    second = ship(depot, copy, claim, first)
    assert len(second.parts) == 2
    for part in second.parts:
        file = tmp_path / "depot" / part.key
        good = file.read_bytes()
        for place in (0, len(good) // 2, len(good) - 1):
            bad = bytearray(good)
            bad[place] ^= 1
            file.write_bytes(bad)
            with pytest.raises(DamagedError, match="--version 1"):
                depot.fetch(second, tmp_path / "restored.db")
            assert not (tmp_path / "restored.db").exists()
        file.write_bytes(good)
    depot.fetch(second, tmp_path / "restored.db")
    assert pages.fingerprint(tmp_path / "restored.db").sha256 == second.sha256


def test_a_damaged_manifest_is_one_sentence(tmp_path: Path) -> None:
    depot = Depot.open(str(tmp_path / "depot"), new=True)
    copy = folder_of(tmp_path / "one", 1)
    ship(depot, copy, taken(depot), None)
    for text in ("", "{}", "[1]", '{"paper": 1}'):
        (tmp_path / "depot" / PAPER / "v" / "000000001.json").write_text(text)
        with pytest.raises(DamagedError, match=r"000000001\.json in the depot cannot be read"):
            depot.head(PAPER)


# Depots that cannot be used.


class Forgetful(FolderObjects):
    """A store that ignores conditions."""

    def create(self, key: str, data: bytes) -> bool:
        super().create(key, data)
        return True


def test_a_store_without_conditional_writes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DepotSettingError, match="ignores conditional writes"):
        probe(Forgetful(tmp_path))


def test_a_depot_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DepotError, match="Not a directory") as caught:
        Depot.open(str(tmp_path / "file" / "depot"), new=True)
    assert caught.value.exit_code == 2
    with pytest.raises(DepotSettingError, match="a depot must be a folder or s3:"):
        Depot.open("ftp://papers")


def test_wrong_credentials_and_a_store_that_is_away_are_told_apart(
    bucket: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in bucket.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(DepotSettingError, match="refuses these credentials"):
        Depot.open("s3://tests/x", new=True)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(AwayError, match="does not answer"):
        Depot.open("s3://tests/x", new=True)


def test_a_copy_is_not_shipped_while_it_is_written(tmp_path: Path) -> None:
    from newscrawler.store.store import Store

    depot = Depot.open(str(tmp_path / "depot"), new=True)
    copy = folder_of(tmp_path / "one", 1)
    with Store.open(copy.path), pytest.raises(LockedError):
        ship(depot, copy, taken(depot), None)
    shutil.rmtree(tmp_path / "one")


def test_a_copy_that_is_written_by_another_name_is_not_shipped(tmp_path: Path) -> None:
    from newscrawler.store.store import Store

    first = keep(tmp_path / "first" / "amenews.db", article(1, "one"))
    second = tmp_path / "second" / "amenews.db"
    second.parent.mkdir()
    second.hardlink_to(first)
    with Store.open(first), pytest.raises(LockedError), Copy(second.parent, load("amenews")).held():
        pass
