"""The newspapers: one TOML file each, read into a ``Site``."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newscrawler.exceptions import SiteError
from newscrawler.humanize import did_you_mean
from newscrawler.humanize.language import tr
from newscrawler.sites.skins import Skin, folder_of, merged, shipped

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

FOLDER_VARIABLE = "NEWSCRAWLER_SITES"
"""Environment variable: a folder with your own site files."""


@dataclass(frozen=True, slots=True)
class Site:
    """A newspaper, as its site file describes it."""

    name: str
    """Short ASCII name: the command line's SITE, the spider's name, the key in the database."""
    title: str
    """The paper's own name, in Korean."""
    permalink: str
    """Address of an article with ``{idx}`` in it, as the paper prints it."""
    hosts: tuple[str, ...]
    """Every host name of this paper; redirects to other hosts are not followed."""
    timezone: str = "Asia/Seoul"
    first_idx: int = 1
    """The smallest number; catching up requests numbers down to it."""
    layouts: tuple[str, ...] = ()
    """Skins to try first, in this order; the others are tried after them."""
    home: str = "/"
    rss: str = "/rss_view.php"
    section_list: str = "/news/list.php?&mcode={mcode}&vg=&page={page}"
    lane: str = ""
    """The requests of papers with the same lane share one delay, for papers on one server. Empty: a
    lane of its own."""
    skins: tuple[Skin, ...] = field(default_factory=shipped)
    """The skins: the shipped ones, changed by the site file, and the file's own."""
    verified: bool = False
    """Whether stored articles were compared with the live pages by a person."""
    note: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Scrapy or newscrawler settings for this paper only."""

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or not self.name.isascii():
            raise SiteError(f"site name {self.name!r} must be ASCII letters, digits and _")
        if self.lane and not (self.lane.isidentifier() and self.lane.isascii()):
            raise SiteError(f"lane {self.lane!r} must be ASCII letters, digits and _")
        if "{idx}" not in self.permalink:
            raise SiteError(f"site {self.name}: permalink must contain {{idx}}: {self.permalink!r}")
        _check_fields(self.name, "permalink", self.permalink, {"idx": 1})
        parts = urlsplit(self.permalink)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SiteError(f"site {self.name}: permalink must be http(s): {self.permalink!r}")
        if parts.hostname not in self.hosts:
            raise SiteError(
                f"site {self.name}: hosts must contain the permalink's {parts.hostname}"
            )
        if self.first_idx < 1:
            raise SiteError(f"site {self.name}: first_idx must be 1 or more")
        if not ("{mcode}" in self.section_list and "{page}" in self.section_list):
            raise SiteError(f"site {self.name}: section_list must contain {{mcode}} and {{page}}")
        fields_of_a_list = {"mcode": "m1", "page": 1}
        _check_fields(self.name, "section_list", self.section_list, fields_of_a_list)
        skins = [skin.name for skin in self.skins]
        for skin in self.layouts:
            if skin not in skins:
                raise SiteError(
                    f"site {self.name}: layouts: there is no skin {skin!r}"
                    f"{did_you_mean(skin, skins) or '; there are ' + ', '.join(sorted(skins))}"
                )
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise SiteError(f"site {self.name}: there is no time zone {self.timezone!r}") from None

    @property
    def origin(self) -> str:
        """Scheme and host of the permalink: ``http://amenews.kr``."""
        parts = urlsplit(self.permalink)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def lane_name(self) -> str:
        """The paper's lane: from the file, or the paper's own name."""
        return self.lane or self.name


def _check_fields(name: str, key: str, template: str, values: Mapping[str, Any]) -> None:
    """Refuse a template with unknown fields, or with a brace that does not belong to a field."""
    try:
        template.format(**values)
    except (LookupError, ValueError, AttributeError, TypeError):
        braces = " and ".join(f"{{{field}}}" for field in values)
        raise SiteError(
            f"site {name}: {key} must have no braces except {braces}: {template!r}"
        ) from None


_KINDS: Mapping[str, type] = {
    **dict.fromkeys(("hosts", "layouts"), list),
    **dict.fromkeys(("first_idx",), int),
    **dict.fromkeys(("verified",), bool),
    **dict.fromkeys(("settings", "skins"), dict),
}
"""The TOML type of a key; text for all others."""


