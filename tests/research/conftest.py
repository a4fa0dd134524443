from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawler import open_archive
from newscrawler.demo.newspaper import Newspaper
from newscrawler.readers import Archive

from .browser import browser
from .making import keep_newspaper

__all__ = ["browser"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture(scope="session")
def paper() -> Newspaper:
    return Newspaper(size=300)


@pytest.fixture(scope="session")
def paper_path(paper: Newspaper, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep_newspaper(tmp_path_factory.mktemp("paper") / "paper.db", paper)


@pytest.fixture
def paper_archive(paper_path: Path) -> Iterator[Archive]:
    """What a crawl of the local newspaper leaves behind. Read only."""
    with open_archive(paper_path) as archive:
        yield archive
