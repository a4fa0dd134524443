"""What an answer that is no article means for the number that was asked for.

Missing, removed and restricted settle a number, so they need the site's own
word: its status, the message of its ``alert``, its error document, a redirect
to its home page. The same words somewhere in a page prove nothing. What looks
like a hiccup or a block is never a gap, and what is not understood is unknown.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.etree import _Element as Element

from newscrawler.items import Verdict
from newscrawler.pages import furniture, headline
from newscrawler.pages.article import Content
from newscrawler.pages.head import Head
from newscrawler.pages.tree import BLOCKS, Page, squeeze
from newscrawler.sites import Site
from newscrawler.urls import idx_of, mcode_of

GONE = frozenset({404, 410})
REFUSED = frozenset({401, 403, 406, 407, 444, 451})
BUSY = frozenset({408, 425, 429})

_SMALL = 600
"""Visible characters (outside of links) up to which a page is nothing but its message."""
_SENTENCE = 200
"""A paragraph longer than this is no message."""
_ALONE = 250
"""Visible characters up to which a page's words are taken as its answer for good."""
_SCRIPT = 5000
"""Characters up to which a script can be the message of a page."""
_QUICK = 10
"""A ``meta refresh`` of more seconds is a reload, not a redirect."""


class Finding(NamedTuple):
    verdict: Verdict
    reason: str


_NOUN = r"(?:기사|뉴스|게시물|게시글|글|페이지|자료|콘텐츠|컨텐츠|내용|번호|데이터|문서|주소|URL)"
_HEDGED = re.compile(r"거나|또는|혹은|수\s*(?:도\s*)?있|\bor\b|\bmay\b")


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_BLOCKED = _any(
    r"captcha|are you a robot|not a robot|로봇이\s*아닙|보안\s*문자|자동\s*(?:등록|입력)\s*방지",
    r"access (?:is |has been )?(?:denied|blocked)(?! for user)",
    r"request (?:is |was )?(?:rejected|blocked)",
    r"requested url was rejected|you have been blocked|unusual traffic|too many requests",
    r"checking your browser|just a moment|attention required|403 forbidden|^forbidden",
    r"web\s*(?:application\s*)?firewall|웹\s*방화벽|보안\s*정책",
    r"(?:접속|접근|요청)[이가을를은는]?\s*(?:차단|금지|거부|거절)",
    r"차단(?:되었|된|됐|하였|했|합니다)|(?:과도한|너무\s*많은)\s*(?:접속|요청)",
    r"비정상적?인?\s*(?:접근|접속|트래픽|요청)",
)
_TEMPORARY = _any(
    r"점검\s*(?:중|작업|시간|안내|으로|을|합니다|공지)|(?:서비스|시스템|서버|정기|긴급)\s*점검",
    r"(?:under|scheduled) maintenance|maintenance mode|service (?:temporarily )?unavailable",
    r"잠시\s*(?:후|뒤)|일시적|일시\s*중단|서버\s*(?:오류|에러|장애)|트래픽\s*(?:초과|제한)",
    r"접속(?:자|량)?[이가]?\s*(?:많|폭주|원활)|연결(?:할|이|을|에)?.{0,6}(?:수\s*없|실패|오류|끊)",
    r"too many connections|bandwidth limit|lost connection|can't connect|gone away",
    r"connect(?:ion)? (?:error|failed|refused|timed out)|access denied for user",
    r"(?:mysqli?|sql|db|database)\b.{0,80}?(?:error|fail|denied|can't|오류|실패|장애)",
    r"(?:데이터\s*베이스|디비).{0,40}?(?:error|오류|실패|장애)",
    r"(?:fatal|parse|internal server|unknown database) error|uncaught (?:error|exception)",
    r"(?:warning|notice|deprecated): .{0,200}? on line \d+|allowed memory size",
    r"bad gateway|gateway time-?out",
)
_RESTRICTED = _any(
    r"로그인\s*(?:후|을|이|해|하셔야|하시|하신|하여|회원)|(?:로그인|회원가입).{0,10}(?:필요|바랍니다)",
    r"회원\s*(?:만|전용|에게만|가입\s*후|이시라면|에\s*한)|회원(?:께|님께)만|비회원은",
    r"(?:유료|정|구독)\s*회원|구독자\s*(?:만|전용)|유료\s*(?:기사|콘텐츠|독자)",
    r"(?:읽을|열람|볼|보실|조회할?)\s*권한",
)
_UNSETTLED_FIRST = (
    (Verdict.BLOCKED, _BLOCKED),
    (Verdict.TEMPORARY, _TEMPORARY),
    (Verdict.RESTRICTED, _RESTRICTED),
)
_REMOVED = _any(
    r"(?:삭제|철회|비공개\s*처리)\s*(?:된|되었|됐|되어|하였|했|처리|조치)",
    r"(?:게재|게시|서비스|노출|공개)[가이를을]?\s*(?:중단|중지|철회)",
    rf"내려진\s*{_NOUN}|{_NOUN}[가이를을은는]?\s*(?:내렸|내려졌)",
    r"(?:article|page|post) (?:has been |was )?(?:removed|deleted|withdrawn)",
)
_MISSING = _any(
    rf"{_NOUN}[가이은는을를]?\s*(?:존재하지|찾을\s*수|찾지|등록되|검색되지|없[는습음어])",
    r"(?:존재하지\s*않는|없는|등록되지\s*않은|잘못된|유효하지\s*않은|찾을\s*수\s*없는)"
    rf"\s*(?:\S+\s){{0,2}}?{_NOUN}",
    r"(?:page|article|file|url|document|resource)[^.]{0,40}(?:not found|(?:not|n't) exist)",
    r"404 not found|^not found|no such article",
)


