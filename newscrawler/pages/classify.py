"""What an answer without an article means for the requested number.

Missing, removed and restricted settle a number, so they need a clear statement of the site: its
status, the message of its ``alert``, its error document, a redirect to its home page. The same
words elsewhere in a page are no evidence. A temporary error or a block is never a gap, and an
answer that is not understood is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from lxml.etree import _Element as Element

from newscrawler.items import Verdict
from newscrawler.pages import headline, page_forms, redirects, scripts, visible_text
from newscrawler.pages.dom import Page
from newscrawler.pages.messages import LONGEST, by_words, is_failed_query
from newscrawler.pages.statuses import GONE, REFUSED, Classification, refuses
from newscrawler.sites import Site
from newscrawler.sites.urls import idx_of

_SMALL = 600
"""Up to this many visible characters (outside of links) a page is only its message."""
_ALONE = 250
"""Up to this many visible characters the text of a page may settle a number."""
_CHALLENGE = re.compile(r"""class=["']?(?:g-recaptcha|h-captcha|cf-turnstile)\b""")


def speaks(page: Page, site: Site) -> bool:
    """Whether an answer is the paper's own: it has a message or text that only this paper has.

    A firewall's page, or an empty page that a script fills, is also equal for all numbers.
    """
    if page.root is None:
        return False
    if any(
        (scripts.spoken(text) or "").strip(scripts.UNREAD) for text in scripts.on_load(page.root)
    ):
        return True
    own = site.title in page.text or "mcode=m" in page.text
    return own and sum(map(len, visible_text.chunks(page.root))) >= 10


@dataclass(frozen=True, slots=True)
class Seen:
    """What the rules need to know of an answer without a skin."""

    page: Page
    root: Element
    url: str
    """The address that answered."""
    status: int
    site: Site
    names: tuple[str, ...]
    """The names of the paper."""
    chunks: tuple[str, ...]
    """The visible text outside of links and boilerplate, block by block."""
    is_message: bool
    """Whether the page is only a message."""
    loaded: tuple[str, ...]
    """The scripts that run when the page loads and may show its message."""

    @property
    def visible(self) -> int:
        return sum(map(len, self.chunks))


def _seen(page: Page, root: Element, url: str, status: int, site: Site) -> Seen:
    names = headline.names_of(page, site)
    chunks = tuple(visible_text.chunks(root))
    is_about = page_forms.is_about_article(page, root, names)
    is_message = sum(map(len, chunks)) <= _SMALL and not is_about
    is_error = "#validation_check" in page.places or "오류안내" in page.title
    loaded = scripts.on_load(root)
    if not (is_message or is_error):
        # Among much else, only a script that speaks and leaves is the page's own message.
        loaded = [] if is_about else [text for text in loaded if scripts.leaves(text)]
    return Seen(page, root, url, status, site, names, chunks, is_message, tuple(loaded))


def _alert(seen: Seen) -> Classification | None:
    said = (message for script in seen.loaded for message in scripts.messages(script))
    meant = [Classification(verdict, text[:100]) for text in said if (verdict := by_words(text))]
    # A temporary error in one message outweighs a gap in another.
    finding = min(meant, key=lambda finding: finding.verdict.settles, default=None)
    if finding and finding.verdict.settles:
        failed = next(filter(is_failed_query, seen.chunks), None)
        if failed is not None:
            # A program whose query failed finds no article, and says so.
            return Classification(Verdict.TEMPORARY, failed[:100])
    return finding


def _message(seen: Seen) -> Classification | None:
    if not seen.is_message:
        return None
    meant = [
        Classification(verdict, chunk[:100])
        for chunk in (seen.page.title, *seen.chunks)
        if len(chunk) <= LONGEST
        and (verdict := by_words(chunk))
        and (not verdict.settles or seen.visible <= _ALONE or seen.status in GONE)
    ]
    # A temporary error in one sentence outweighs a gap in another.
    return min(meant, key=lambda finding: finding.verdict.settles, default=None)


