"""Complete pages of the paper: articles and gaps with boilerplate, home, lists, RSS, mobile."""

from __future__ import annotations

from html import escape, unescape
from itertools import islice
from urllib.parse import quote
from xml.sax.saxutils import escape as xml_escape

from newscrawler.demo.answers import (
    EMPTY_SHEET,
    REMOVED_NOTE,
    RIDDLE_NOTE,
    SIMPLE_GAPS,
    Answer,
    html,
)
from newscrawler.demo.dice import Dice
from newscrawler.demo.newspaper import Newspaper
from newscrawler.demo.press import SECTIONS
from newscrawler.demo.skins import SKINS, Sheet
from newscrawler.demo.vocabulary import FIRMS, STORIES
from newscrawler.demo.words import fill, topic
from newscrawler.items import Article

PER_PAGE = 20
ON_HOME = 15
IN_RSS = 30


class Pages:
    """Renders one newspaper; boilerplate that is the same on all pages is rendered once."""

    def __init__(self, newspaper: Newspaper) -> None:
        self.newspaper = newspaper
        self._head, self._side, self._foot = _boilerplate(newspaper)
        self._tokens = 0

    def article(self, idx: int, *, mobile: bool = False, redesigned: bool = False) -> Answer:
        """The answer for a number, with or without an article."""
        paper = self.newspaper
        sheet = paper.sheet(idx)
        truth = paper.truth(idx)
        if sheet is None:
            return self.gap(truth.how, truth.skin)
        skin = "redesigned" if redesigned else truth.skin
        blank = "\n  " if "blank_og_title" in truth.habits else ""
        meta = (
            f'<meta property="og:title" content="{blank}{escape(sheet.title)}">\n'
            f'<meta property="og:url" content="{escape(sheet.permalink)}">\n'
            f"<title>{escape(sheet.title)} - {paper.title}</title>"
        )
        return html(self._frame(SKINS[skin](sheet), meta, seed=idx, mobile=mobile))

    def gap(self, how: str, skin: str) -> Answer:
        if how in SIMPLE_GAPS:
            return SIMPLE_GAPS[how]
        if how == "home_page":
            return self.home()
        if how == "other_article":
            return self.article(next(self.newspaper.newest_articles()))
        if how == "token_page":
            self._tokens += 1
            token = Dice(self._tokens, "token").letters(40)
            field = f'<input type="hidden" name="token" value="{token}">'
            clock = f"<span>2026-07-01 18:{self._tokens % 60:02}:07</span>"
            return html(f"<html><body><form>{field}</form>{clock}</body></html>")
        titled = f"<title>{self.newspaper.title}</title>"
        if how == "removed_page":
            return html(self._frame(REMOVED_NOTE, titled))
        if how == "riddle":
            return html(self._frame(RIDDLE_NOTE, titled))
        if how == "empty_template":
            empty = f'<meta property="og:title" content="">\n{titled}'
            return html(self._frame(SKINS[skin](EMPTY_SHEET), empty))
        raise ValueError(f"no such kind of gap: {how}")

    def home(self) -> Answer:
        links = "\n".join(
            f'<li><a href="../news/view.php?idx={sheet.idx}&amp;mcode={sheet.mcode}">'
            f"{escape(sheet.title)}</a></li>"
            for sheet in self._sheets(None, 0, ON_HOME)
        )
        block = (
            '<div id="container"><div class="mainTop"><h2>주요기사</h2>'
            f'<ul class="headline">{links}</ul></div></div>'
        )
        return html(self._frame(block, f"<title>{self.newspaper.title}</title>"))

    def section(self, mcode: str | None, page: int, *, mobile: bool = False) -> Answer:
        """A section's list (every section's without ``mcode``), ``page`` counted from 1."""
        sheets = self._sheets(mcode, (page - 1) * PER_PAGE, PER_PAGE)
        name = SECTIONS.get(mcode or "", "전체기사")
        if mobile:
            items = "\n".join(
                f'<li><a href="./view.php?idx={s.idx}&amp;mcode={s.mcode}">'
                f"<strong>{escape(s.title)}</strong></a></li>"
                for s in sheets
            )
            block = f'<ul class="skin02">{items}</ul>'
        else:
            pager = f"./list.php?&amp;mcode={mcode or ''}&amp;vg=&amp;page="
            block = _list(sheets, pager, page)
        titled = f"<title>{name} - {self.newspaper.title}</title>"
        return html(self._frame(block, titled, mobile=mobile))

    def search(self, words: str, page: int) -> Answer:
        """Titles with ``words``, among the newest thousand numbers."""
        paper = self.newspaper
        recent = islice(paper.newest_articles(), 1000)
        found = [idx for idx in recent if words and words in paper.headline(idx)]
        start = (page - 1) * PER_PAGE
        sheets = [s for idx in found[start : start + PER_PAGE] if (s := paper.sheet(idx))]
        pager = f"./search.php?sm=w_total&amp;stx={quote(words)}&amp;page="
        block = _list(sheets, pager, page)
        return html(self._frame(block, f"<title>검색 - {paper.title}</title>"))

    def rss(self, mcode: str | None) -> Answer:
        """RSS 2.0 of the newest articles; times as printed, without a zone."""
        paper = self.newspaper
        items: list[str] = []
        for idx in islice(paper.newest_articles(mcode), IN_RSS):
            truth = paper.truth(idx)
            article = truth.article
            assert article is not None  # newest_articles yields nothing else
            link = xml_escape(f"{article.url}&mcode={truth.mcode}")
            when = article.published_at
            dated = f"<pubDate>{when:%Y-%m-%d %H:%M:%S}</pubDate>" if when else ""
            items.append(
                f"<item><title>{xml_escape(article.title)}</title><link>{link}</link>"
                f"<description><![CDATA[{_summary(article)}]]></description>{dated}</item>"
            )
        text = (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
            f"<title>{paper.title}</title><link>http://{paper.host}</link>"
            f"<description>{paper.title}</description>\n" + "\n".join(items) + "\n</channel></rss>"
        )
        return Answer(200, text.encode("utf-8"), "application/xml; charset=utf-8")

    def login(self) -> Answer:
        form = (
            '<div id="container"><form action="/bbs/login_check.php" method="post"><h2>로그인</h2>'
            '<input name="mb_id"><input name="mb_password" type="password"></form></div>'
        )
        return html(self._frame(form, f"<title>로그인 - {self.newspaper.title}</title>"))

    def _sheets(self, mcode: str | None, start: int, n: int) -> list[Sheet]:
        numbers = islice(self.newspaper.newest_articles(mcode), start, start + n)
        return [sheet for idx in numbers if (sheet := self.newspaper.sheet(idx))]

    def _frame(self, block: str, meta: str, *, seed: int = 0, mobile: bool = False) -> str:
        if mobile:
            return (
                '<!doctype html>\n<html lang="ko"><head><meta charset="utf-8">'
                f'<meta name="viewport" content="width=device-width">\n{meta}\n</head><body>\n'
                f"{block}\n</body></html>"
            )
        return "".join(
            (
                '<!doctype html>\n<html lang="ko">\n<head>\n<meta charset="utf-8">\n',
                meta,
                "\n",
                self._head,
                block,
                "\n",
                _popular(self.newspaper, seed),
                self._side,
                self._foot,
            )
        )


