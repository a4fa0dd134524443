"""Which papers are on one server, and so must share a lane.

A lane belongs to the server, not to the paper: a vendor may serve dozens of papers from one
address, and all requests load that server.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from itertools import combinations
from urllib.parse import urlsplit

from newscrawler.exceptions import SiteError
from newscrawler.sites import Site


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def servers(site: Site) -> frozenset[str]:
    """The names of a paper's hosts, to compare two papers.

    A host is one server, whatever the port. On this machine each port is a different server, so
    there the permalink's port is part of the name.
    """
    port = urlsplit(site.permalink).port
    return frozenset(
        f"{host}:{port}" if port and is_loopback(f"//{host}") else host.lower()
        for host in site.hosts
    )


def check(site: Site, known: Iterable[Site]) -> None:
    """Refuse a paper that shares a host with another of ``known``, but not its lane.

    Raises:
        SiteError: the message names both papers, the host and the key to set.
    """
    for other in known:
        shared = servers(site) & servers(other)
        if other.name != site.name and shared and other.lane_name != site.lane_name:
            first, second = sorted((site.name, other.name))
            raise SiteError(
                f"{first} and {second} both have the host {min(shared)}, so they must share a"
                f' lane: set lane = "{other.lane_name}" in the site file of {site.name}'
            )


def at_one_address(
    sites: Sequence[Site], addresses: dict[str, frozenset[str]]
) -> list[tuple[Site, Site, str]]:
    """Pairs of papers in different lanes whose hosts have the same IP address.

    Args:
        sites: the papers to compare.
        addresses: paper's name → the addresses of its hosts.
    """
    return [
        (one, other, min(shared))
        for one, other in combinations(sites, 2)
        if one.lane_name != other.lane_name
        and (shared := addresses[one.name] & addresses[other.name])
    ]