def parse(text: str, known_papers: Mapping[str, Site] | None = None) -> Site:
    """Read the text of a site file.

    For a known paper, a missing key keeps its value.

    Raises:
        SiteError: not TOML, an unknown or missing key, or an invalid value.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Also numbers with thousands of digits, and lists within lists without an end.
        raise SiteError(f"it is not TOML: {error}") from error
    known = {field.name for field in fields(Site)}
    for key, value in table.items():
        if key not in known:
            there_are = f"; there are {', '.join(sorted(known))}"
            raise SiteError(f"there is no key {key}{did_you_mean(key, known) or there_are}")
        if type(value) is not _KINDS.get(key, str):
            raise SiteError(f"{key} cannot be {value!r}")
        if isinstance(value, list):
            table[key] = tuple(map(str, value))
    base = (known_papers or {}).get(str(table.get("name")))
    if "skins" in table:
        table["skins"] = merged(base.skins if base else shipped(), table["skins"])
    if base is not None:
        return replace(base, **table)
    for key in ("name", "title", "permalink", "hosts"):
        if key not in table:
            raise SiteError(f"the key {key} is missing")
    return Site(**table)


def read(file: Path | Traversable, known_papers: Mapping[str, Site] | None = None) -> Site:
    """Read a site file; see :func:`parse`.

    Args:
        known_papers: default: the shipped ones.

    Raises:
        SiteError: no such file, or an error in it; the message begins with the file's name.
    """
    try:
        if isinstance(file, Path) and file.exists() and not file.is_file():
            raise SiteError("it is not a regular file")  # one would wait for a pipe for ever
        text = file.read_text(encoding="utf-8")
        return parse(text, _shipped_papers() if known_papers is None else known_papers)
    except OSError as error:
        raise SiteError(f"{file} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SiteError(f"{file} cannot be read: {error}") from error
    except SiteError as error:
        raise SiteError(f"{file}: {error}") from error


DEFAULT = "amenews"
"""The default paper."""

_given: dict[str, Site] = {}
"""Papers whose file was given on the command line; from then on they are known by name."""


@cache
def _shipped_papers() -> dict[str, Site]:
    files = _files(folder_of(__name__, __file__))
    return {site.name: site for site in (read(file, {}) for file in files)}


def load_all() -> dict[str, Site]:
    """Every paper by name: from the package, from your own folder, and from files on the command
    line.

    Of two files for one name the later in this order counts; keys that it lacks keep the values of
    the package's file.

    An invalid file in your own folder affects its own paper only: see :func:`broken`.

    Raises:
        SiteError: the folder cannot be read.
    """
    papers = _shipped_papers()
    own, wrong = _own()
    found = {**papers, **own, **_given}
    return {name: found[name] for name in sorted(found) if name in _given or name not in wrong}


def broken() -> dict[str, SiteError]:
    """The errors of files in your own folder, by the name of the paper.

    Raises:
        SiteError: the folder cannot be read.
    """
    return _own()[1]


def _own() -> tuple[dict[str, Site], dict[str, SiteError]]:
    """The papers in your own folder, and the errors of invalid files."""
    folder = os.environ.get(FOLDER_VARIABLE)
    good: dict[str, Site] = {}
    wrong: dict[str, SiteError] = {}
    for file in _files(Path(folder)) if folder else ():
        try:
            site = read(file, _shipped_papers())
            good[site.name] = site
        except SiteError as error:
            wrong[_name_in(file)] = error
    return good, wrong


def _name_in(file: Path | Traversable) -> str:
    """The paper's name in a file, if it can be read; else the file's name."""
    try:
        return str(tomllib.loads(file.read_text(encoding="utf-8"))["name"])
    except (OSError, ValueError, LookupError, RecursionError):
        return file.name.removesuffix(".toml")


def _files(folder: Path | Traversable) -> list[Path | Traversable]:
    try:
        return sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=str)
    except OSError as error:
        raise SiteError(
            f"{FOLDER_VARIABLE} names a folder that cannot be read: {folder} ({error.strerror})"
        ) from error


def load(name: str) -> Site:
    """The site of that name, or of the site file at that path.

    Raises:
        SiteError: there is none; the message lists the known names.
    """
    if name.endswith(".toml"):
        site = read(Path(name))
        _given[site.name] = site
        return site
    try:
        return load_all()[name]
    except KeyError:
        if error := broken().get(name):
            raise error from None
        known = list(load_all())
        told = tr("there is no site and no .toml file {name!r}", name=name)
        near = did_you_mean(name, known) or "; " + tr("known: {names}", names=", ".join(known))
        raise SiteError(f"{told}{near}") from None
