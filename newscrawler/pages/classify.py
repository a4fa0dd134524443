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
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.items import Verdict
from newscrawler.pages import boilerplate, headline, scripts
from newscrawler.pages.article import Content
from newscrawler.pages.dom import BLOCKS, Page, squeeze
from newscrawler.pages.head import Head
from newscrawler.pages.messages import NOUN, by_words
from newscrawler.sites import Site
from newscrawler.sites.urls import idx_of, mcode_of, whole

GONE = frozenset({404, 410})
REFUSED = frozenset({401, 403, 406, 407, 444, 451})
BUSY = frozenset({408, 425, 429})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses of redirects; 300 and 305 have other meanings."""

_SMALL = 600
"""Up to this many visible characters (outside of links) a page is only its message."""
_SENTENCE = 200
"""A longer paragraph is not a message."""
_ALONE = 250
"""Up to this many visible characters the text of a page may settle a number."""
_CHALLENGE = re.compile(r"""class=["']?(?:g-recaptcha|h-captcha|cf-turnstile)\b""")
_QUICK = 10
"""A ``meta refresh`` after more seconds is a reload, not a redirect."""


class Classification(NamedTuple):
    verdict: Verdict
    reason: str


def refuses(status: int, verdict: Verdict) -> bool:
    """Whether a status takes a verdict back: who is refused learns nothing of the number."""
    return status in REFUSED and verdict in (Verdict.MISSING, Verdict.REMOVED)


# -- addresses

_HOME_PATHS = re.compile(
    r"/?|/(?:m|main|news)/?|/(?:m/|news/|main/)?(?:index|main|home|default)\.(?:php|html?|asp)",
    re.I,
)


