"""Where a setting's value comes from: default < site file < environment < command line.

Works on Scrapy's own ``Settings`` and its priorities, so that ``newscrawler
crawl``, ``scrapy crawl`` and scrapyd see the same values.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from newscrawler import sites
from newscrawler.config import options, replaced, value_types
from newscrawler.config.surroundings import check_proxy
from newscrawler.exceptions import SettingError
from newscrawler.humanize import did_you_mean
from newscrawler.sites import Site, lanes

ENVIRONMENT_PREFIX = "NEWSCRAWLER_"

_NO_SETTINGS = frozenset(
    {"NEWSCRAWLER_SITES", "NEWSCRAWLER_DEPOT", "NEWSCRAWLER_FOLDER", "NEWSCRAWLER_TOKEN"}
)
"""Variables with that prefix that are not settings: the places of site files, depot and copies, and
the token of the browser view."""

SITE_PRIORITY = SETTINGS_PRIORITIES["spider"]
ENVIRONMENT_PRIORITY = SITE_PRIORITY + 5


def environment_name(setting: str) -> str:
    """The environment variable of a setting: ``NEWSCRAWLER_DOWNLOAD_DELAY``, and ``NEWSCRAWLER_DB``
    itself."""
    return setting if setting.startswith(ENVIRONMENT_PREFIX) else ENVIRONMENT_PREFIX + setting


def apply(site: Site, settings: BaseSettings, environment: Mapping[str, str] = os.environ) -> None:
    """Apply the values of the site file and the environment over the project's; check them all.

    Raises:
        SettingError: an invalid value, or an unknown name.
    """
    for name, value in site.settings.items():
        if name not in options.BY_NAME:
            raise _unknown(name, f"the site file of {site.name}", options.BY_NAME)
        settings.set(name, value, SITE_PRIORITY)
    for name, value in _from_environment(environment):
        settings.set(name, value, ENVIRONMENT_PRIORITY)
    for name in settings:
        # Scrapy's own commands set some of these too, at a lower priority.
        if (settings.getpriority(name) or 0) > SITE_PRIORITY and (why := replaced.refusal(name)):
            raise SettingError(why)
    _check_feeds(settings)
    typed = {option.name: option.read(settings) for option in options.OPTIONS}
    if typed["ON_UNKNOWN"] == "keep" and typed["CAPTURES"] == "none":
        raise SettingError(
            "ON_UNKNOWN=keep needs stored answers: set CAPTURES to changed or all, not none"
        )
    # Not more than the lanes: while the circuit breaker probes, all others wait behind the slot,
    # and a probe among more requests would never get a lane.
    lanes = typed["CONCURRENT_REQUESTS_PER_DOMAIN"]
    settings.set("CONCURRENT_REQUESTS", lanes, SITE_PRIORITY)
    typed["USER_AGENT"] = options.user_agent_with_contact(settings)
    for name, value in typed.items():
        # Scrapy reads some of them too, and knows fewer spellings ("on", "2.0"). One step
        # higher, since `scrapy crawl` applies the texts of its command line after these.
        if isinstance(value, (bool, int, float, str)) and value != settings.get(name):
            settings.set(name, value, (settings.getpriority(name) or 0) + 1)


def _check_feeds(settings: BaseSettings) -> None:
    """Refuse a FEEDS that is not a table: Scrapy would fail during its start."""
    for name, feed in settings.getdict("FEEDS").items():
        if not isinstance(feed, dict):
            raise SettingError(f"FEEDS must be {value_types.TABLE.takes}, not {name!r}: {feed!r}")


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Options set in the environment; an unknown name is refused as a typing error."""
    names = {environment_name(name): name for name in options.BY_NAME}
    for variable, text in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX) or variable in _NO_SETTINGS:
            continue
        if variable not in names:
            raise _unknown(variable, "the environment", names)
        yield names[variable], text


def _unknown(name: str, where: str, known: Iterable[str]) -> SettingError:
    """What is wrong with a name that is not an option."""
    if why := replaced.refusal(name.removeprefix(ENVIRONMENT_PREFIX)):
        return SettingError(f"{where} sets {name}. {why}")
    return SettingError(f"{where} sets {name}, which is not a setting{did_you_mean(name, known)}")


def origin(settings: BaseSettings, name: str) -> str:
    """The source of an option's effective value, after :func:`apply`."""
    priority = settings.getpriority(name) or 0
    if priority >= SETTINGS_PRIORITIES["cmdline"]:
        return "command line"
    if priority >= ENVIRONMENT_PRIORITY:
        return "environment"
    return "site file" if priority >= SITE_PRIORITY else "default"


def check_base_url(base_url: str | None) -> None:
    """Refuse an origin that is not an http(s) address.

    Raises:
        SettingError: it is not, or it has a user name or a password.
    """
    if base_url is None:
        return
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise SettingError(f"a base URL must be like http://127.0.0.1:8000, not {base_url!r}")
    if parts.username is not None or parts.password is not None:
        # It would be stored in every capture and written to the log.
        raise SettingError("a base URL must not contain a user name or a password")


def check_manners(site: Site, settings: BaseSettings, base_url: str | None) -> None:
    """Refuse to crawl a server of somebody else without a contact or without a delay.

    A loopback address is the operator's own; for a mirror given by ``base_url`` its owner sets the
    pace.

    Raises:
        SettingError: no contact in the user agent, no delay at the paper's own host, or a proxy
            in the environment that cannot be used.
        SiteError: another known paper has the same host, but not the same lane.
    """
    if settings.getbool("HTTPPROXY_ENABLED"):
        check_proxy(base_url or site.origin)
    if not base_url:
        lanes.check(site, sites.load_all().values())
    if lanes.is_loopback(base_url or site.origin):
        return
    if not value_types.names_somebody(settings["USER_AGENT"]):
        raise SettingError(
            "set a contact first: -s CONTACT=you@example.org (or NEWSCRAWLER_CONTACT in the"
            " environment) goes into the user agent, so that the paper's people can reach you"
        )
    if not base_url and options.DOWNLOAD_DELAY.read(settings) < MIN_DELAY_S:
        raise SettingError(
            f"DOWNLOAD_DELAY must be at least {MIN_DELAY_S} s, except for a mirror of your own"
            " (--base-url)"
        )


MIN_DELAY_S = 0.3
"""The delay at which a crawler of this CMS made 3,400 requests without trouble."""
