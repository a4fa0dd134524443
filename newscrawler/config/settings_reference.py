"""``docs/settings.md``, made from the options and their defaults.

Run ``python -m newscrawler.config.settings_reference > docs/settings.md`` after changing either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newscrawler import settings
from newscrawler.config.option import Option
from newscrawler.config.options import OPTIONS
from newscrawler.config.sources import environment_name

_HEAD = """# Settings

Every setting of newscrawler, and those of Scrapy that operators change. This page is generated:
edit `newscrawler/config/options.py` or `newscrawler/settings.py`, then `make docs`.

The first of these that has a value counts:

1. the command line: `newscrawler crawl -s NAME=VALUE` (`scrapy crawl -s`, scrapyd's `setting=`);
2. the environment: `NEWSCRAWLER_NAME=VALUE`;
3. the paper's site file: `NAME = VALUE` below `[settings]`;
4. the default.

`newscrawler settings` shows each effective value and where it was set. A value out of range or an
unknown name is refused in one sentence, with exit code 2, before any request. Any other
[setting of Scrapy](https://docs.scrapy.org/en/latest/topics/settings.html) can be given on the
command line as well; `CONCURRENT_REQUESTS` follows `CONCURRENT_REQUESTS_PER_DOMAIN`. Settings of
Scrapy that newscrawler replaces (`RETRY_ENABLED`, `REDIRECT_ENABLED`, `JOBDIR`,
`HTTPCACHE_ENABLED`, …) are refused, and the message names the replacement.
"""

_TOPICS = {
    "CONTACT": "Identity and robots.txt",
    "NEWSCRAWLER_DB": "What is kept",
    "DOWNLOAD_DELAY": "Speed",
    "RETRY_TIMES": "Errors and retries",
    "REFRESH_SCHEDULE": "When to fetch again",
    "PING_URL": "Logs and monitoring",
}
"""The first option of each topic, in the order of ``OPTIONS`` → the topic."""


def render() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_overview(), *_details()]) + "\n"


def default(option: Option[Any]) -> str:
    """The default, as an operator would type it."""
    value = getattr(settings, option.name)
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return str(value) or "(empty)"


def _overview() -> Iterator[str]:
    yield "| setting | default | unit | takes |"
    yield "|---|---|---|---|"
    for option in OPTIONS:
        link = f"[{option.name}](#{option.name.lower()})"
        yield f"| {link} | `{default(option)}` | {option.unit} | {option.type.takes} |"


def _details() -> Iterator[str]:
    for option in OPTIONS:
        if option.name in _TOPICS:
            yield f"\n## {_TOPICS[option.name]}"
        yield f"\n### {option.name}\n"
        yield f"{option.what}\n"
        yield f"- Default: `{default(option)}` ({option.unit}). {option.why}"
        yield f"- Takes {option.type.takes}."
        yield f"- A higher or other value: {option.raised}"
        yield f"- Environment: `{environment_name(option.name)}`"
        if option.secret:
            yield "- A secret: the database, the log and `newscrawler settings` do not show it."


if __name__ == "__main__":
    print(render(), end="")
