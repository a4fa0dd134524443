"""The article block in each skin of the CMS: the places of title, dates, writer and body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that an article block prints; ``*_html`` is markup already."""

    idx: int
    permalink: str
    title: str
    subtitles: tuple[str, ...]
    mcode: str
    section: str
    byline_html: str
    """Empty when the article has no writer's line."""
    published_at: datetime | None
    """``None``: the page has no dates."""
    modified_at: datetime | None
    body_html: str
    recommend_count: int
    keywords: tuple[tuple[int, str], ...]
    """Number and word of each."""
    related: tuple[tuple[int, str], ...]
    """Number and title of other articles."""
    spans: bool
    """Dates stand in ``span`` (papers do either)."""


SHARE = (
    '<div class="snsWrap"><ul><li><a href="#" onclick="sns(\'f\')">페이스북</a></li>'
    '<li><a href="#" onclick="sns(\'k\')">카카오톡</a></li>'
    '<li><a href="#" onclick="clip()">주소복사</a></li></ul></div>'
)
MAIL = '<div class="mailSend"><a href="#" onclick="mail_send()">기사 메일전송</a></div>'
EDIT = '<a class="modify" href="/bbs/login.php?url=edit">기사수정</a>'


def stamp(moment: datetime) -> str:
    """A time as the CMS prints it: to the second, without a zone."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def classic(sheet: Sheet) -> str:
    """As the paper itself prints it: dates beside the title box, writer and share links in one
    box, subtitles below the headline."""
    subtitles = "".join(f"<span>{escape(subtitle)}</span>" for subtitle in sheet.subtitles)
    return f"""<div id="container"><div id="contents"><div class="basicView">
<div class="viewContentWrap">
{MAIL}
<div class="titleWrap boxPointColor">
<strong>{escape(sheet.title)}</strong>
{subtitles}
<div class="else-area"><p>{sheet.byline_html}</p>{SHARE}</div>
</div>
{_dates(sheet, "기사등록", "")}
{EDIT}
<div id="viewContent" class="viewContent">
{sheet.body_html}
</div>
{_tail(sheet)}
</div>
</div></div></div>"""


def classic_variant(sheet: Sheet) -> str:
    writer = f'<span class="writer">{sheet.byline_html}</span> ' if sheet.byline_html else ""
    if sheet.published_at is None:
        writer_alone = f"<div class='registModifyDate'><ul><li>{writer}</li></ul></div>"
        dates = writer_alone if writer else ""
    else:
        dates = _dates(sheet, "기사등록", writer)
    return f"""<div id="container"><div id="contents"><div class="basicView">
{MAIL}
{SHARE}
<div class="titleWrap boxPointColor"><strong>{escape(sheet.title)}</strong></div>
{dates}
{EDIT}
<div id="viewContent">
<div>{sheet.body_html}</div>
</div>
{_tail(sheet)}
</div></div></div>"""


def article_head(sheet: Sheet) -> str:
    items = [f"<li>{sheet.byline_html}</li>"] if sheet.byline_html else []
    if sheet.published_at:
        items.append(f"<li>등록 {stamp(sheet.published_at)}</li>")
        if sheet.modified_at:
            items.append(f"<li>수정 {stamp(sheet.modified_at)}</li>")
    subtitles = "".join(f"<li>{escape(subtitle)}</li>" for subtitle in sheet.subtitles)
    subj = f'<ul class="subj">{subtitles}</ul>' if subtitles else ""
    inside = sheet.body_html
    if not inside.startswith('<div class="fr-view"'):
        inside = f'<div class="fr-view">{inside}</div>'
    return f"""<div id="container"><div id="contents"><div class="article-wrap">
<div class="article-head">
<div class="article-head-nav"><a href="/">HOME</a> &gt;
<a href="/news/list.php?mcode={sheet.mcode}">{escape(sheet.section)}</a></div>
<h1 class="article-head-title">{escape(sheet.title)}</h1>
{subj}
<div class="article-head-info">{MAIL}<ul class="info-text">{"".join(items)}</ul>{EDIT}{SHARE}</div>
</div>
<div id="viewContent">
{inside}
</div>
{_tail(sheet)}
</div></div></div>"""


def redesigned(sheet: Sheet) -> str:
    """An unknown skin: the same content with other class names."""
    paragraphs = sheet.body_html.replace("fr-view", "prose").replace("img_caption", "figure")
    when = f"<time>{stamp(sheet.published_at)}</time>" if sheet.published_at else ""
    return f"""<main class="nx-main"><article class="nx-story">
<header class="nx-top"><h2 class="nx-headline">{escape(sheet.title)}</h2>
<p class="nx-credit">{sheet.byline_html} {when}</p></header>
<section class="nx-prose">
{paragraphs}
</section>
<aside class="nx-more"><a href="{escape(sheet.permalink)}">기사 주소</a></aside>
</article></main>"""


SKINS: dict[str, Callable[[Sheet], str]] = {
    "classic": classic,
    "classic_variant": classic_variant,
    "article_head": article_head,
    "redesigned": redesigned,
}


def _dates(sheet: Sheet, word: str, writer: str) -> str:
    if sheet.published_at is None:
        return ""
    before, after = ("<span>", "</span>") if sheet.spans else ("", "")
    items = f"<li>{writer}{before}{word} {stamp(sheet.published_at)}{after}</li>"
    if sheet.modified_at:
        items += f"<li>{before}수정 {stamp(sheet.modified_at)}{after}</li>"
    return f'<div class="registModifyDate"><ul>{items}</ul></div>'


def _tail(sheet: Sheet) -> str:
    related = "".join(
        f'<dd><a href="../news/view.php?idx={idx}&amp;mcode={sheet.mcode}">{escape(title)}</a></dd>'
        for idx, title in sheet.related
    )
    keywords = "".join(
        f'<dd><a href="../news/listkey.php?key_idx={number}">{escape(word)}</a></dd>'
        for number, word in sheet.keywords
    )
    link = escape(sheet.permalink)
    return f"""<div class="likeContentWrap">
<a href="#" onclick="good()">{sheet.recommend_count}</a></div>
{EDIT}
<p class="source">다른 곳에 퍼가실 때는 아래 고유 링크 주소를 출처로 사용해주세요.</p>
<p class="permalink"><a href="{link}">{link}</a></p>
<dl class="relatedNews"><dt>관련기사</dt>{related}</dl>
<dl class="keywords"><dt>TAG</dt>{keywords}</dl>
<div class="writerProfile"><strong>기자프로필</strong>
<img src="../img/profile.gif" alt="프로필이미지"><p>{sheet.byline_html}</p></div>
<div class="replyWrite"><strong>나도 한마디</strong><textarea name="memo"></textarea>
<p>※ 로그인 후 의견을 등록하시면, 자신의 의견을 관리하실 수 있습니다. 0/1000</p></div>"""
