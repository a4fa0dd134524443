"""A page that shows the next article below its own: nothing of that is this article's."""

from __future__ import annotations

import pytest

from newscrawler.items import Article
from tests.pages.forms import IMG, TITLE, WHOLE, page, read

OTHER = (
    '<div class="basicView"><div class="titleWrap"><strong>다른 기사</strong>'
    '<div class="else-area"><p>오수혁 기자</p></div></div>'
    '<div class="registModifyDate"><ul><li>기사등록 2019-01-02 03:04:05</li></ul></div>'
    f'<div id="viewContent" class="viewContent"><div id="img_caption">{IMG}<p>▲ 다른 사진</p></div>'
    "<p>다른 기사의 글이다.</p></div>"
    '<dl class="keywords"><dd><a href="../m/listkey.php?key_idx=9">다른말</a></dd></dl>'
    '<div class="writerProfile">기자프로필 <strong>오수혁 기자</strong></div></div>'
)


def with_next(html: str) -> Article:
    return read(html.replace("</body>", f"{OTHER}</body>"))


@pytest.mark.parametrize("writer", ["", '<div class="else-area"><p>한지우 기자</p></div>'])
def test_the_next_article_is_not_this_one(writer: str) -> None:
    assert with_next(page(writer=writer)) == read(page(writer=writer))


def test_nor_where_this_one_lacks_its_date() -> None:
    found = with_next(page(dates=""))
    assert (found.title, found.body, found.published_at) == (TITLE, WHOLE, None)
