"""Scrapy's settings without effect here, because this program does the same in another way.

A value for one of them would be ignored silently, so it is refused; the message names the setting
to use instead.
"""

from __future__ import annotations

_RETRY = (
    "the content of an answer decides whether its request is repeated; RETRY_TIMES,"
    " RETRY_BACKOFF_BASE and RETRY_SCHEDULE say how often and when"
)
_REDIRECT = "a redirect is followed only to the same article on the paper's own hosts"
_CACHE = "every answer that matters is kept in the database; CAPTURES says which"
_LEDGER = (
    "the database has the numbers that are still to be requested, and every crawl continues from it"
)
_WALK = "the spider requests numbers and follows no links"
_DELAY = "DOWNLOAD_DELAY and DELAY_JITTER set the pace"

_INSTEAD = {
    "RETRY_ENABLED": "RETRY_TIMES=0 turns retries off",
    "RETRY_HTTP_CODES": _RETRY,
    "RETRY_EXCEPTIONS": _RETRY,
    "RETRY_PRIORITY_ADJUST": _RETRY,
    "RETRY_GIVE_UP_LOG_LEVEL": "LOG_LEVEL says how much is logged",
    "REDIRECT_": _REDIRECT,
    "DOWNLOAD_FAIL_ON_DATALOSS": "a truncated page is not an answer: it is requested again",
    "METAREFRESH_": "a page with meta refresh is read as an answer itself",
    "HTTPCACHE_": _CACHE,
    "HTTPERROR_": "every HTTP status is an answer that is read",
    "JOBDIR": _LEDGER,
    "SCHEDULER_": _LEDGER,
    "DUPEFILTER_": _LEDGER,
    "DEPTH_": _WALK,
    "REFERER_": _WALK,
    "REFERRER_": _WALK,
    "CRAWLSPIDER_": _WALK,
    "RANDOMIZE_DOWNLOAD_DELAY": "DELAY_JITTER sets the random part of the delay",
    "DOWNLOAD_DELAY_JITTER": "DELAY_JITTER sets the random part of the delay",
    "DOWNLOAD_SLOTS": _DELAY,
    "CONCURRENT_REQUESTS": "it follows CONCURRENT_REQUESTS_PER_DOMAIN",
    "DNS_TIMEOUT": "DOWNLOAD_TIMEOUT is for the whole request, with the look-up of its host",
    "AUTOTHROTTLE_START_DELAY": "the delay starts at DOWNLOAD_DELAY",
    "ROBOTSTXT_PARSER": "ROBOTSTXT_OBEY and ROBOTSTXT_USER_AGENT say how robots.txt is obeyed",
}
"""Name (or prefix that ends in ``_``) → what to use instead."""


def refusal(name: str) -> str | None:
    """Why Scrapy's setting of that name is refused, in one sentence; ``None`` if it has effect.

    >>> refusal("RETRY_ENABLED")
    "Scrapy's setting RETRY_ENABLED has no effect here: RETRY_TIMES=0 turns retries off"
    >>> refusal("HTTPCACHE_DIR") is None
    False
    >>> refusal("DNSCACHE_SIZE") is None
    True
    """
    family = next((key for key in _INSTEAD if key.endswith("_") and name.startswith(key)), name)
    instead = _INSTEAD.get(name) or _INSTEAD.get(family)
    return instead and f"Scrapy's setting {name} has no effect here: {instead}"