def by_words(text: str) -> Verdict | None:
    """What a message of the site says, or ``None``. Unsettling words win over settling ones."""
    for verdict, pattern in _UNSETTLED_FIRST:
        if pattern.search(text):
            return verdict
    removed, missing = _REMOVED.search(text), _MISSING.search(text)
    if removed and not _HEDGED.search(text):
        return Verdict.REMOVED
    if missing or removed:
        # "removed or moved" says only that there is nothing.
        return Verdict.MISSING
    return None


# -- addresses

_HOME_PATHS = re.compile(
    r"/?|/(?:m|main|news)/?|/(?:m/|news/|main/)?(?:index|main|home|default)\.(?:php|html?|asp)",
    re.I,
)


def by_target(target: str, page_url: str, site: Site) -> Finding | None:
    """What being sent to ``target`` means: home or login of the paper, else nothing known."""
    try:
        parts = urlsplit(urljoin(page_url, target.strip()))
        here = urlsplit(page_url)
    except ValueError:
        return None
    if parts.hostname not in {*site.hosts, here.hostname}:
        return None
    if "login" in parts.path.lower():
        return Finding(Verdict.RESTRICTED, "sent to the login page")
    if _HOME_PATHS.fullmatch(parts.path):
        return Finding(Verdict.MISSING, "sent to the home page")
    return None


# -- scripts

_ALERT = re.compile(
    r"""\balert\s*\(\s*(?P<quote>["'`])(?P<text>(?:\\.|(?!(?P=quote)).){1,2000}?)(?P=quote)\s*\)""",
    re.S,
)
_GO = re.compile(
    r"""(?:location(?:\.href)?\s*=(?!=)\s*|location\.(?:replace|assign)\s*\(\s*)(["'])(?P<target>[^"'\n]{0,500})\1"""
)
_LEAVING = re.compile(r"\bhistory\.(?:back|go)\b|\blocation\b|\bwindow\.close\b")
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\\\w\"'])//[^\n]*", re.S)
_UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ESCAPE = re.compile(r"\\(.)", re.S)
_STRING = re.compile(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""")


def _at_top(script: str, position: int) -> bool:
    """Whether a statement runs when the page loads: it stands in no function."""
    before = _STRING.sub("", script[:position])
    return before.count("{") <= before.count("}")


def _spoken(script: str) -> str | None:
    """The message that a script shows when the page loads."""
    for match in _ALERT.finditer(script):
        if _at_top(script, match.start()):
            text = _UNICODE.sub(lambda code: chr(int(code[1], 16)), match["text"])
            text = _ESCAPE.sub(lambda escape: " " if escape[1] in "nrt\n" else escape[1], text)
            return squeeze(text)
    return None


def _leaves(script: str) -> bool:
    """Whether a script goes back or away when the page loads."""
    return any(_at_top(script, match.start()) for match in _LEAVING.finditer(script))


def _sent(script: str) -> str | None:
    """The address that a script goes to when the page loads."""
    for match in _GO.finditer(script):
        if _at_top(script, match.start()):
            return match["target"]
    return None


# -- the template of an article

_OF_THE_ARTICLE = re.compile(rf"^\W*(?:(?:본|이|해당|요청하신)\s*)?(?:삭제된\s*)?{_NOUN}")
_NOTICE = 100
"""Characters up to which a body's only paragraph can be a notice instead of a text."""


def in_template(page: Page, head: Head, content: Content) -> Finding | None:
    """What a page with an article's template says if no article is in it, else ``None``."""
    text = " ".join(content.paragraphs)
    notice = text if len(content.paragraphs) <= 1 and len(text) <= _NOTICE else None
    if notice is not None and not content.pictures and not content.embeds:
        verdict = by_words(notice) if notice else None
        if content.login and (not notice or verdict is Verdict.RESTRICTED):
            return Finding(Verdict.RESTRICTED, "the body is a link to the login page")
        if verdict is Verdict.RESTRICTED and "로그인" in notice:
            return Finding(verdict, f"body: {notice}")
        if verdict is Verdict.REMOVED and _OF_THE_ARTICLE.match(notice):
            return Finding(verdict, f"body: {notice}")
        if verdict is not None and not content.title:
            return Finding(verdict, f"body: {notice}")
    if content.title:
        return Finding(Verdict.UNKNOWN, "a headline without a text") if content.is_empty else None
    if not content.is_empty:
        return Finding(Verdict.UNKNOWN, "a text without a headline")
    for chunk in _messages(page.root):
        if len(chunk) <= _SENTENCE and by_words(chunk) in (Verdict.BLOCKED, Verdict.TEMPORARY):
            return Finding(Verdict.TEMPORARY, f"an empty template below: {chunk[:100]}")
    if head.dateline.published is not None:
        return Finding(Verdict.UNKNOWN, "a date without headline and text")
    return Finding(Verdict.MISSING, "the template of an article with nothing in it")


# -- the whole answer


def speaks(page: Page, site: Site) -> bool:
    """Whether an answer is the paper's own: it says something, and something that only it says.

    A page that a firewall puts before every number, or an empty shell that a
    script fills, is equal for all numbers too.
    """
    if page.root is None:
        return False
    if any(map(_spoken, _scripts(page.root))):
        return True
    own = site.title in page.text or "mcode=m" in page.text
    return own and sum(map(len, _messages(page.root))) >= 10


def without_article(page: Page, page_url: str, status: int, site: Site) -> Finding:
    """The meaning of a page on which no layout found an article."""
    root = page.root
    if root is None:
        return Finding(Verdict.UNKNOWN, "nothing in the page can be read")
    names = headline.names_of(page, site)
    chunks = _messages(root)
    visible = sum(map(len, chunks))
    is_message = visible <= _SMALL and not _is_about_article(page, root, names)
    is_error = page.first("validation_check") is not None or "오류안내" in page.title
    scripts = _scripts(root)
    if not (is_message or is_error):
        # Among much else, only a script that speaks and leaves is the page's own message.
        about = _is_about_article(page, root, names)
        scripts = [] if about else [text for text in scripts if _leaves(text)]

    for spoken in filter(None, map(_spoken, scripts)):
        if verdict := by_words(spoken):
            return Finding(verdict, f"alert: {spoken[:100]}")
    if is_message:
        said = [page.title, *chunks]
        for chunk in said:
            verdict = by_words(chunk) if len(chunk) <= _SENTENCE else None
            if verdict and (not verdict.settles or visible <= _ALONE or status in GONE):
                return Finding(verdict, f"message: {chunk[:100]}")
        if any("document.cookie" in text and "reload" in text for text in scripts):
            return Finding(Verdict.BLOCKED, "a script that sets a cookie and asks again")
    for target in filter(None, [_refresh(root, visible), *map(_sent, scripts)]):
        if finding := by_target(target, page_url, site):
            return finding
    if idx_of(page_url) is None and (finding := by_target(page_url, page_url, site)):
        return finding
    if _asks_for_password(root, page, page_url):
        return Finding(Verdict.RESTRICTED, "a login form")
    if all(len(chunk) <= _SENTENCE for chunk in chunks) and _is_home(
        page, root, names, page_url, site
    ):
        return Finding(Verdict.MISSING, "the home page")
    if status in REFUSED:
        return Finding(Verdict.BLOCKED, f"status {status}")
    if status in GONE and visible <= _SMALL:
        return Finding(Verdict.MISSING, f"status {status}")
    return Finding(Verdict.UNKNOWN, "neither an article nor a message that is understood")


def _is_about_article(page: Page, root: Element, names: tuple[str, ...]) -> bool:
    """Whether the page speaks of an article: then its text is no message of the site."""
    if page.metas.get("og:type", "").lower() == "article":
        return True
    if next(root.iter("article", "time"), None) is not None:
        return True
    shared = page.metas.get("og:title", "")
    return bool(shared) and not headline.is_name(shared, names) and by_words(shared) is None


_FRAME = frozenset({"header", "footer", "nav", "aside", "option", "select", "textarea"})
_FRAME_NAMES = re.compile(r"head(?:er)?|foot(?:er)?|gnb|lnb|snb|nav|menu|copyright", re.IGNORECASE)


def _is_frame(node: Element) -> bool:
    """Whether an element is no message: a link, a control, or the same on every page."""
    tag = node.tag
    if tag == "a" or tag in _FRAME or (tag != "noscript" and furniture.is_junk(node)):
        return True
    return tag in BLOCKS and tag != "body" and bool(_FRAME_NAMES.fullmatch(node.get("id") or ""))


def _messages(root: Element) -> list[str]:
    """The visible text outside of links and of the site's frame, block by block."""
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


def _scripts(root: Element) -> list[str]:
    """What runs when the page loads, without comments; a long script is no message."""
    scripts = [node.text for node in root.iter("script") if node.text]
    scripts += [node.get("onload") for node in root.iter("body") if node.get("onload")]
    return [_COMMENT.sub("", script) for script in scripts if len(script) <= _SCRIPT]


def _refresh(root: Element, visible: int) -> str | None:
    """The target of a quick ``meta refresh`` on a page that shows next to nothing."""
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").lower() == "refresh" and visible <= _SMALL:
            match = re.match(
                r"""\s*(\d+)[\d.]*\s*[;,]\s*url\s*=\s*["']?([^"']*)""",
                meta.get("content") or "",
                re.I,
            )
            if match and int(match[1][:4]) <= _QUICK:
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
    """Whether the page says that it is the home page, and looks like it."""
    if page.metas.get("og:type", "").lower() == "article":
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
    return _article_links(root, page_url) >= 3 and len(sections) >= 2
