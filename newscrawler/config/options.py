"""Every setting that an operator reaches for: range, unit, reason; and the check of a value.

Defaults stand in ``settings.py`` alone. The reference ``docs/settings.md`` and
the command ``newscrawler settings`` are made from this table.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from newscrawler.store.schedule import Schedule


class SettingError(ValueError):
    """A value that cannot be used; the message names the setting and what it takes."""


class HasSettings(Protocol):
    """What is needed of Scrapy's ``Settings`` here."""

    def get(self, name: str, default: Any = None) -> Any: ...


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    read: Callable[[Any], Any]
    """Raw value (often text) → typed value; raises ValueError."""
    takes: str
    """What a good value is, for the error message: ``a number of seconds from 0 to 3600``."""
    unit: str
    what: str
    why: str
    """Where the default comes from."""
    raised: str
    """What happens when it is raised (or switched)."""
    secret: bool = False
    """Whether its value must not show up in the database, the log or a message."""


MASK = "(set, not shown)"


def number(low: float, high: float, *, whole: bool = False) -> Callable[[Any], float]:
    """A reader of finite numbers within ``low`` … ``high``."""

    def read(value: Any) -> float:
        if isinstance(value, bool):
            raise ValueError(value)
        parsed = float(value)
        if whole and parsed != int(parsed):
            raise ValueError(value)
        if not math.isfinite(parsed) or not low <= parsed <= high:
            raise ValueError(value)
        return int(parsed) if whole else parsed

    return read


def or_nothing(read: Callable[[Any], float]) -> Callable[[Any], float | None]:
    """The same reader, with empty text for ``None``: worked out from other settings."""

    def read_or_nothing(value: Any) -> float | None:
        return None if value is None or str(value).strip() == "" else read(value)

    return read_or_nothing


def flag(value: Any) -> bool:
    """True/False, 1/0, yes/no, on/off."""
    word = str(value).strip().lower()
    if word in ("true", "1", "yes", "on"):
        return True
    if word in ("false", "0", "no", "off"):
        return False
    raise ValueError(value)


def one_of(*words: str) -> Callable[[Any], str]:
    """A reader of one of a few words."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(value)
        return str(value)

    return read


def moment(value: Any) -> datetime | None:
    """A time of the calendar with its zone, ISO 8601, or nothing."""
    if not (text := str(value or "").strip()):
        return None
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError(value)
    return parsed


def line(value: Any) -> str:
    """Text without control characters: it goes into a header or a path, and into the database."""
    text = str(value)
    # Bytes that are no UTF-8 reach Python as single surrogates.
    if re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", text):
        raise ValueError(value)
    return text


def web_address(value: Any) -> str:
    """An http(s) address, or nothing."""
    text = line(value).strip()
    parts = urlsplit(text)
    if text and not (parts.scheme in ("http", "https") and parts.hostname and parts.port != 0):
        raise ValueError(value)
    return text


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def duration(value: Any) -> timedelta:
    """``90s``, ``15m``, ``6h``, ``7d``: more than nothing, at most ten years."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd])\s*", str(value))
    if not match:
        raise ValueError(value)
    seconds = float(match[1]) * _UNITS[match[2]]
    if not 0 < seconds <= 3650 * 86_400:
        raise ValueError(value)
    return timedelta(seconds=seconds)


def durations(value: Any) -> tuple[timedelta, ...]:
    """Growing durations, comma-separated; empty for none."""
    parts = value if isinstance(value, (list, tuple)) else str(value).split(",")
    ages = tuple(duration(part) for part in parts if str(part).strip())
    if list(ages) != sorted(set(ages)):
        raise ValueError(value)
    return ages


def metrics_path(value: Any) -> str:
    """A path ending in .prom (node-exporter reads no other), or nothing."""
    text = line(value)
    if text and not text.endswith(".prom"):
        raise ValueError(value)
    return text


@dataclass(frozen=True, slots=True)
class Hours:
    """A daily span of the paper's local time; it may pass midnight."""

    start: time
    end: time

    def __contains__(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


def hours(value: Any) -> Hours | None:
    """``09:00-18:00``; empty for none."""
    if not str(value).strip():
        return None
    match = re.fullmatch(r"\s*(\d{2}:\d{2})\s*-\s*(\d{2}:\d{2})\s*", str(value))
    if not match:
        raise ValueError(value)
    span = Hours(time.fromisoformat(match[1]), time.fromisoformat(match[2]))
    if span.start == span.end:
        raise ValueError(value)
    return span


OPTIONS: tuple[Option, ...] = (
    Option(
        "CONTACT",
        line,
        "an e-mail address or a web address",
        "text",
        "Who runs this crawl; it is added to the user agent as (+CONTACT).",
        "Empty: only you can say it. A crawl of a paper's own host is refused without one.",
        "A server's keeper who is troubled can write to you instead of blocking you.",
    ),
    Option(
        "USER_AGENT",
        line,
        "text without line breaks",
        "text",
        "The name the crawl gives of itself.",
        "The program's name and version: honest and short.",
        "A browser's name in its place gets honest crawlers blocked with the dishonest ones.",
    ),
    Option(
        "ROBOTSTXT_OBEY",
        flag,
        "True or False",
        "switch",
        "Whether robots.txt is fetched first and obeyed (RFC 9309).",
        "It is the site's word on who may read what.",
        "False: only for a mirror of your own.",
    ),
    Option(
        "ROBOTSTXT_USER_AGENT",
        line,
        "text without line breaks",
        "text",
        "The product token that is looked up in robots.txt.",
        "The program's name (RFC 9309, 2.2.1).",
        "Another token obeys another group of rules.",
    ),
    Option(
        "ROBOTSTXT_MAX_AGE",
        number(60, 86_400),
        "a number of seconds from 60 to 86400",
        "seconds",
        "After how long a running crawl reads robots.txt again.",
        "RFC 9309, 2.4: not longer than 24 hours.",
        "A change of mind of the site is seen later.",
    ),
    Option(
        "NEWSCRAWLER_DB",
        line,
        "a file path",
        "path",
        "The database; --db sets it.",
        "Empty: data/SITE.db, below the folder that you stand in.",
        "Several papers may share one file.",
    ),
    Option(
        "CAPTURES",
        one_of("all", "changed", "none"),
        "all, changed or none",
        "word",
        "Which raw answers are kept beside what was read from them.",
        "changed: every text of every article, every gap's evidence, all that was not understood.",
        "all keeps unchanged refreshes too; none gives up re-reading with a better parser.",
    ),
    Option(
        "DOWNLOAD_DELAY",
        number(0, 3600),
        "a number of seconds from 0 to 3600",
        "seconds",
        "The least rest from the end of a request to the start of the next; a Crawl-delay in"
        " robots.txt may only lengthen it.",
        "2: twice as gentle as Scrapy's template; one crawler of the family used 0.3 unharmed.",
        "The crawl takes longer: 67,000 numbers cost 18.6 hours for each second of it.",
    ),
    Option(
        "DELAY_JITTER",
        number(0, 10),
        "a number from 0 to 10",
        "share of the delay",
        "A random part of the delay that is added on top, evenly from 0 to this share.",
        "0.5: no fixed beat, and never below the floor (Scrapy's own jitter goes below).",
        "A more uneven and slower crawl.",
    ),
    Option(
        "CONCURRENT_REQUESTS_PER_DOMAIN",
        number(1, 64, whole=True),
        "a whole number from 1 to 64",
        "requests",
        "How many requests may be under way at once.",
        "1: one reader's worth of load.",
        "More load on the server at the same moment. It helps only where answers take longer"
        " than the delay.",
    ),
    Option(
        "AUTOTHROTTLE_ENABLED",
        flag,
        "True or False",
        "switch",
        "Whether the delay grows with the time that the server takes to answer.",
        "A server that slows down is asked less.",
        "False: the delay stays as it is, however slow the server.",
    ),
    Option(
        "AUTOTHROTTLE_MAX_DELAY",
        number(0, 3600),
        "a number of seconds from 0 to 3600",
        "seconds",
        "The longest delay that AutoThrottle sets.",
        "Scrapy's default.",
        "A very slow server is asked still less often.",
    ),
    Option(
        "AUTOTHROTTLE_TARGET_CONCURRENCY",
        number(0.1, 64),
        "a number from 0.1 to 64",
        "requests",
        "How many answers AutoThrottle aims to have under way.",
        "Scrapy's default, 1.",
        "Shorter delays at a slow server.",
    ),
    Option(
        "DOWNLOAD_TIMEOUT",
        number(1, 600),
        "a number of seconds from 1 to 600",
        "seconds",
        "How long an answer may take before it counts as failed.",
        "60: a page takes a fraction of a second; a minute says that the server struggles.",
        "A hanging server holds the crawl longer.",
    ),
    Option(
        "DOWNLOAD_MAXSIZE",
        number(1024, 1024**3, whole=True),
        "a whole number of bytes from 1024 to 1073741824",
        "bytes",
        "The largest answer that is read.",
        "16 MB: a hundred times the largest article page known.",
        "More memory for an answer that is surely no article.",
    ),
    Option(
        "QUIET_HOURS",
        hours,
        "a span such as 09:00-18:00, or nothing",
        "hours, the paper's local time",
        "When nothing is asked; a run that meets them ends with exit code 3.",
        "Empty: at 2 s nobody is disturbed.",
        "Longer quiet, a longer crawl.",
    ),
    Option(
        "MAX_REQUESTS",
        number(0, 2**31, whole=True),
        "a whole number from 0 (no limit) to 2147483648",
        "requests",
        "The budget of a run; --max-requests sets it.",
        "0: none.",
        "More is asked in one run.",
    ),
    Option(
        "MAX_MINUTES",
        number(0, 525_600),
        "a number of minutes from 0 (no limit) to 525600",
        "minutes",
        "The time budget of a run; --max-minutes sets it and counts from the command's start.",
        "0: none.",
        "A run may take longer.",
    ),
    Option(
        "UNTIL",
        moment,
        "a time with its zone, like 2026-07-04T03:30:00Z or 2026-07-04T12:30:00+09:00, or nothing",
        "time",
        "No request is sent after it, by the wall clock and by the monotonic clock; --until sets"
        " it.",
        "Empty: no such end.",
        "A run may take longer.",
    ),
    Option(
        "RETRY_TIMES",
        number(0, 20, whole=True),
        "a whole number from 0 to 20",
        "tries",
        "Quick tries after the first, before a number waits for RETRY_SCHEDULE.",
        "3: a hiccup is over by then.",
        "A page that never works costs more requests.",
    ),
    Option(
        "RETRY_BACKOFF_BASE",
        number(0, 3600),
        "a number of seconds from 0 to 3600",
        "seconds",
        "The n-th quick try waits a random time up to this times 2 to the n-th less one.",
        "5: long enough for a restart of PHP. Full jitter, so that clients do not march in step.",
        "Longer pauses for the whole host after each failure.",
    ),
    Option(
        "RETRY_BACKOFF_MAX",
        number(0, 86_400),
        "a number of seconds from 0 to 86400",
        "seconds",
        "The longest such wait.",
        "300: beyond it the number is better left for a later run.",
        "Longer pauses late in a series of failures.",
    ),
    Option(
        "RETRY_AFTER_MAX",
        number(1, 604_800),
        "a number of seconds from 1 to 604800",
        "seconds",
        "The longest Retry-After that a run sits out; a longer one ends it with exit code 4.",
        "300: five minutes may be waited; what takes longer is better left to the next run.",
        "A run may sleep longer instead of ending.",
    ),
    Option(
        "RETRY_SCHEDULE",
        durations,
        "growing times such as 90s, 15m, 6h, 1d, at most 3650d, or nothing",
        "times",
        "When a failed number is due again, run after run; past the last it is given up.",
        "Hours, then days: what is broken longer is mended by people.",
        "More looks at numbers that do not answer.",
    ),
    Option(
        "BREAKER_THRESHOLD",
        number(1, 1000, whole=True),
        "a whole number from 1 to 1000",
        "answers",
        "After how many bad answers in a row the crawl stops asking and probes.",
        "10: with 30 % of answers faulty such a row comes once in 170,000.",
        "A site that is down or redesigned is asked more often before the crawl gives up.",
    ),
    Option(
        "BREAKER_BLOCKS",
        number(1, 1000, whole=True),
        "a whole number from 1 to 1000",
        "answers",
        "The same for answers that refuse us.",
        "3: who is told to go should not ask ten times.",
        "More requests against a closed door.",
    ),
    Option(
        "BREAKER_PAUSE",
        or_nothing(number(0, 86_400)),
        "a number of seconds from 0 to 86400, or nothing",
        "seconds",
        "The pause before the first probe; each further one doubles it.",
        "Empty: twelve times RETRY_BACKOFF_BASE, so a minute: a restart takes less, an outage"
        " takes all three probes.",
        "A slower verdict, fewer requests into an outage.",
    ),
    Option(
        "BREAKER_PROBES",
        number(0, 20, whole=True),
        "a whole number from 0 to 20",
        "requests",
        "How many probes may fail before the run ends with exit code 4.",
        "3: with the pauses seven minutes of patience.",
        "A longer wait for a site that may come back.",
    ),
    Option(
        "BREAKER_GAPS",
        number(2, 100_000, whole=True),
        "a whole number from 2 to 100000",
        "numbers",
        "After how many gaps in a row a known article is asked for as a control.",
        "25: at 11 % of gaps such a row does not happen by chance; the span doubles each time.",
        "A site that calls everything missing is found out later.",
    ),
    Option(
        "REFRESH_SCHEDULE",
        durations,
        "growing times such as 90s, 15m, 6h, 1d, at most 3650d, or nothing",
        "ages",
        "Ages at which a published article is looked at again.",
        "Papers edit: the article 43773 of amenews was changed five days after publication.",
        "More looks find more edits: each age costs one request for each article.",
    ),
    Option(
        "GAP_WINDOW",
        duration,
        "a time such as 7d, at most 3650d",
        "age",
        "How young an article beside a gap must be for the gap to be looked at again.",
        "7d: drafts get published late, but not much.",
        "More gaps are looked at for longer.",
    ),
    Option(
        "GAP_RECHECK",
        duration,
        "a time such as 1d, at most 3650d",
        "time",
        "How often a young gap is looked at again.",
        "1d: at about 1.5 gaps a day some ten requests daily.",
        "A late publication is found later.",
    ),
    Option(
        "FUTURE_LIMIT",
        number(1, 100_000, whole=True),
        "a whole number from 1 to 100000",
        "numbers",
        "After how many numbers in a row beyond the newest article a range ends.",
        "50: four days of articles; what lies further on is the future.",
        "A range that reaches beyond the paper's last number asks more in vain.",
    ),
    Option(
        "PING_URL",
        web_address,
        "an http(s) address, with {site} in it if need be",
        "address",
        "Is told how a run goes, in the manner of healthchecks.io: ADDRESS/start when it begins,"
        " ADDRESS at exit codes 0 and 3, ADDRESS/fail at any other, with the summary as JSON.",
        "Empty: nobody is told. A watcher that hears nothing also notices a crawl that never ran.",
        "Each run makes two requests to that address; a failing one never fails the crawl.",
        secret=True,
    ),
    Option(
        "PING_TIMEOUT",
        number(0.1, 60),
        "a number of seconds from 0.1 to 60",
        "seconds",
        "How long such a request may take.",
        "10: a watcher that takes longer is itself down.",
        "A run may end that much later.",
    ),
    Option(
        "METRICS_FILE",
        metrics_path,
        "a file path that ends in .prom, with {site} in it if need be",
        "path",
        "Figures of the run and of the archive in Prometheus' text format, for node-exporter's"
        " textfile collector; written anew every METRICS_INTERVAL and at the end.",
        "Empty: none.",
        "Several papers in one process need {site} in it.",
    ),
    Option(
        "METRICS_INTERVAL",
        number(1, 3600),
        "a number of seconds from 1 to 3600",
        "seconds",
        "How often METRICS_FILE is written while a run lasts.",
        "15: as often as Prometheus asks.",
        "Older figures, less counting.",
    ),
    Option(
        "LOG_LEVEL",
        one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        "DEBUG, INFO, WARNING, ERROR or CRITICAL",
        "word",
        "How much is told on standard error: DEBUG has a line for every answer.",
        "INFO; `newscrawler crawl` uses WARNING, so that cron mails only when something is off.",
        "Fewer lines.",
    ),
    Option(
        "LOG_JSON",
        flag,
        "True or False",
        "switch",
        "Whether each log line is a JSON object (time, level, site, logger, message, exception).",
        "False: a person reads it.",
        "True: for Loki, Elasticsearch, jq.",
    ),
)

BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}


def read(settings: HasSettings, name: str) -> Any:
    """The typed value of an option.

    Raises:
        SettingError: the value is not one that the option takes.
    """
    option = BY_NAME[name]
    value = settings.get(name)
    try:
        return option.read(value)
    except (TypeError, ValueError, OverflowError):
        shown = "what is set" if option.secret else repr(value)
        raise SettingError(f"{name} takes {option.takes}; {shown} is none") from None


def meant(name: str, known: Iterable[str] = BY_NAME) -> str:
    """``; X is meant?`` when a known name is near, else nothing."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; {near[0]} is meant?" if near else ""


def shown(option: Option, value: Any) -> Any:
    """A value as it may be written down: a secret one only as set or not."""
    return MASK if option.secret and value else value


def schedule(settings: HasSettings) -> Schedule:
    """When numbers are looked at again, as the settings say."""
    return Schedule(
        retry_after=read(settings, "RETRY_SCHEDULE"),
        refresh_after=read(settings, "REFRESH_SCHEDULE"),
        gap_window=read(settings, "GAP_WINDOW"),
        gap_every=read(settings, "GAP_RECHECK"),
    )


def user_agent(settings: HasSettings) -> str:
    """The user agent with the operator's contact in it."""
    agent, contact = str(read(settings, "USER_AGENT")), str(read(settings, "CONTACT"))
    return f"{agent} (+{contact})" if contact else agent


def names_a_contact(agent: str) -> bool:
    """Whether a server's keeper could reach somebody: an e-mail or a web address."""
    return bool(re.search(r"[^\s@]+@[^\s@]+\.[^\s@]+|https?://[^\s/]+", agent))