def by_target(target: str, page_url: str, site: Site) -> Classification | None:
    """What a redirect to ``target`` means: home or login of the paper; else ``None``."""
    try:
        parts = urlsplit(urljoin(page_url, target.strip()))
        here = urlsplit(page_url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.hostname not in {*site.hosts, here.hostname}:
        return None
    if "login" in parts.path.lower():
        return Classification(Verdict.RESTRICTED, "sent to the login page")
    if _HOME_PATHS.fullmatch(parts.path):
        return Classification(Verdict.MISSING, "sent to the home page")
    return None


def is_same(target: str, page_url: str) -> bool:
    """Whether ``target`` leads back to the page itself."""
    try:
        return urljoin(page_url, target.strip()).partition("#")[0] == page_url.partition("#")[0]
    except ValueError:
        return False


# -- the template of an article

_OF_THE_ARTICLE = re.compile(rf"^\W*(?:(?:본|이|해당|요청하신)\s*)?(?:삭제된\s*)?{NOUN}")
_PROSE = re.compile(r"(?<!니)다\W*$")
"""The end of a sentence of an article; a notice to readers ends politely, in ``-니다``."""
_OF_ITSELF = re.compile(rf"^\W*(?:본|이|해당|요청하신)\s*{NOUN}")
_NOTICE = 100
"""Up to this many characters the only paragraph of a body may be a notice."""


def _is_prose(text: str) -> bool:
    return _PROSE.search(text) is not None and not _OF_ITSELF.match(text)


def in_template(page: Page, head: Head, content: Content) -> Classification | None:
    """What a page with an article's template says, if it has no article; else ``None``."""
    text = " ".join(content.paragraphs)
    is_short = len(content.paragraphs) <= 1 and len(text) <= _NOTICE
    notice = text if is_short and not (content.title and _is_prose(text)) else None
    if notice is not None and not content.pictures and not content.embeds:
        verdict = by_words(notice) if notice else None
        if content.login and (not notice or verdict is Verdict.RESTRICTED):
            return Classification(Verdict.RESTRICTED, "the body is a link to the login page")
        if verdict is Verdict.RESTRICTED and "로그인" in notice:
            return Classification(verdict, f"body: {notice}")
        if verdict is Verdict.REMOVED and _OF_THE_ARTICLE.match(notice):
            return Classification(verdict, f"body: {notice}")
        if verdict is not None and not content.title:
            return Classification(verdict, f"body: {notice}")
    if content.title:
        return (
            Classification(Verdict.UNKNOWN, "a headline without a text")
            if content.is_empty
            else None
        )
    if not content.is_empty:
        return Classification(Verdict.UNKNOWN, "a text without a headline")
    for chunk in _messages(page.root):
        if len(chunk) <= _SENTENCE and by_words(chunk) in (Verdict.BLOCKED, Verdict.TEMPORARY):
            return Classification(Verdict.TEMPORARY, f"an empty template below: {chunk[:100]}")
    # The epoch is what PHP prints for a date that is not there.
    if (published := head.dateline.published) is not None and published.year > 1970:
        return Classification(Verdict.UNKNOWN, "a date without headline and text")
    return Classification(Verdict.MISSING, "the template of an article with nothing in it")


# -- the whole answer


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
    return own and sum(map(len, _messages(page.root))) >= 10


_ARTICLE_FRAMES = frozenset({".basicView", ".viewContentWrap", ".article-head-title"})


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
    chunks = tuple(_messages(root))
    is_about = _is_about_article(page, root, names)
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
    # A hiccup in one message outweighs a gap in another.
    return min(meant, key=lambda finding: finding.verdict.settles, default=None)


def _message(seen: Seen) -> Classification | None:
    if not seen.is_message:
        return None
    meant = [
        Classification(verdict, chunk[:100])
        for chunk in (seen.page.title, *seen.chunks)
        if len(chunk) <= _SENTENCE
        and (verdict := by_words(chunk))
        and (not verdict.settles or seen.visible <= _ALONE or seen.status in GONE)
    ]
    # A hiccup in one sentence outweighs a gap in another.
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
    targets = [refresh(seen.root, seen.visible), *map(scripts.sent, seen.loaded)]
    found = (by_target(target, seen.url, seen.site) for target in targets if target)
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
    return by_target(seen.url, seen.url, seen.site) if idx_of(seen.url) is None else None


def _login_form(seen: Seen) -> Classification | None:
    if _asks_for_password(seen.root, seen.page, seen.url):
        return Classification(Verdict.RESTRICTED, "the page asks for a password")
    return None


def _home_page(seen: Seen) -> Classification | None:
    is_short = all(len(chunk) <= _SENTENCE for chunk in seen.chunks)
    if is_short and _is_home(seen.page, seen.root, seen.names, seen.url, seen.site):
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
    return target is None or by_target(target, page_url, site) is None


def _is_about_article(page: Page, root: Element, names: tuple[str, ...]) -> bool:
    """Whether the page describes an article: then its text is not a message of the site."""
    if page.metas.get("og:type", "").lower() == "article":
        return True
    if next(root.iter("article", "time"), None) is not None:
        return True
    shared = page.metas.get("og:title", "")
    return bool(shared) and not headline.is_name(shared, names) and by_words(shared) is None


_FRAME = frozenset({"header", "footer", "nav", "aside", "option", "select", "textarea"})
_FRAME_NAMES = re.compile(r"head(?:er)?|foot(?:er)?|gnb|lnb|snb|nav|menu|copyright", re.IGNORECASE)


def _is_frame(node: Element) -> bool:
    """Whether an element is not a message: a link, a control, or boilerplate."""
    tag = node.tag
    if tag == "a" or tag in _FRAME or (tag != "noscript" and boilerplate.is_junk(node)):
        return True
    # What stands below an article: keywords, a profile, readers' comments.
    if boilerplate.ends_body(node):
        return True
    names = boilerplate.names_of(node)
    return tag in BLOCKS and tag != "body" and any(map(_FRAME_NAMES.fullmatch, names))


def _messages(root: Element) -> list[str]:
    """The visible text outside of links and boilerplate, block by block."""
    found: list[str] = []
    pieces: list[str] = []

    def settle() -> None:
        if text := squeeze("".join(pieces)):
            found.append(text)
        pieces.clear()

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, node in walk:
        tag = node.tag
        if event == "start":
            if _is_frame(node):
                walk.skip_subtree()
            elif node.text:
                if tag in BLOCKS:
                    settle()
                pieces.append(node.text)
        else:
            if tag in BLOCKS or tag == "br":
                settle()
            if node.tail:
                pieces.append(node.tail)
    settle()
    return found


def refresh(root: Element, visible: int) -> str | None:
    """The target of a quick ``meta refresh`` on a page with almost no text."""
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").lower() == "refresh" and visible <= _SMALL:
            match = re.match(
                r"""([\d.]*)\s*[;,]\s*url\s*=\s*["']?([^"']*)""",
                (meta.get("content") or "").strip(),
                re.I,
            )
            seconds = whole(match[1].partition(".")[0] or "0") if match else None
            if match and seconds is not None and seconds <= _QUICK:
                return match[2]
    return None


def _asks_for_password(root: Element, page: Page, page_url: str) -> bool:
    for field in root.iter("input"):
        if (field.get("type") or "").lower() == "password":
            form = next(field.iterancestors("form"), None)
            action = form.get("action") or "" if form is not None else ""
            return "로그인" in page.title or (
                "login" in action and _article_links(root, page_url) == 0
            )
    return False


def _article_links(root: Element, page_url: str) -> int:
    """How many articles the page links to."""
    found = set()
    for link in root.iter("a"):
        try:
            found.add(idx_of(urljoin(page_url, link.get("href") or "")))
        except ValueError:
            continue
    return len(found - {None})


def _is_home(page: Page, root: Element, names: tuple[str, ...], page_url: str, site: Site) -> bool:
    """Whether the page says that it is the home page, and has its form.

    A notice in an article's place may also have the paper's name and side lists; a page with an
    article's template is never the home page.
    """
    if page.metas.get("og:type", "").lower() == "article":
        return False
    if not _ARTICLE_FRAMES.isdisjoint(page.places):
        return False
    shared = page.metas.get("og:title") or page.title
    addresses = [a for a in (page.metas.get("og:url"), page.canonical) if a]
    named = headline.is_name(shared, names) and headline.is_name(page.title or shared, names)
    at_home = any(
        (finding := by_target(a, page_url, site)) and finding.verdict is Verdict.MISSING
        for a in addresses
    )
    if not (named or at_home) or any(idx_of(a) for a in addresses):
        return False
    sections = {code for a in root.iter("a") if (code := mcode_of(a.get("href") or ""))}
    # Lists at the side are on every page, also on one with only a notice in its middle.
    middle = next((div for div in root.iter("div") if div.get("id") == "contents"), root)
    return _article_links(middle, page_url) >= 3 and len(sections) >= 2
