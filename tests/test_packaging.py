"""The wheel, made from the source distribution, installs into a fresh venv and runs from anywhere.

Nothing is downloaded: the venv borrows the dependencies of the environment that runs the tests.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from newscrawler.version import __version__

ROOT = Path(__file__).parents[1]
_NOT_SOURCE = shutil.ignore_patterns(".*", "__pycache__", "data", "build", "dist", "*.egg-info")
_BUILD = "from setuptools import build_meta; print(build_meta.build_{}('../dist'))"


def _build(kind: str, source: Path) -> Path:
    """What a build front end such as ``python -m build`` does, without its own environment."""
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _BUILD.format(kind)],
        cwd=source,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    return source.parent / "dist" / said.splitlines()[-1]


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("setuptools", "77")
    source = tmp_path_factory.mktemp("build") / "source"
    shutil.copytree(ROOT, source, ignore=_NOT_SOURCE)
    return _build("sdist", source)


@pytest.fixture(scope="module")
def wheel(sdist: Path) -> Path:
    """Built from nothing but the source distribution."""
    with tarfile.open(sdist) as file:
        file.extractall(sdist.parent, filter="data")
    return _build("wheel", sdist.parent / f"newscrawler-{__version__}")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh venv with the wheel; the folder of its programs."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, symlinks=True)
    python = folder / "bin/python"
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    subprocess.run(
        [*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True, timeout=60
    )
    (packages,) = folder.glob("lib/python*/site-packages")
    # It comes last in sys.path, and .pth files in it (an editable install) are not read.
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder / "bin"


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_source_distribution_holds_tests_and_documents(sdist: Path) -> None:
    with tarfile.open(sdist) as file:
        held = {name.partition("/")[2] for name in file.getnames()}
    wanted = {"Makefile", "constraints.txt", "scrapy.cfg", "CHANGELOG.md", "CONTRIBUTING.md"}
    for folder in ("docs", "deploy", "tests/store"):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        wanted |= {
            path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts
        }
    assert sorted(wanted - held) == []


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        held = {name for name in file.namelist() if ".dist-info/" not in name}
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "newscrawler").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == files


def test_the_version_is_said_in_one_place(wheel: Path) -> None:
    assert wheel.name == f"newscrawler-{__version__}-py3-none-any.whl"
    written = [
        path.relative_to(ROOT).as_posix()
        for path in [ROOT / "pyproject.toml", ROOT / "setup.py", *ROOT.glob("newscrawler/**/*.py")]
        if re.search(rf"[\"']{re.escape(__version__)}[\"']", path.read_text(encoding="utf-8"))
    ]
    assert written == ["newscrawler/version.py"]


def test_an_installed_wheel_crawls_and_serves_from_any_folder(
    installed: Path, tmp_path: Path
) -> None:
    where = _run(installed / "python", "-c", "import newscrawler as n; print(n)", cwd=tmp_path)
    assert str(installed.parent) in where
    command = installed / "newscrawler"
    assert _run(command, "--version", cwd=tmp_path).strip().endswith(__version__)
    assert "complete from 1 to 30" in _run(command, "demo", "--size", "30", cwd=tmp_path)
    found = json.loads(_run(command, "search", "수소", "--json", cwd=tmp_path))
    _run(command, "report", "--output", "report.html", cwd=tmp_path)
    pytest.importorskip("datasette")
    with subprocess.Popen(
        [command, "serve", "--port", "0"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout
            address = server.stdout.readline().strip()
            page = f"{address}demo/-/article/amenews/{found[0]['idx']}"
            with urllib.request.urlopen(page, timeout=30) as answer:
                assert found[0]["title"].split()[0] in answer.read().decode()
        finally:
            server.send_signal(signal.SIGINT)
