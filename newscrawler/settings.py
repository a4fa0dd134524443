"""Scrapy settings of the project: the one place where components are wired.

The purpose of each setting, its range and the effect of a higher value are in
``config/options.py``, from which ``docs/settings.md`` is made.
"""

from __future__ import annotations

from newscrawler import version

BOT_NAME = "newscrawler"
# A spider for every site file (newscrawler/sites/*.toml and those of one's own).
SPIDER_LOADER_CLASS = "newscrawler.spiders.loader.SiteSpiderLoader"
# `scrapy crawl`, and so scrapyd, runs the same job as `newscrawler crawl`.
COMMANDS_MODULE = "newscrawler.cli.scrapy_commands"

# Who we are. CONTACT is added to the user agent: a server's keeper must be able to write to us.
USER_AGENT = version.USER_AGENT
CONTACT = ""
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "newscrawler"
ROBOTSTXT_MAX_AGE = 86_400.0

# Where it goes.
NEWSCRAWLER_DB = ""
CAPTURES = "changed"

# How fast. Scrapy's own jitter also shortens the delay; ours only lengthens it.
DOWNLOAD_DELAY = 2.0
DOWNLOAD_DELAY_JITTER = 0.0
DELAY_JITTER = 0.5
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
DOWNLOAD_TIMEOUT = 60.0
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
READ_TIME_LIMIT = 5.0
DOWNLOAD_WARNSIZE = 0
QUIET_HOURS = ""
MAX_REQUESTS = 0
MAX_MINUTES = 0.0
UNTIL = ""

# What to do when it does not work.
RETRY_ENABLED = True
RETRY_TIMES = 3
RETRY_BACKOFF_BASE = 5.0
RETRY_BACKOFF_MAX = 300.0
RETRY_AFTER_MAX = 300.0
RETRY_SCHEDULE = "1h, 6h, 1d, 3d, 7d"
BREAKER_THRESHOLD = 10
ON_UNKNOWN = "stop"
INCOMPLETE_IN_A_ROW = 20
BREAKER_BLOCKS = 3
BREAKER_PAUSE = ""
BREAKER_PROBES = 3
BREAKER_GAPS = 25
BREAKER_SHARE = 20

# When to look again.
REFRESH_SCHEDULE = "1d, 3d, 7d, 14d, 30d"
GAP_WINDOW = "7d"
GAP_RECHECK = "1d"
FUTURE_LIMIT = 50
SECTION_LISTS = 100

# Who is told.
PING_URL = ""
PING_TIMEOUT = 10.0
METRICS_FILE = ""
METRICS_INTERVAL = 15.0
# A response brings one answer; Scrapy would start a hundred tasks for it.
CONCURRENT_ITEMS = 1
# Scrapy would read the callback's source again for every response.
WARN_ON_GENERATOR_RETURN_VALUE = False
# Korean stays readable in feeds (-o, -O, FEEDS).
FEED_EXPORT_ENCODING = "utf-8"
LOG_LEVEL = "INFO"
LOG_JSON = False
LOGSTATS_INTERVAL = 60.0

# All addresses of a host, IPv6 too, are tried until one accepts (RFC 8305). Scrapy's default takes
# one IPv4 address: if the server there is down, the site would be, too.
TWISTED_DNS_RESOLVER = "scrapy.resolver.CachingHostnameResolver"

# Nothing listens, nothing but http(s) is fetched, certificates are verified.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "newscrawler.downloadhandlers.PacedDownloadHandler",
    "https": "newscrawler.downloadhandlers.PacedDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "ko",
}

# Every status is an answer to be read; redirects, robots.txt and retries are our own.
HTTPERROR_ALLOW_ALL = True
METAREFRESH_ENABLED = False

# A request goes down this list, the answer comes up; whoever changes the order of two changes what
# is believed (tests/middlewares/test_order.py):
#
# robots     is first to see a request: what is disallowed is not sent, and counts nowhere.
# share      is last to see an answer: it counts each number once, by the final reading.
# canary     is asked after retry has given up and the breaker has counted: it may declare a
#            reading unbelievable, and nobody below may judge the original after it.
# retry      is above the breaker, so that each failed try counts for it: a site that is down is
#            noticed after BREAKER_THRESHOLD answers, not after as many times RETRY_TIMES.
# breaker    is above parse: it judges readings, not statuses.
# parse      reads what redirect lets through, before anybody above decides by it.
# redirect   is first to see an answer: a page behind a redirect is read once, at its end.
#
# Scrapy's own stand where they always do: HttpAuth 300, DownloadTimeout 350, DefaultHeaders 400,
# UserAgent 500 before ours, HttpCompression 590, HttpProxy 750 behind.
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "newscrawler.middlewares.robots.RobotsMiddleware": 100,
    "newscrawler.middlewares.failing_share.FailingShareMiddleware": 530,
    "newscrawler.middlewares.canary.CanaryMiddleware": 540,
    "newscrawler.middlewares.retry.RetryMiddleware": 550,
    "newscrawler.middlewares.circuit_breaker.CircuitBreakerMiddleware": 560,
    "newscrawler.middlewares.parse.ParseMiddleware": 570,
    "newscrawler.middlewares.redirect.RedirectMiddleware": 580,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
ITEM_PIPELINES = {
    "newscrawler.pipelines.ParsePipeline": 100,
    "newscrawler.pipelines.ValidatePipeline": 200,
    "newscrawler.pipelines.DedupePipeline": 300,
    "newscrawler.pipelines.StorePipeline": 400,
}
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,
    "newscrawler.extensions.logs.Logs": -10,
    "newscrawler.extensions.holder.StoreHolder": 0,
    "newscrawler.extensions.stopper.Stopper": 1,
    "newscrawler.extensions.run.Run": 2,
    "newscrawler.extensions.signal_errors.SignalErrors": 3,
    "newscrawler.extensions.pacer.Pacer": 10,
    "newscrawler.extensions.page_reader.PageReader": 15,
    "newscrawler.extensions.progress.Progress": 20,
    "newscrawler.extensions.progress_log.Pulse": 25,
    "newscrawler.extensions.metrics.Metrics": 30,
    "newscrawler.extensions.ping.Ping": 40,
}

# The ledger is the work list: the same number may be asked again, and resuming needs no JOBDIR.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
LOG_FORMATTER = "newscrawler.extensions.logs.NewsFormatter"
STATS_DUMP = False
