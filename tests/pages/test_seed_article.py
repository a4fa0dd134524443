"""The page of one real article, rebuilt around its text where that is at hand.

The text lies beside the checkout, not in it; without it the test is skipped.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from newscrawler import pages, sites
from newscrawler.items import Article, Capture

SOURCE = Path(__file__).parents[3] / "shared" / "amenews-43773.txt"

pytestmark = pytest.mark.skipif(not SOURCE.exists(), reason="the article's text is not at hand")

TITLE = "도시의 새 산업 비전"
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<meta property="og:title" content="{title}"></head><body>
<div id="container"><div id="contents"><div class="basicView"><div class="viewContentWrap">
<div class="titleWrap boxPointColor"><strong>{title}</strong><div>기사 메일전송</div>
<div class="registModifyDate"><ul>{dates}</ul></div><a href="#">기사수정</a></div>
<div id="viewContent" class="viewContent">
<div id="img_caption"><img src="../../../../data/cheditor4/2011/{name}.jpg"><p>{caption}</p></div>
{body}
</div><div class="likeContentWrap">0</div><a href="#">기사수정</a>
{tail}</div></div></div></div></body></html>"""


def printed() -> tuple[list[str], str, list[str], list[str]]:
    """Dates, caption, paragraphs (as the source broke their lines) and the lines below."""
    text = SOURCE.read_text(encoding="utf-8")
    dates = re.findall(r"• (.+)", text)
    caption = re.search(r"▲ .+", text)
    assert caption is not None
    body, below = text[caption.end() :].split("\n0\n", 1)
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", body) if part.strip()]
    return dates, caption[0], paragraphs, [line for line in below.splitlines() if line.strip()]


@pytest.fixture(scope="module", params=["paragraphs", "spans"])
def article(request: pytest.FixtureRequest) -> Article:
    dates, caption, paragraphs, below = printed()
    if request.param == "paragraphs":
        body = "\n<p>&nbsp;</p>\n".join(f"<p>{escape(part)}</p>" for part in paragraphs)
    else:
        # As a word processor pastes it: every line, and halves of words, in spans of their own.
        lines = [
            "\n".join(
                f"<span>{escape(line[:7])}</span><span><b>{escape(line[7:])}</b></span>"
                for line in part.splitlines()
            )
            for part in paragraphs
        ]
        body = "".join(f'<p class="0">{part}</p><p><br></p>' for part in lines)
    page = PAGE.format(
        title=TITLE,
        dates="".join(f"<li>{escape(line)}</li>" for line in dates),
        name="0f" * 20,
        caption=escape(caption),
        body=body,
        tail="".join(f"<p>{escape(line)}</p>" for line in below),
    )
    headers = (("Content-Type", "text/html"),)
    url = "http://amenews.kr/news/view.php?idx=43773"
    capture = Capture("amenews", 43773, url, datetime.now(UTC), 200, headers, page.encode())
    reading = pages.read(capture, sites.load("amenews"))
    assert reading.article is not None, reading.reason
    return reading.article


def test_title(article: Article) -> None:
    assert article.title == TITLE


def test_dates(article: Article) -> None:
    assert article.published_at is not None
    assert article.modified_at is not None
    assert article.published_at.isoformat() == "2020-11-25T15:28:58+09:00"
    assert article.modified_at.isoformat() == "2020-11-30T12:34:33+09:00"


def test_caption(article: Article) -> None:
    [image] = article.images
    assert image.caption == printed()[1].removeprefix("▲ ")
    assert image.url == f"http://amenews.kr/data/cheditor4/2011/{'0f' * 20}.jpg"


def test_paragraphs_with_lines_joined_by_a_space(article: Article) -> None:
    expected = [" ".join(part.split()) for part in printed()[2]]
    assert len(expected) > 10
    assert article.body.split("\n\n") == expected
    assert any("\n" in part for part in printed()[2])


def test_nobody_signs_it(article: Article) -> None:
    assert article.byline is None
    assert article.reporters == ()
