"""Asks the local newspaper for pages, and reads what they print."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import NamedTuple

import lxml.html

from newscrawler.demo.newspaper import Newspaper, Truth
from newscrawler.demo.pages import Pages
from newscrawler.demo.server import LocalServer


class Got(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def get(server: LocalServer, target: str, **headers: str) -> Got:
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(server.base_url + target, headers=asked)
    try:
        with OPENER.open(request, timeout=5) as answer:
            return Got(answer.status, answer.read(), dict(answer.headers))
    except urllib.error.HTTPError as error:
        with error:
            return Got(error.code, error.read(), dict(error.headers))


def view(idx: int) -> str:
    return f"/news/view.php?idx={idx}"


def squeezed(text: str) -> str:
    """Without any whitespace: what is left when markup's line ends do not matter."""
    return "".join(text.split())


def page(paper: Newspaper, idx: int) -> str:
    return Pages(paper).article(idx).body.decode("utf-8")


def printed_words(html: str) -> str:
    """Every letter of the body's markup in order, junk and whitespace left out."""
    tree = lxml.html.fromstring(html)
    (body,) = tree.xpath('//*[@id="viewContent"]')
    for junk in body.xpath(
        ".//script | .//style | .//acronym | .//button | .//comment()"
        ' | .//*[contains(@class, "anner")] | .//table[@class="pdf-box"]'
    ):
        junk.drop_tree()
    return squeezed(body.text_content())


def an_article(paper: Newspaper, **wanted: object) -> Truth:
    """The first record of an ordinary article whose attributes are as wanted."""
    return next(
        t
        for t in paper.truths()
        if t.article and t.how == "plain" and all(getattr(t, k) == v for k, v in wanted.items())
    )
