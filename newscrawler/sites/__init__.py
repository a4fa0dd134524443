"""The newspapers: one TOML file each, read into a ``Site``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit


class SiteError(ValueError):
    """A site file that is missing, unreadable or says something impossible."""


@dataclass(frozen=True, slots=True)
class Site:
    """A newspaper of the family, as its file describes it."""

    name: str
    """Short ASCII name: the command line's SITE, the spider's name, the key in the database."""
    title: str
    """The paper's own name, in Korean."""
    permalink: str
    """Address of an article with ``{idx}`` in it, as the paper prints it."""
    hosts: tuple[str, ...]
    """Every host name that serves this paper; redirects may go nowhere else."""
    timezone: str = "Asia/Seoul"
    first_idx: int = 1
    """Below it nothing was ever published; catching up fills down to here."""
    layouts: tuple[str, ...] = ()
    """Skins to try first, in this order. A hint: every skin is tried in the end."""
    home: str = "/"
    rss: str = "/rss_view.php"
    section_list: str = "/news/list.php?&mcode={mcode}&vg=&page={page}"
    verified: bool = False
    """Whether somebody has compared what is stored with the live pages."""
    note: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Scrapy or newscrawler settings for this paper alone."""

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or not self.name.isascii():
            raise SiteError(f"site name {self.name!r} must be ASCII letters, digits and _")
        if "{idx}" not in self.permalink:
            raise SiteError(f"site {self.name}: permalink needs {{idx}}: {self.permalink!r}")
        parts = urlsplit(self.permalink)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SiteError(f"site {self.name}: permalink must be http(s): {self.permalink!r}")
        if parts.hostname not in self.hosts:
            raise SiteError(f"site {self.name}: hosts must hold the permalink's {parts.hostname}")
        if self.first_idx < 1:
            raise SiteError(f"site {self.name}: first_idx must be 1 or more")

    @property
    def origin(self) -> str:
        """Scheme and host of the permalink: ``http://amenews.kr``."""
        parts = urlsplit(self.permalink)
        return f"{parts.scheme}://{parts.netloc}"


def parse(text: str) -> Site:
    """Read the text of a site file.

    Raises:
        SiteError: not TOML, an unknown key, or a value that cannot be right.
    """
    try:
        table = tomllib.loads(text)
        for key in ("hosts", "layouts"):
            if key in table:
                table[key] = tuple(table[key])
        return Site(**table)
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise SiteError(f"site file: {error}") from error


@cache
def load_all() -> dict[str, Site]:
    """Every site that the package carries, by name."""
    files = (f for f in resources.files(__name__).iterdir() if f.name.endswith(".toml"))
    sites = (parse(f.read_text(encoding="utf-8")) for f in files)
    return {site.name: site for site in sorted(sites, key=lambda site: site.name)}


def load(name: str) -> Site:
    """The site of that name.

    Raises:
        SiteError: there is none; the message lists those that are.
    """
    try:
        return load_all()[name]
    except KeyError:
        raise SiteError(f"no site named {name!r}; known: {', '.join(load_all())}") from None