def _cookie_wall(seen: Seen) -> Classification | None:
    if seen.is_message and any(_asks_again(text, seen.url, seen.site) for text in seen.loaded):
        return Classification(Verdict.BLOCKED, "a script that sets a cookie and asks again")
    return None


def _captcha(seen: Seen) -> Classification | None:
    if seen.is_message and _CHALLENGE.search(seen.page.text):
        return Classification(Verdict.BLOCKED, "the page asks who is a robot")
    return None


def _sent_away(seen: Seen) -> Classification | None:
    refreshed = redirects.refresh(seen.root) if seen.visible <= _SMALL else None
    targets = [refreshed, *map(scripts.sent, seen.loaded)]
    found = (redirects.by_target(target, seen.url, seen.site) for target in targets if target)
    finding = next(filter(None, found), None)
    if finding and finding.verdict is Verdict.MISSING and _says_why(seen):
        return None
    return finding


_MOVES = re.compile(
    r"이동|옮겨|바로\s*가기|클릭|기다려|redirect|moved|click|loading|wait", re.IGNORECASE
)


def _says_why(seen: Seen) -> bool:
    """Whether a page that leads home also has a message, which no earlier rule understood: the
    target alone is then no statement that there is no article."""
    if any(map(scripts.spoken, seen.loaded)):
        return True
    return any(not headline.is_name(c, seen.names) and not _MOVES.search(c) for c in seen.chunks)


def _came_elsewhere(seen: Seen) -> Classification | None:
    return redirects.by_target(seen.url, seen.url, seen.site) if idx_of(seen.url) is None else None


def _login_form(seen: Seen) -> Classification | None:
    if page_forms.asks_for_password(seen.root, seen.page, seen.url):
        return Classification(Verdict.RESTRICTED, "the page asks for a password")
    return None


def _home_page(seen: Seen) -> Classification | None:
    is_short = all(len(chunk) <= LONGEST for chunk in seen.chunks)
    if is_short and page_forms.is_home(seen.page, seen.root, seen.names, seen.url, seen.site):
        return Classification(Verdict.MISSING, "the page says that it is the front page")
    return None


def _refused(seen: Seen) -> Classification | None:
    if seen.status in REFUSED:
        return Classification(Verdict.BLOCKED, f"status {seen.status}")
    return None


def _gone(seen: Seen) -> Classification | None:
    if seen.status in GONE and seen.visible <= _SMALL:
        return Classification(Verdict.MISSING, f"status {seen.status}")
    return None


class Rule(NamedTuple):
    name: str
    """The first part of the reason, before the evidence."""
    finds: Callable[[Seen], Classification | None]


RULES = (
    Rule("alert", _alert),
    Rule("message", _message),
    Rule("cookie wall", _cookie_wall),
    Rule("captcha", _captcha),
    Rule("redirect", _sent_away),
    Rule("redirected", _came_elsewhere),
    Rule("login form", _login_form),
    Rule("home page", _home_page),
    Rule("refused", _refused),
    Rule("gone", _gone),
)
"""The first rule with a result decides: the site's messages first, then the form of the page, then
the status alone."""


def without_article(page: Page, page_url: str, status: int, site: Site) -> Classification:
    """The meaning of a page on which no skin found an article, by the first of ``RULES``."""
    if page.root is None:
        return Classification(Verdict.UNKNOWN, "nothing in the page can be read")
    seen = _seen(page, page.root, page_url, status, site)
    for rule in RULES:
        finding = rule.finds(seen)
        if finding and not refuses(status, finding.verdict):
            return Classification(finding.verdict, f"{rule.name}: {finding.reason}")
    return Classification(Verdict.UNKNOWN, "neither an article nor a message that is understood")


def _asks_again(script: str, page_url: str, site: Site) -> bool:
    """Whether a script sets a cookie and redirects, but not to home or login."""
    if "document.cookie" not in script or "location" not in script:
        return False
    target = scripts.sent(script)
    return target is None or redirects.by_target(target, page_url, site) is None
