"""A page of the paper's own skeleton, to be filled in the many ways in which its parts appear."""

from __future__ import annotations

from datetime import UTC, datetime

from newscrawler import pages, sites
from newscrawler.items import Article, Capture, Reading

SITE = sites.load("amenews")
TITLE = "가온화학, 둘째 분리막 공장 짓는다"
SUBTITLE = "내년 3월 첫 제품 나온다"
TEXT = (
    "가온화학이 분리막 공장을 한 곳 더 짓는다.",
    "이 공장은 내년 3월에 첫 제품을 낸다고 회사가 8일 알렸다.",
    "공장장은 “불량을 줄이겠다”며 “값도 낮추겠다”고 설명했다.",
)
WHOLE = "\n\n".join(TEXT)
BODY = "<p><br></p>\n".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
DATES = (
    '<div class="registModifyDate"><ul><li><span>기사등록 2020-11-25 15:28:58</span></li>'
    "<li><span>수정 2020-11-30 12:34:33</span></li></ul></div>"
)
SHARE = (
    '<div class="snsWrap"><ul><li><a href="#">페이스북 공유하기</a></li></ul></div>'
    '<div class="pageControl"><a href="#">스크랩하기</a><a href="#">프린트하기</a></div>'
)
WRITER = f'<div class="else-area"><p>한지우 기자</p>{SHARE}</div>'
NOTE = "다른 곳에 퍼가실 때는 아래 고유 링크 주소를 출처로 사용해주세요."
ADDRESS = "http://amenews.kr/news/view.php?idx=7"
LIKES = '<div class="likeContentWrap">0</div>'
TAIL = (
    f'{LIKES}<a href="#">기사수정</a><p>{NOTE}</p><p>{ADDRESS}</p>'
    '<div class="writerProfile">기자프로필</div><div class="replyWrite">나도 한마디</div>'
)
PICTURE = "http://amenews.kr/data/cheditor4/2011/a.jpg"
IMG = '<img src="../../../../data/cheditor4/2011/a.jpg" alt="">'


def page(
    *,
    body: str = BODY,
    title: str = f"<strong>{TITLE}</strong>",
    beside: str = "",
    writer: str = WRITER,
    dates: str = DATES,
    above: str = "",
    head: str = "",
    shared: str = TITLE,
    close: str = "</div>",
    tail: str = TAIL,
) -> str:
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{shared}</title>{head}</head>'
        '<body><ul class="gnb"><li><a href="../news/list.php?mcode=m247tk9">소재</a></li>'
        '<li><a href="../news/list.php?mcode=m67uayb">3D프린팅</a></li></ul>'
        f'<div id="container"><div id="contents">{above}<div class="basicView">'
        '<div class="mail">기사 메일전송</div>'
        f'<div class="titleWrap">{title}{beside}{writer}</div>{dates}<div>기사수정</div>'
        f'<div id="viewContent" class="viewContent">{body}{close}{tail}'
        "</div></div></div></body></html>"
    )


def reading(html: str) -> Reading:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    capture = Capture("amenews", 7, ADDRESS, datetime.now(UTC), 200, headers, html.encode())
    return pages.read(capture, SITE)


def read(html: str) -> Article:
    found = reading(html)
    assert found.article is not None, found.reason
    return found.article