def _summary(article: Article) -> str:
    return article.body.replace("\n", " ")[:120]


def _list(sheets: list[Sheet], pager: str, page: int) -> str:
    """A list in the CMS's markup; a page after the last has no items."""
    items: list[str] = []
    for sheet in sheets:
        link = f"../news/view.php?idx={sheet.idx}&amp;mcode={sheet.mcode}"
        plain = escape(_without_tags(sheet.body_html)[:90], quote=False)
        date = f"{sheet.published_at:%Y-%m-%d}" if sheet.published_at else ""
        image = ""
        if "<img" in sheet.body_html:
            thumb = f"../data/cheditor4/thumb/{sheet.idx}.jpg"
            image = f'<a class="image" href="{link}"><img src="{thumb}"></a>'
        items.append(
            f'<li>{image}<dl><dt class="title"><a href="{link}">{escape(sheet.title)}</a></dt>'
            f'<dd class="content"><a href="{link}">{plain}…</a></dd>'
            f'<dd class="registDate">{date}</dd></dl></li>'
        )
    around = range(max(1, page - 4), page + 5)
    pages = " ".join(f'<a href="{pager}{n}">{n}</a>' for n in around)
    return (
        '<div id="container"><div id="contents"><div class="basicList"><ul>\n'
        + "\n".join(items)
        + f'\n</ul></div><div class="paging">{pages}</div></div></div>'
    )


