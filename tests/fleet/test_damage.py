"""Depots and folders that somebody has damaged, restored, removed or cloned."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from newscrawler.cli import cli
from newscrawler.exceptions import DamagedError, DepotError, LeaseHeldError, StoreError
from newscrawler.fleet import lease, pages
from newscrawler.fleet.copy import Copy
from newscrawler.fleet.depot import Depot, version_key
from newscrawler.fleet.folder import FolderObjects
from newscrawler.fleet.local import owner_of
from tests.fleet.test_depot import PAPER, folder_of, ship, taken


@pytest.fixture
def depot(tmp_path: Path) -> Depot:
    return Depot.open(str(tmp_path / "depot"), new=True)


@pytest.fixture
def copy(depot: Depot, tmp_path: Path) -> Copy:
    """A machine's copy, of which the depot has version 1."""
    made = folder_of(tmp_path / "one", 1)
    ship(depot, made, taken(depot), None)
    return made


# Records.


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "1"}, "version cannot be '1'"),
        ({"version": True}, "version cannot be True"),
        ({"version": 7}, "is the manifest of version 7 of amenews"),
        ({"settled": "many"}, "settled cannot be 'many'"),
        ({"size": -1}, "size cannot be -1"),
        ({"size": 10**30}, "size cannot be 1000"),
        ({"shipped_at": "yesterday"}, "Invalid isoformat"),
        ({"shipped_at": "2026-01-01T00:00:00"}, "has no time zone"),
        ({"deltas": "abc"}, "deltas cannot be 'abc'"),
        ({"deltas": [1]}, "must be an object with names, not 1"),
        ({"paper": "krnews21"}, "is no object of krnews21"),
        ({"base": {"key": "../../secret", "sha256": "", "bytes": 1}}, "is no object of amenews"),
        ({"base": {"key": 5, "sha256": "", "bytes": 1}}, "key cannot be 5"),
    ],
)
def test_a_manifest_that_cannot_be_meant_is_one_sentence_for_every_command(
    change: dict[str, Any], said: str, depot: Depot, copy: Copy, tmp_path: Path
) -> None:
    file = tmp_path / "depot" / version_key(PAPER, 1)
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(DamagedError, match="in the depot") as caught:
        depot.head(PAPER)
    assert said in str(caught.value)
    done = CliRunner().invoke(cli, ["fleet", "status", "--depot", str(tmp_path / "depot")])
    assert (done.exit_code, PAPER in done.stdout) == (0, True)


def test_a_manifest_of_a_newer_program_and_files_of_other_programs_are_no_damage(
    depot: Depot, copy: Copy, tmp_path: Path
) -> None:
    file = tmp_path / "depot" / version_key(PAPER, 1)
    file.write_text(json.dumps(json.loads(file.read_text()) | {"colour": "red"}))
    for name in (".DS_Store", "notes.txt", "7.json", "000000002.json.bak"):
        file.with_name(name).write_text("x")
    (tmp_path / "depot" / ".git" / "v").mkdir(parents=True)
    (tmp_path / "depot" / ".git" / "v" / "notes.txt").write_text("x")
    assert depot.versions(PAPER) == [1]
    assert depot.papers() == [PAPER]
    assert depot.head(PAPER)


@pytest.mark.parametrize("text", ["", "null", "{}", "[" * 100_000, '{"lane": 1}', "\x00"])
def test_a_damaged_lease_says_what_to_do(text: str, depot: Depot, tmp_path: Path) -> None:
    taken(depot).release()
    (tmp_path / "depot" / lease.key(PAPER)).write_text(text)
    with pytest.raises(DamagedError, match="delete it when no machine crawls the lane amenews"):
        taken(depot)


def test_a_damaged_note_hides_nothing_of_the_paper(
    depot: Depot, copy: Copy, tmp_path: Path
) -> None:
    (tmp_path / "depot" / PAPER / "aside").mkdir()
    (tmp_path / "depot" / PAPER / "aside" / "x.json").write_text("[1")
    command = ["fleet", "status", "--depot", str(tmp_path / "depot"), "--json"]
    (told,) = json.loads(CliRunner().invoke(cli, command).stdout)
    assert told["version"] == 1
    assert "aside/x.json in the depot cannot be read" in told["troubles"][0]


# Objects.


def test_a_missing_object_names_the_version_before(
    depot: Depot, copy: Copy, tmp_path: Path
) -> None:
    head = depot.head(PAPER)
    assert head
    folder_of(tmp_path / "one", 2)
    second = ship(depot, copy, taken(depot), head)
    (tmp_path / "depot" / second.parts[-1].key).unlink()
    with pytest.raises(DamagedError, match=r"is missing in the depot; try the .* --version 1"):
        depot.fetch(second, tmp_path / "restored.db")


