"""The effect of a fault on an answer: a different answer, or a damaged one."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import format_datetime

from newscrawler.demo import answers
from newscrawler.demo.answers import Answer
from newscrawler.demo.dice import Dice
from newscrawler.demo.faults import Faults

SMALL = 1500
"""Bytes; nothing shorter is cut: half of a one-line script is no page of any server's."""
HUGE = 50_000_000
"""Bytes of a page that nobody should swallow whole."""
DEEP = 20_000
"""Elements inside each other: more than any parser's recursion stands."""

_STATUS = {"status_500": 500, "status_502": 502, "status_503": 503, "down": 503, "robots_5xx": 503}
_BUSY = {"busy_429": 429, "busy_429_date": 429, "busy_503": 503}
_INSTEAD = {
    "maintenance": answers.MAINTENANCE,
    "db_error": answers.DATABASE_ERROR,
    "empty": Answer(200, b""),
    "block": answers.BLOCK,
    "forbidden": answers.FORBIDDEN,
}


def instead(fault: str, faults: Faults, now: datetime) -> Answer | None:
    """The answer of a fault that does not depend on the page; ``None`` if it needs the page."""
    if fault in _STATUS:
        return answers.bare("Server Error", _STATUS[fault])
    if fault in _BUSY:
        value = str(faults.retry_after)
        if fault == "busy_429_date":
            # A date has whole seconds: never earlier than asked for.
            moment = math.ceil(now.timestamp() + faults.retry_after)
            value = format_datetime(datetime.fromtimestamp(moment, UTC), usegmt=True)
        return Answer(_BUSY[fault], b"<h1>busy</h1>", headers=(("Retry-After", value),))
    if fault == "offsite":
        return answers.redirect(faults.elsewhere)
    return _INSTEAD.get(fault)


def spoilt(fault: str, answer: Answer, address: str) -> Answer:
    """The page after a fault; unchanged by a fault that does not affect its content."""
    body = answer.body
    match fault:
        case "cut":
            body = body[: int(len(body) * (0.1 + 0.8 * Dice(address, "cut").random()))]
        case "euckr_as_utf8" if answer.content_type.startswith("text/html"):
            body = body.decode("utf-8").encode("cp949", "xmlcharrefreplace")
        case "utf8_as_euckr" if answer.content_type.startswith("text/html"):
            return Answer(answer.status, body, "text/html; charset=euc-kr", answer.headers)
        case "binary":
            body = b"\x89BIN\x00\xff\xfe" + bytes(range(256)) * 40
        case "huge":
            body += b"<!-- padding -->" * (HUGE // 16)
        case "deep":
            body = body.replace(b"<body>", b"<body>" + b"<div>" * DEEP)
        case "nuls":
            body = body.replace(b"<p", b"\x00<p").replace(b". ", b".\x00 ")
    return Answer(answer.status, body, answer.content_type, answer.headers)