def _without_tags(markup: str) -> str:
    """A rough summary, good enough for a list."""
    text, inside = [], False
    for sign in markup[:4000]:
        if sign == "<":
            inside = True
        elif sign == ">":
            inside = False
        elif not inside:
            text.append(sign)
    return " ".join(unescape("".join(text)).split())


def _popular(paper: Newspaper, seed: int) -> str:
    """The side list, different on each page, with old numbers."""
    dice = Dice(paper.seed, seed, "popular")
    links: list[str] = []
    for _ in range(6):
        idx = paper.first_idx + dice.below(max(1, paper.first_size // 2))
        title = fill(dice.pick(STORIES)[0], topic(dice, paper.now.date()), dice)
        links.append(f'<li><a href="../news/view.php?idx={idx}">{escape(title)}</a></li>')
    return '<div class="rankNews"><h3>많이 본 뉴스</h3><ul>' + "\n".join(links) + "</ul></div>\n"


def _boilerplate(paper: Newspaper) -> tuple[str, str, str]:
    """Head and menu, side column, footer: together about ``paper.boilerplate`` bytes."""
    menu = "\n".join(
        f'<li><a href="/news/list.php?mcode={mcode}">{escape(name)}</a></li>'
        for mcode, name in SECTIONS.items()
    )
    head = f"""<link rel="stylesheet" href="/css/default.css">
<script type="text/javascript" src="/js/jquery.min.js"></script>
</head>
<body>
<div id="header"><h1><a href="/"><img src="/img/logo.gif" alt="{paper.title}"></a></h1>
<div class="topMenu"><a href="/bbs/login.php">로그인</a> <a href="/company/about.php">회사소개</a>
<a href="/rss_view.php">RSS</a></div>
<form action="/news/search.php"><input type="hidden" name="sm" value="w_total">
<input name="stx"><button type="submit">검색</button></form>
<ul id="gnb">
{menu}
</ul></div>
"""
    foot = f"""<div id="footer"><p>{paper.title} | 등록번호 가상 제0000호 | 발행인 홍가람</p>
<p>본 누리집의 모든 기사는 저작권법의 보호를 받습니다.</p>
<a href="/m/">모바일 버전 바로가기</a></div>
</body></html>
"""
    dice = Dice(paper.seed, "boilerplate")
    side = ['<div class="sideBanner"><ul>']
    bytes_left = paper.boilerplate - len((head + foot).encode())
    while bytes_left > 0:
        firm, number = dice.pick(FIRMS), dice.between(10, 999)
        line = (
            f'<li><a href="/adv/click.php?no={number}" target="_blank"><img src="../data/banner/'
            f'{number}_{dice.letters(6)}.jpg" width="200" height="80" alt="{firm}"></a>{firm}</li>'
        )
        side.append(line)
        bytes_left -= len(line.encode()) + 1
    side.append("</ul></div>\n")
    return head, "\n".join(side), foot