@pytest.mark.parametrize(
    "head",
    [
        '{"size": 8192, "pages": 1000000000000000, "page": 8192}',
        '{"size": 8192, "pages": -1, "page": 8192}',
        '{"size": 8192, "pages": 1, "page": 0}',
        '{"size": "a", "pages": 1, "page": 8192}',
        "[1]",
        "",
    ],
)
def test_changed_pages_that_cannot_be_meant_are_damage(head: str, tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(f"{head}\n".encode() + bytes(8) + b"x" * 100)
    pages.pack(tmp_path / "plain", tmp_path / "packed")
    (tmp_path / "file").write_bytes(bytes(8192))
    with pytest.raises(DamagedError, match="cannot be unpacked"):
        pages.apply_pages(tmp_path / "packed", tmp_path / "file")


# Depots that are removed or restored.


def test_a_depot_that_is_removed_is_not_made_again_and_nothing_is_set_aside(
    depot: Depot, copy: Copy, tmp_path: Path
) -> None:
    claim = taken(depot)
    head = depot.head(PAPER)
    folder_of(tmp_path / "one", 2)
    (tmp_path / "depot").rename(tmp_path / "elsewhere")
    with pytest.raises(DepotError, match="No such file or directory") as caught:
        ship(depot, copy, claim, head)
    assert caught.value.exit_code == 6
    assert not (tmp_path / "depot").exists()
    (tmp_path / "elsewhere").rename(tmp_path / "depot")
    assert ship(depot, copy, claim, head).version == 2


def test_a_version_that_the_depot_has_no_more_is_set_aside(
    depot: Depot, copy: Copy, tmp_path: Path
) -> None:
    first = depot.head(PAPER)
    folder_of(tmp_path / "one", 2)
    ship(depot, copy, taken(depot), first)
    (tmp_path / "depot" / version_key(PAPER, 2)).unlink()
    assert copy.freshen(depot, "one") == first
    assert len(list((tmp_path / "one" / "aside").glob("*.db"))) == 1
    assert not copy.has_unshipped_work


def test_another_version_of_the_same_number_is_not_taken_for_ones_own(
    depot: Depot, copy: Copy, tmp_path: Path
) -> None:
    first = depot.head(PAPER)
    other = folder_of(tmp_path / "two", 3)
    other.fetch(depot, depot.manifest(PAPER, 1))
    folder_of(tmp_path / "one", 2)
    ship(depot, copy, taken(depot), first)
    (tmp_path / "depot" / version_key(PAPER, 2)).unlink()
    folder_of(tmp_path / "two", 4)
    second = ship(depot, other, taken(depot), first)
    assert copy.freshen(depot, "one") == second
    assert copy.path.read_bytes() == other.path.read_bytes()
    assert len(list((tmp_path / "one" / "aside").glob("*.db"))) == 1


def test_a_copy_from_before_versions_had_a_digest_is_known(copy: Copy, depot: Depot) -> None:
    file = copy.path.with_name(f"{PAPER}.db.depot")
    table = json.loads(file.read_text())
    del table["sha256"]
    file.write_text(json.dumps(table))
    assert copy.freshen(depot, "one") == depot.head(PAPER)
    assert not copy.has_unshipped_work


# Machines.


def test_a_cloned_machine_does_not_take_over_the_lease_of_its_twin(
    depot: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(depot)
    monkeypatch.setattr("socket.gethostname", lambda: "twin")
    with pytest.raises(LeaseHeldError):
        taken(depot)


def test_an_owner_that_was_not_written_whole_is_written_again(tmp_path: Path) -> None:
    first = owner_of(tmp_path)
    assert owner_of(tmp_path) == first
    for broken in (b"", first[:7].encode(), b"\xff\xfe"):
        (tmp_path / "owner").write_bytes(broken)
        assert len(owner_of(tmp_path)) == 32
    assert [path.name for path in tmp_path.iterdir()] == ["owner"]


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing can be written by the functions that restore an archive."""

    def refuse(packed: Path, file: Path) -> None:
        file.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))

    with monkeypatch.context() as patched:
        patched.setattr(pages, "unpack", refuse)
        yield


def test_a_full_disk_is_one_sentence_and_leaves_no_half_file(
    depot: Depot, copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = ["--depot", str(tmp_path / "depot"), "--folder", str(tmp_path / "two")]
    with full_disk(monkeypatch):
        done = CliRunner().invoke(cli, ["fleet", "pull", PAPER, *base])
    assert (done.exit_code, done.stderr.count("\n")) == (6, 1)
    assert "No space left on device" in done.stderr
    assert {path.name for path in (tmp_path / "two").iterdir()} == {"owner", f"{PAPER}.db.lock"}


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"no database" * 1000),
        lambda path: path.write_bytes(path.read_bytes()[:9000]),
    ],
)
def test_a_damaged_copy_is_not_shipped(
    damage: Callable[[Path], None], depot: Depot, copy: Copy, tmp_path: Path
) -> None:
    damage(copy.path)
    done = CliRunner().invoke(
        cli,
        [
            *("fleet", "push", PAPER, "--depot", str(tmp_path / "depot")),
            *("--folder", str(tmp_path / "one")),
        ],
    )
    assert (done.exit_code, done.stderr.count("\n")) == (6, 1), done.stderr
    assert depot.versions(PAPER) == [1]


def test_a_lock_file_that_cannot_be_made_is_one_sentence(copy: Copy, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "one")
    (tmp_path / "one").write_text("no folder")
    with pytest.raises(StoreError, match="File exists"), copy.held():
        pass


def test_an_answer_that_is_not_the_depots_is_no_empty_depot(tmp_path: Path) -> None:
    (tmp_path / "probe.json").write_text("<html>Log in to the network first</html>")
    for new in (False, True):
        with pytest.raises(DepotError, match="is no depot") as caught:
            Depot.open(str(tmp_path), write=new, new=new)
        assert caught.value.exit_code == 2


def test_a_removed_key_below_the_root_is_made(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path / "depot")
    assert objects.create("a/b/c.json", b"{}")
    assert objects.keys("a/b/") == ["a/b/c.json"]


@pytest.mark.parametrize("url", ["", " ", "s3:/papers", "s3:papers", "http://papers"])
def test_an_address_that_is_neither_folder_nor_bucket_begins_nothing(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DepotError, match="a depot must be a folder or s3:") as caught:
        Depot.open(url, new=True)
    assert caught.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []
