"""Every setting for operators: its purpose, its type and range, the reason for its default.

The range of a setting is in its ``type`` here (``value_types.py`` has the kinds of types). Its
default is in ``settings.py``, where Scrapy looks for it. ``docs/settings.md`` and the command
``newscrawler settings`` are made from both. A setting is read with the type of its declaration::

    delay = options.DOWNLOAD_DELAY.read(crawler.settings)  # a float
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newscrawler.config import value_types
from newscrawler.config.option import HasSettings, Option
from newscrawler.store.schedule import Schedule

CONTACT = Option(
    name="CONTACT",
    type=value_types.CONTACT,
    unit="text",
    what="Who runs this crawl; it is added to the user agent as (+CONTACT).",
    why="Empty: only you know it. A crawl of a paper's own host is refused without one.",
    raised="The operator of the server can write to you instead of blocking you.",
)
USER_AGENT = Option(
    name="USER_AGENT",
    type=value_types.PRINTABLE,
    unit="text",
    what="How the crawl names itself in each request (the header User-Agent).",
    why="The program's name and version: honest and short.",
    raised="A crawler that names itself a browser is blocked sooner or later, and others with it.",
)
ROBOTSTXT_OBEY = Option(
    name="ROBOTSTXT_OBEY",
    type=value_types.FLAG,
    unit="switch",
    what="Whether robots.txt is fetched first and obeyed (RFC 9309).",
    why="The site says there who may read what.",
    raised="False: only for a mirror of your own.",
)
ROBOTSTXT_USER_AGENT = Option(
    name="ROBOTSTXT_USER_AGENT",
    type=value_types.PRINTABLE,
    unit="text",
    what="The product token for which robots.txt is read.",
    why="The program's name (RFC 9309, 2.2.1).",
    raised="With another token another group of rules applies.",
)
ROBOTSTXT_MAX_AGE = Option(
    name="ROBOTSTXT_MAX_AGE",
    type=value_types.number(60, 86_400, "seconds"),
    unit="seconds",
    what="After how long a running crawl reads robots.txt again.",
    why="RFC 9309, 2.4: not longer than 24 hours.",
    raised="A changed robots.txt is noticed later.",
)
NEWSCRAWLER_DB = Option(
    name="NEWSCRAWLER_DB",
    type=value_types.PATH,
    unit="path",
    what="The database; --db sets it.",
    why="Empty: data/SITE.db in the current folder.",
    raised="Several papers may share one file.",
)
CAPTURES = Option(
    name="CAPTURES",
    type=value_types.one_of("all", "changed", "none"),
    unit="word",
    what="Which raw answers of the site are kept.",
    why=(
        "changed: every text of every article, the evidence for every gap, and what was"
        " not understood."
    ),
    raised=(
        "all keeps refreshes without a change too. With none, a better parser needs new requests."
    ),
)
DOWNLOAD_DELAY = Option(
    name="DOWNLOAD_DELAY",
    type=value_types.number(0, 3600, "seconds"),
    unit="seconds",
    what=(
        "The minimum time from the end of a request to the start of the next; a Crawl-delay in"
        " robots.txt may only lengthen it."
    ),
    why="2: twice the delay of Scrapy's template; a crawler of this CMS used 0.3 without trouble.",
    raised="The crawl takes longer: 67,000 numbers cost 18.6 hours for each second of it.",
)
DELAY_JITTER = Option(
    name="DELAY_JITTER",
    type=value_types.number(0, 10),
    unit="share of the delay",
    what="A random part of the delay that is added on top, evenly from 0 to this share.",
    why="0.5: no fixed rhythm, and never less than the delay (Scrapy's own jitter can be less).",
    raised="A more uneven and slower crawl.",
)
CONCURRENT_REQUESTS_PER_DOMAIN = Option(
    name="CONCURRENT_REQUESTS_PER_DOMAIN",
    type=value_types.whole(1, 64),
    unit="requests",
    what="How many requests may run at the same time.",
    why="1: the load of one reader.",
    raised=(
        "More load on the server at the same moment. It helps only where answers take longer than"
        " the delay."
    ),
)
AUTOTHROTTLE_ENABLED = Option(
    name="AUTOTHROTTLE_ENABLED",
    type=value_types.FLAG,
    unit="switch",
    what="Whether the delay grows with the time that the server takes to answer.",
    why="A server that slows down is asked less.",
    raised="False: the delay stays as it is, however slow the server.",
)
AUTOTHROTTLE_MAX_DELAY = Option(
    name="AUTOTHROTTLE_MAX_DELAY",
    type=value_types.number(0, 3600, "seconds"),
    unit="seconds",
    what="The longest delay that AutoThrottle sets.",
    why="Scrapy's default.",
    raised="A very slow server is asked still less often.",
)
AUTOTHROTTLE_TARGET_CONCURRENCY = Option(
    name="AUTOTHROTTLE_TARGET_CONCURRENCY",
    type=value_types.number(0.1, 64),
    unit="requests",
    what="How many requests AutoThrottle tries to have running at the same time.",
    why="Scrapy's default, 1.",
    raised="Shorter delays at a slow server.",
)
DOWNLOAD_TIMEOUT = Option(
    name="DOWNLOAD_TIMEOUT",
    type=value_types.number(1, 600, "seconds"),
    unit="seconds",
    what="How long an answer may take before it counts as failed.",
    why="60: a page takes a fraction of a second; after a minute the server has a problem.",
    raised="A server that does not answer delays the crawl longer.",
)
DOWNLOAD_MAXSIZE = Option(
    name="DOWNLOAD_MAXSIZE",
    type=value_types.whole(1024, 1024**3, "bytes"),
    unit="bytes",
    what="The largest answer that is read.",
    why="8 MB: a hundred times the size of an article page of this CMS.",
    raised="More memory for an answer that is certainly not an article.",
)
READ_TIME_LIMIT = Option(
    name="READ_TIME_LIMIT",
    type=value_types.number(0.1, 600, "seconds"),
    unit="seconds of processor time",
    what="How long it may take to read one answer; a page that takes longer is unknown.",
    why="5: an ordinary page takes 3 ms, one of 4 MB up to 3 s.",
    raised="A page that is made to be slow delays the crawl longer.",
)
QUIET_HOURS = Option(
    name="QUIET_HOURS",
    type=value_types.optional(value_types.HOURS),
    unit="hours, the paper's local time",
    what="Hours without requests; a run that reaches them ends with exit code 3.",
    why="Empty: a request every 2 s is little load at any hour.",
    raised="Longer quiet hours make the crawl longer.",
)
MAX_REQUESTS = Option(
    name="MAX_REQUESTS",
    type=value_types.whole(0, 2**31, zero="no limit"),
    unit="requests",
    what="The budget of a run; --max-requests sets it.",
    why="0: none.",
    raised="A run makes more requests.",
)
MAX_MINUTES = Option(
    name="MAX_MINUTES",
    type=value_types.number(0, 525_600, "minutes", zero="no limit"),
    unit="minutes",
    what="The time budget of a run; --max-minutes sets it and counts from the command's start.",
    why="0: none.",
    raised="A run may take longer.",
)
UNTIL = Option(
    name="UNTIL",
    type=value_types.optional(value_types.MOMENT),
    unit="time",
    what="No request is sent after it, by the wall clock and by the monotonic clock; --until"
    " sets it.",
    why="Empty: no such end.",
    raised="A run may take longer.",
)
RETRY_TIMES = Option(
    name="RETRY_TIMES",
    type=value_types.whole(0, 20),
    unit="tries",
    what="How often a run repeats a failed request before the number waits for RETRY_SCHEDULE.",
    why="3: a short problem is over by then.",
    raised="A page that never works costs more requests.",
)
RETRY_BACKOFF_BASE = Option(
    name="RETRY_BACKOFF_BASE",
    type=value_types.number(0, 3600, "seconds"),
    unit="seconds",
    what="The n-th retry waits a random time of up to this × 2^(n-1) seconds.",
    why=(
        "5: long enough for a restart of PHP. Random, so that clients do not retry at"
        " the same moment."
    ),
    raised="Longer pauses for the whole host after each failure.",
)
RETRY_BACKOFF_MAX = Option(
    name="RETRY_BACKOFF_MAX",
    type=value_types.number(0, 86_400, "seconds"),
    unit="seconds",
    what="The longest wait before a retry.",
    why="300: what needs longer is left to a later run.",
    raised="Longer pauses late in a series of failures.",
)
RETRY_AFTER_MAX = Option(
    name="RETRY_AFTER_MAX",
    type=value_types.number(1, 604_800, "seconds"),
    unit="seconds",
    what=(
        "The longest Retry-After that a run waits for; a longer one ends the run with exit code 4."
    ),
    why="300: what takes longer than five minutes is left to the next run.",
    raised="A run may wait longer instead of ending.",
)
RETRY_SCHEDULE = Option(
    name="RETRY_SCHEDULE",
    type=value_types.DURATIONS,
    unit="times",
    what=(
        "When a failed number is due again, one time for each failed run; after the last"
        " it is given up."
    ),
    why="Hours, then days: what is broken for longer needs a person to repair it.",
    raised="More requests for numbers that do not answer.",
)
BREAKER_THRESHOLD = Option(
    name="BREAKER_THRESHOLD",
    type=value_types.whole(1, 1000),
    unit="answers",
    what=(
        "After how many bad answers in a row the circuit breaker opens: requests stop,"
        " and probes follow."
    ),
    why="10: with 30 % of answers faulty such a row happens once in 170,000.",
    raised="A site that is down or redesigned is asked more often before the crawl gives up.",
)
ON_UNKNOWN = Option(
    name="ON_UNKNOWN",
    type=value_types.one_of("stop", "keep"),
    unit="word",
    what="Whether a crawl stops after many pages in a row that are not understood, or stores them"
    " and goes on: fetch now, read later with newscrawler reparse.",
    why="stop: a redesign costs a dozen requests, and the operator can correct the skin.",
    raised="keep is for a site about to vanish or to be redesigned: its pages stay unknown, each"
    " with its capture; blocks and failures still stop the crawl.",
)
INCOMPLETE_IN_A_ROW = Option(
    name="INCOMPLETE_IN_A_ROW",
    type=value_types.whole(0, 100_000),
    unit="articles",
    what="After how many articles in a row without a date, or with text that is in no field, the"
    " crawl stops; 0: never.",
    why="20: nothing else detects a redesign that leaves headline and body in place.",
    raised="More incomplete articles are stored before the crawl stops; 0 for numbers that really"
    " prints no dates.",
)
BREAKER_BLOCKS = Option(
    name="BREAKER_BLOCKS",
    type=value_types.whole(1, 1000),
    unit="answers",
    what="The same for answers that refuse the crawler (401, 403, a page that says it is blocked).",
    why="3: a crawler that is refused should not ask ten times.",
    raised="More requests to a site that refuses them.",
)
BREAKER_PAUSE = Option(
    name="BREAKER_PAUSE",
    type=value_types.optional(value_types.number(0, 86_400, "seconds")),
    unit="seconds",
    what="The pause before the first probe; it doubles with each further probe.",
    why=(
        "Empty: twelve times RETRY_BACKOFF_BASE, so a minute: a restart takes less, an outage"
        " takes all three probes."
    ),
    raised="An outage is recognised later, with fewer requests.",
)
BREAKER_PROBES = Option(
    name="BREAKER_PROBES",
    type=value_types.whole(0, 20),
    unit="requests",
    what="How many probes may fail before the run ends with exit code 4.",
    why="3: with the pauses, seven minutes.",
    raised="A longer wait for a site that may recover.",
)
BREAKER_GAPS = Option(
    name="BREAKER_GAPS",
    type=value_types.whole(2, 100_000),
    unit="numbers",
    what="After how many gaps in a row a known article is requested (the canary).",
    why="25: at 11 % of gaps such a row does not happen by chance; the span doubles each time.",
    raised="A site that reports everything as missing is recognised later.",
)
BREAKER_SHARE = Option(
    name="BREAKER_SHARE",
    type=value_types.whole(0, 100),
    unit="numbers",
    what="How many of the latest 100 numbers may end without a usable answer, also with articles"
    " between them, before the run ends with exit code 4; 0: any number. A number counts once,"
    " after its retries; one that failed in an earlier run does not count.",
    why=(
        "20: with 30 % of answers faulty and three retries one number in 120 fails; of a site that"
        " fails for every third number 60 numbers are requested."
    ),
    raised="A site that works in part is asked more often before the crawl gives up.",
)
REFRESH_SCHEDULE = Option(
    name="REFRESH_SCHEDULE",
    type=value_types.DURATIONS,
    unit="ages",
    what="The ages at which a published article is fetched again.",
    why=(
        "Papers edit their articles: number 43773 of amenews was changed five days after"
        " publication."
    ),
    raised="More edits are found; each age costs one request for each article.",
)
GAP_WINDOW = Option(
    name="GAP_WINDOW",
    type=value_types.DURATION,
    unit="age",
    what="How young the neighbouring article of a gap must be for the gap to be asked for again.",
    why="7d: drafts are published late, but rarely by more.",
    raised="More gaps are asked for again, for longer.",
)
GAP_RECHECK = Option(
    name="GAP_RECHECK",
    type=value_types.DURATION,
    unit="time",
    what="How often such a gap is asked for again.",
    why="1d: at about 1.5 gaps a day some ten requests daily.",
    raised="An article that is published late is found later.",
)
FUTURE_LIMIT = Option(
    name="FUTURE_LIMIT",
    type=value_types.whole(1, 100_000),
    unit="numbers",
    what="After how many numbers in a row beyond the newest article a range ends.",
    why="50: four days of articles; numbers beyond them do not exist yet.",
    raised="A range that goes beyond the paper's last number makes more useless requests.",
)
SECTION_LISTS = Option(
    name="SECTION_LISTS",
    type=value_types.whole(0, 1_000),
    unit="requests",
    what="How many section lists catching up may read, one page each, when something is new.",
    why="100: more than any paper has sections. 0: articles learn their section from "
    "`crawl --sections` alone.",
    raised="A run with news costs a request more for each section.",
)
PING_URL = Option(
    name="PING_URL",
    type=value_types.WEB_ADDRESS,
    unit="address",
    what=(
        "A monitoring service that each run calls, as healthchecks.io expects it: ADDRESS/start"
        " when it begins, ADDRESS at exit codes 0 and 3, ADDRESS/fail at any other, with the"
        " summary as JSON."
    ),
    why="Empty: no calls. Such a service also notices a crawl that never ran.",
    raised="Each run makes two requests to that address; if one fails, the crawl goes on.",
    secret=True,
)
PING_TIMEOUT = Option(
    name="PING_TIMEOUT",
    type=value_types.number(0.1, 60, "seconds"),
    unit="seconds",
    what="How long a request to PING_URL may take.",
    why="10: a service that takes longer has a problem itself.",
    raised="A run may end later by that time.",
)
METRICS_FILE = Option(
    name="METRICS_FILE",
    type=value_types.PROMETHEUS_PATH,
    unit="path",
    what=(
        "Figures of the run and of the archive in Prometheus' text format, for node-exporter's"
        " textfile collector; written every METRICS_INTERVAL and at the end."
    ),
    why="Empty: none.",
    raised="Several papers in one process need {site} in it.",
)
METRICS_INTERVAL = Option(
    name="METRICS_INTERVAL",
    type=value_types.number(1, 3600, "seconds"),
    unit="seconds",
    what="How often METRICS_FILE is written while a run lasts.",
    why="15: as often as Prometheus asks.",
    raised="Older figures, less work.",
)
LOG_LEVEL = Option(
    name="LOG_LEVEL",
    type=value_types.one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
    unit="word",
    what="How much is logged to standard error: DEBUG has a line for every answer.",
    why="INFO; `newscrawler crawl` uses WARNING, so that cron sends mail only when needed.",
    raised="Fewer lines.",
)
LOG_JSON = Option(
    name="LOG_JSON",
    type=value_types.FLAG,
    unit="switch",
    what="Whether each log line is a JSON object (time, level, site, logger, message, exception).",
    why="False: a person reads it.",
    raised="True: for Loki, Elasticsearch, jq.",
)
LOGSTATS_INTERVAL = Option(
    name="LOGSTATS_INTERVAL",
    type=value_types.number(0, 86_400, "seconds", zero="none"),
    unit="seconds",
    what="How often a line at INFO says how far the crawl is; 0: never. Not on a terminal, where"
    " the progress line says it.",
    why="60: Scrapy's default.",
    raised="A shorter log.",
)

OPTIONS: tuple[Option[Any], ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Option)
)
"""All of the above, in this order."""

BY_NAME: Mapping[str, Option[Any]] = {option.name: option for option in OPTIONS}


def schedule(settings: HasSettings) -> Schedule:
    """When numbers are requested again, by the settings."""
    return Schedule(
        retry_after=RETRY_SCHEDULE.read(settings),
        refresh_after=REFRESH_SCHEDULE.read(settings),
        gap_window=GAP_WINDOW.read(settings),
        gap_every=GAP_RECHECK.read(settings),
    )


def user_agent_with_contact(settings: HasSettings) -> str:
    """The user agent, with the operator's contact."""
    agent, contact = USER_AGENT.read(settings), CONTACT.read(settings)
    return f"{agent} (+{contact})" if contact else agent
