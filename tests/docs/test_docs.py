"""The documents: links that lead somewhere, commands and settings that exist."""

from __future__ import annotations

import re
from pathlib import Path
from pkgutil import iter_modules

import pytest
from scrapy.settings import default_settings

from newscrawler import settings as project_settings
from newscrawler.cli import COMMANDS, Commands, cli
from newscrawler.config import options

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("README*.md"), ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_are_shown_exist(page: Path) -> None:
    code = "\n".join(_code(page.read_text(encoding="utf-8")))
    shown = re.findall(r"(?:^\$ |^`|/bin/)newscrawler ([a-z]+)\b", code, re.MULTILINE)
    assert [command for command in shown if command not in COMMANDS] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_settings_that_are_shown_exist(page: Path) -> None:
    code = "\n".join(_code(page.read_text(encoding="utf-8")))
    shown = set(re.findall(r"-s ['\"]?([A-Z_]+)=", code)) - {"NAME"}
    known = {*options.BY_NAME, *vars(project_settings), *default_settings.__all__}
    assert shown <= known


def test_every_option_has_a_default_in_the_settings() -> None:
    assert [name for name in options.BY_NAME if not hasattr(project_settings, name)] == []


def test_the_help_says_of_each_command_what_its_own_help_says_first() -> None:
    assert isinstance(cli, Commands)
    modules = {module.name for module in iter_modules([str(ROOT / "newscrawler/cli")])}
    assert set(COMMANDS) == modules - {
        "arguments",
        "common",
        "doctor_archive",
        "doctor_checks",
        "errors",
        "reader_options",
        "scrapy_commands",
        "signals",
        "streams",
        "suggested",
        "summaries",
        "translated",
    }


def _code(text: str) -> list[str]:
    return re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
