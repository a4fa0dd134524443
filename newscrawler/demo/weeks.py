"""The paper of ``newscrawler demo``: seventeen years of it, and one week more in every run."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from newscrawler.demo.dice import Dice
from newscrawler.demo.faults import Faults
from newscrawler.demo.newspaper import KST, Newspaper

BEGAN = datetime(2009, 7, 6, 9, tzinfo=KST)
PER_DAY = 6
EDITED = ("text", "text", "text", "title", "caption")
"""What editors change each week, one article each; one more article they withdraw."""
HICCUPS = ("status_500", "status_503", "reset", "maintenance", "db_error", "empty")
"""What goes wrong at the demo's server: what needs no long wait before one asks again."""
_SEEN_AGAIN = timedelta(days=37)
"""The longest age at which a crawl looks at an article again, and the week that has passed."""


def paper_after(weeks: int, size: int) -> Newspaper:
    """The paper this many weeks after its first ``size`` numbers, with edits."""
    paper = Newspaper(size=size, per_day=PER_DAY, since=BEGAN)
    for week in range(1, weeks + 1):
        before = paper.newest_idx
        paper.advance(7)
        _edit(paper, before, Dice(paper.seed, "week", week))
    return paper


def paper_for(known: int, size: int) -> tuple[int, Newspaper]:
    """The paper in the first week with an article newer than number ``known``, and the week."""
    for week in count():
        paper = paper_after(week, size)
        if next(paper.newest_articles()) > known:
            return week, paper
    raise AssertionError("a paper never ends")


def to_see_again(paper: Newspaper, known: int) -> range:
    """The numbers up to ``known`` that a crawl a week later requests again, at least twenty."""
    first = max(known - 19, paper.first_idx)
    while first > paper.first_idx and paper.given_out_at(first - 1) > paper.now - _SEEN_AGAIN:
        first -= 1
    return range(first, known + 1)


def hiccups() -> Faults:
    """One answer in fifty fails; the same number asked again is answered."""
    return Faults(0.02, kinds=HICCUPS, max_in_a_row=1)


def _edit(paper: Newspaper, newest: int, dice: Dice) -> None:
    recent = to_see_again(paper, newest)
    plain = [idx for idx in recent if (truth := paper.truth(idx)).article and truth.how == "plain"]
    chosen = dice.some(plain, len(EDITED) + 1)
    for idx, what in zip(chosen, EDITED, strict=False):
        paper.edit(idx, what)
    if len(chosen) > 1:
        paper.withdraw(chosen[-1], "removed_page")
