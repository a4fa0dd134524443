"""Scrapy's settings that nobody reads here, because this program does their work another way.

A value for one of them would change nothing, and nothing would say so: it is
refused with the name of the setting that does what is wanted.
"""

from __future__ import annotations

_RETRY = (
    "which answers are asked for again is decided by what the page says; RETRY_TIMES,"
    " RETRY_BACKOFF_BASE and RETRY_SCHEDULE say how often and when"
)
_REDIRECT = "a redirect is followed only to the same article on the paper's own hosts"
_CACHE = "every answer that matters is kept in the database; CAPTURES says which"
_LEDGER = "the database knows which numbers are still to be asked, and every crawl goes on from it"
_WALK = "the spider asks for numbers and follows no links"
_DELAY = "DOWNLOAD_DELAY and DELAY_JITTER set the pace"

_INSTEAD = {
    "RETRY_ENABLED": "RETRY_TIMES=0 turns retries off",
    "RETRY_HTTP_CODES": _RETRY,
    "RETRY_EXCEPTIONS": _RETRY,
    "RETRY_PRIORITY_ADJUST": _RETRY,
    "RETRY_GIVE_UP_LOG_LEVEL": "LOG_LEVEL says how much is logged",
    "REDIRECT_": _REDIRECT,
    "DOWNLOAD_FAIL_ON_DATALOSS": "a page that is cut short is no answer: it is asked for again",
    "METAREFRESH_": "a page that refreshes itself is read as an answer of its own",
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
    "AUTOTHROTTLE_START_DELAY": "the delay starts at DOWNLOAD_DELAY",
    "ROBOTSTXT_PARSER": "ROBOTSTXT_OBEY and ROBOTSTXT_USER_AGENT say how robots.txt is obeyed",
}
"""A name, or the beginning of several that ends in ``_``; and what does it here."""


def refusal(name: str) -> str | None:
    """Why Scrapy's setting of that name is refused, in one sentence; ``None`` when it is read.

    >>> refusal("RETRY_ENABLED")
    "Scrapy's setting RETRY_ENABLED has no effect here: RETRY_TIMES=0 turns retries off"
    >>> refusal("HTTPCACHE_DIR") is None
    False
    >>> refusal("DNS_TIMEOUT") is None
    True
    """
    family = next((key for key in _INSTEAD if key.endswith("_") and name.startswith(key)), name)
    instead = _INSTEAD.get(name) or _INSTEAD.get(family)
    return instead and f"Scrapy's setting {name} has no effect here: {instead}"
