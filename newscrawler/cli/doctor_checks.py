"""Checks of settings, names, proxies, database and disk, and the cost of a crawl.

These checks need no request; those with requests are in ``spiders/doctor.py``.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from newscrawler.config import value_types
from newscrawler.config.surroundings import proxy_for
from newscrawler.exceptions import LockedError, StoreError
from newscrawler.humanize import counted, size
from newscrawler.outcomes import EXIT_LOCKED, EXIT_OK, EXIT_STOPPED, EXIT_STORAGE
from newscrawler.sites import Site, lanes
from newscrawler.spiders.feed_dates import compare
from newscrawler.spiders.findings import Finding, Grade
from newscrawler.store.store import Store

KEPT_BYTES = 8_000
"""Room that a number takes in the archive: 6.4 to 9.9 kB were measured with pages of 13 and
61 kB (text, search index, the compressed answer), gaps included."""
_LOOK_UPS = 16
"""Look-ups at the same time: each may take the time-out of the resolver."""
_PROXY_SECONDS = 5.0
"""Time-out of a connection to the proxy."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of asking for every number that is not in the archive."""

    numbers: int
    seconds_each: float
    """The delay with half its jitter, or what robots.txt asks for if that is longer."""
    page_bytes: int
    """Size of the article that was fetched."""

    @property
    def seconds(self) -> float:
        return self.numbers * self.seconds_each

    @property
    def traffic(self) -> int:
        """Bytes of traffic, without compression by the server."""
        return self.numbers * self.page_bytes

    @property
    def disk(self) -> int:
        """Bytes that the archive grows by."""
        return self.numbers * KEPT_BYTES


def user_agent(text: str) -> Finding:
    """Whether the user agent names a contact."""
    if value_types.names_somebody(text):
        return Finding("user agent", Grade.FINE, text)
    told = f"{text} names no contact: without CONTACT only this machine can be crawled"
    return Finding("user agent", Grade.ODD, told)


def names(site: Site, base_url: str | None) -> list[Finding]:
    """Whether the host names have IP addresses."""
    origin = urlsplit(base_url or site.origin)
    found = []
    for host in [origin.hostname or ""] if base_url else site.hosts:
        try:
            entries = socket.getaddrinfo(host, origin.port or 80, proto=socket.IPPROTO_TCP)
        except OSError as error:
            # Requests go to the permalink's host; the others may be gone.
            needed = host == origin.hostname
            grade, code = (Grade.BAD, EXIT_STOPPED) if needed else (Grade.ODD, EXIT_OK)
            told = f"{host} has no IP address ({error.strerror or error})"
            found.append(Finding("DNS", grade, told, code))
        else:
            addresses = sorted({str(entry[4][0]) for entry in entries})
            known = "is an IP address" if host in addresses else f"has {', '.join(addresses)}"
            found.append(Finding("DNS", Grade.FINE, f"{host} {known}"))
    return found


def lane(site: Site, known: Iterable[Site]) -> Finding:
    """Whether a paper of another lane has the same IP address.

    Args:
        known: the papers to compare with; this one may be among them.
    """
    others = [
        other
        for other in known
        # A public name never leads to this machine: no DNS query is needed.
        if other.name != site.name
        and other.lane_name != site.lane_name
        and lanes.is_loopback(other.origin) == lanes.is_loopback(site.origin)
    ]
    papers = [site, *others]
    with ThreadPoolExecutor(_LOOK_UPS) as pool:
        found = {paper.name: pool.submit(addresses, paper) for paper in papers}
    pairs = lanes.at_one_address(papers, {name: look.result() for name, look in found.items()})
    told = [
        f"{other.name} has the same IP address ({address})"
        for one, other, address in pairs
        if one is site
    ]
    if told:
        advice = f'set lane = "{site.lane_name}" there too: then one request is sent at a time'
        return Finding("lane", Grade.ODD, f"{'; '.join(told)}: {advice}")
    return Finding(
        "lane", Grade.FINE, f"{site.lane_name}: no paper of another lane has its IP address"
    )


def addresses(site: Site) -> frozenset[str]:
    """The IP addresses of a paper's hosts; on this machine with the port: it has many servers."""
    found = set()
    port = urlsplit(site.origin).port
    own = f":{port}" if port and lanes.is_loopback(site.origin) else ""
    for host in site.hosts:
        with suppress(OSError):
            entries = socket.getaddrinfo(host, port or 80, proto=socket.IPPROTO_TCP)
            found |= {f"{entry[4][0]}{own}" for entry in entries}
    return frozenset(found)


def proxy(url: str) -> Iterator[Finding]:
    """Whether the environment's proxy for an address can be reached; nothing without one."""
    address = proxy_for(url)
    if not address:
        return
    parts = urlsplit(address if "://" in address else f"http://{address}")
    shown = f"{parts.scheme}://{parts.hostname}"
    if parts.scheme not in ("http", "https"):
        return  # refused, with the reason, before the first request
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((parts.hostname or "", port), _PROXY_SECONDS).close()
    except (OSError, ValueError) as error:
        told = f"{shown}, set in the environment, does not answer ({error}): start it, or unset it"
        yield Finding("proxy", Grade.BAD, told, EXIT_STOPPED)
    else:
        yield Finding("proxy", Grade.FINE, f"requests go through {shown}, set in the environment")


def feed_dates(feed: Mapping[int, datetime], pages: Mapping[int, datetime]) -> Iterator[Finding]:
    """Whether feed and pages give the same dates; nothing where none can be compared.

    A feed in another zone, or one whose dates are those of an edit, is seen here:
    the crawl itself stores the page's date.
    """
    dates = compare(feed, pages)
    if not dates.compared:
        return
    compared = counted(len(dates.compared), "article")
    if not dates.apart:
        yield Finding("feed dates", Grade.FINE, f"the same as on the page for {compared}")
        return
    idx = dates.apart[-1]
    yield Finding(
        "feed dates",
        Grade.ODD,
        f"{len(dates.apart)} of {compared} differ from the page: for {idx} the feed says"
        f" {feed[idx].isoformat()}, the page {pages[idx].isoformat()}; the page's date is stored",
    )


def database(path: Path) -> Finding:
    """Whether the archive can be written; creates nothing."""
    if _exists(path):
        try:
            Store.open(path).close()
        except LockedError as error:
            return Finding("database", Grade.BAD, str(error), EXIT_LOCKED)
        except StoreError as error:
            return Finding("database", Grade.BAD, str(error), EXIT_STORAGE)
        return Finding("database", Grade.FINE, f"{path} can be written")
    folder = _existing(path.parent)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        told = f"{path} cannot be created: {folder}: {error.strerror}"
        return Finding("database", Grade.BAD, told, EXIT_STORAGE)
    return Finding("database", Grade.FINE, f"{path} does not exist yet; it can be created")


def disk(path: Path, cost: Cost | None) -> Finding:
    """Whether there is room for what is still to come."""
    free = shutil.disk_usage(_existing(path.parent)).free
    text = f"{size(free)} free"
    if cost is None:
        return Finding("disk", Grade.FINE, text)
    text += f", about {size(cost.disk)} needed"
    if free < cost.disk:
        return Finding("disk", Grade.BAD, text, EXIT_STORAGE)
    return Finding("disk", Grade.ODD if free < 2 * cost.disk else Grade.FINE, text)


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    while not _exists(folder):
        folder = folder.parent
    return folder


def _exists(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 - Path.exists() raises where one may not look
