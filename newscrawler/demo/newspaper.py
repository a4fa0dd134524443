"""A made-up newspaper: what every number holds at every moment, with the truth on record.

A number's content depends on the seed, the number and the clock alone, so any
of millions can be looked at without making the others. The clock counts
published numbers: publishing moves it, and with it come scheduled edits,
withdrawals and drafts that are published late.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit

from newscrawler.demo import content as contents
from newscrawler.demo import markup, plan, words
from newscrawler.demo.dice import Dice
from newscrawler.demo.skins import Sheet
from newscrawler.items import Article, Reporter

KST = timezone(timedelta(hours=9))
NEWEST = datetime(2026, 7, 1, 18, 0, tzinfo=KST)
SECTIONS = {
    "m101kqe": "산업·정책",
    "m102vzt": "금속·세라믹",
    "m103hw7": "화학·탄소",
    "m104bx2": "수소·에너지",
    "m105rjd": "3D프린팅",
    "m106ulc": "산업가스",
    "m107n5s": "인사·오피니언",
}
EDITS = ("text", "title", "caption", "count")
LONGEST_HISTORY = timedelta(days=365 * 17)
"""A huge paper published more a day rather than before there was a web."""

# Reprints copy the number this far back (the first of these that holds an ordinary article).
_REPRINT_LAGS = (3, 7, 12, 20, 37, 55)
_SCHEDULED_EDITS = ((9, 4, "text"), (23, 6, "caption"), (31, 8, "title"))


@dataclass(frozen=True, slots=True)
class Truth:
    """What the paper holds under a number at this moment, and what a reader should record."""

    idx: int
    state: str
    """``article``, ``missing``, ``removed`` or ``restricted``: what the page says by itself."""
    how: str
    """For a gap the kind of answer (``plan.MISSING``, ``REMOVED``, ``RESTRICTED``); for an
    article ``plain``, ``repost``, ``near``, ``draft`` or ``withdrawn`` (still there)."""
    skin: str
    article: Article | None = None
    """Exactly what the page prints, field by field; section and subtitle only where the skin
    has a place for them. Pictures' addresses are joined, not percent-encoded."""
    habits: frozenset[str] = frozenset()
    mcode: str | None = None
    """The section list in which it stands (a classic page does not say it)."""
    duplicate_of: int | None = None
    """An older number that has the same words now."""
    near_duplicate_of: int | None = None
    """An older number with another headline, or one other paragraph."""
    beyond: bool = False
    """Not published yet: the future, not a gap."""


@dataclass(frozen=True, slots=True)
class _Story:
    content: contents.Content
    published_at: datetime
    modified_at: datetime | None
    recommend_count: int
    skin: str
    habits: frozenset[str]
    mcode: str
    copied_from: int | None


@dataclass
class _Orders:
    """What was ordered for a number by hand, beside its schedule."""

    edits: list[tuple[str, datetime]] = field(default_factory=list)
    withdrawn: str | None = None
    recommended: int = 0


class Newspaper:
    """A deterministic paper of ``size`` numbers from ``first_idx`` on.

    ``gap`` is how it answers for a number without an article: one of
    ``plan.MISSING``, or ``mixed`` for all of them in turn. Numbers that were
    never given out are always answered in one way (``alert`` if mixed).
    ``habits`` forces the named habits (``plan.HABITS``) on every article.
    ``furniture`` is roughly how many bytes of menu, banners and side lists
    surround the article.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        size: int = 300,
        first_idx: int = 1,
        skin: str = "classic",
        newest: datetime = NEWEST,
        per_day: float = 12,
        site_name: str = "amenews",
        title: str = "신소재경제신문",
        permalink: str = "http://amenews.kr/news/view.php?idx={idx}",
        aliases: tuple[str, ...] = ("www.amenews.kr",),
        gap: str = "mixed",
        gap_share: float = 0.11,
        reprint_share: float = 0.03,
        habits: tuple[str, ...] = (),
        furniture: int = 8_000,
    ) -> None:
        if newest.tzinfo is None:
            raise ValueError("newest must be an aware datetime")
        if unknown := set(habits) - set(plan.HABITS):
            raise ValueError(f"no such habits: {', '.join(sorted(unknown))}")
        if gap not in (*plan.MISSING, "mixed"):
            raise ValueError(f"no such kind of gap: {gap}")
        self.seed = seed
        self.first_idx = first_idx
        self.first_size = size
        self.newest_idx = first_idx + size - 1
        self.skin = skin
        self.newest = newest.astimezone(KST).replace(microsecond=0)
        self.site_name = site_name
        self.title = title
        self.permalink_form = permalink
        self.gap = gap
        self.gap_share = gap_share
        self.reprint_share = reprint_share
        self.habits = habits
        self.furniture = furniture
        self.edition = 0
        """Goes up with every change, so that a cache of pages knows when it is stale."""
        self._anchor = self.newest_idx
        self._step = min(timedelta(days=1) / per_day, LONGEST_HISTORY / max(size, 1))
        self._orders: dict[int, _Orders] = {}
        parts = urlsplit(permalink)
        self.host = parts.netloc
        self._desk = contents.Desk(f"{parts.scheme}://{parts.netloc}", aliases)

    # The clock, and what happens by hand.

    def publish(self, n: int) -> None:
        """Give out the next ``n`` numbers."""
        self.newest_idx += n
        self.edition += 1

    def advance(self, days: float) -> None:
        """Let ``days`` pass: new numbers, scheduled edits, withdrawals, late drafts."""
        self.publish(round(timedelta(days=days) / self._step))

    def at(self, days: float) -> Newspaper:
        """The same paper ``days`` later; this one stays as it is."""
        later = copy.deepcopy(self)
        later.advance(days)
        return later

    def edit(self, idx: int, what: str = "text") -> None:
        """Change an article now: its ``text``, ``title``, a ``caption`` or only the ``count``."""
        if what not in EDITS:
            raise ValueError(f"no such edit: {what}")
        self._must_hold_article(idx)
        orders = self._orders.setdefault(idx, _Orders())
        if what == "count":
            orders.recommended += 1
        else:
            # Each later than the one before, though the clock stands still between them.
            minutes = timedelta(minutes=1 + len(orders.edits))
            orders.edits.append((what, self.now + minutes))
        self.edition += 1

    def withdraw(self, idx: int, how: str = "removed_alert") -> None:
        """Take an article away; from now on its number answers with that kind of gap."""
        if how not in (*plan.MISSING, *plan.REMOVED, *plan.RESTRICTED):
            raise ValueError(f"no such kind of gap: {how}")
        self._must_hold_article(idx)
        self._orders.setdefault(idx, _Orders()).withdrawn = how
        self.edition += 1

    @property
    def now(self) -> datetime:
        """When the newest number was given out."""
        return self.newest + (self.newest_idx - self._anchor) * self._step

    @property
    def size(self) -> int:
        return self.newest_idx - self.first_idx + 1

    # What a number holds.

    def permalink(self, idx: int) -> str:
        return self.permalink_form.format(idx=idx)

    def truth(self, idx: int) -> Truth:
        return self._look(idx)[0]

    def truths(self) -> Iterator[Truth]:
        """The record of every number given out so far."""
        return (self.truth(idx) for idx in range(self.first_idx, self.newest_idx + 1))

    def sheet(self, idx: int) -> Sheet | None:
        """What the page of an article prints; ``None`` for a gap."""
        truth, story = self._look(idx)
        if truth.article is None or story is None:
            return None
        return self._sheet(truth.article, story)

    def teaser(self, idx: int) -> Sheet | None:
        """The page of a members-only article, without its body; ``None`` for other numbers."""
        truth = self.truth(idx)
        if truth.how != "members_body":
            return None
        story = self._story(idx, "plain", idx % plan.BLOCK)
        sheet = self._sheet(self._article(idx, story), story)
        return replace(
            sheet,
            body_html=f'<a href="/bbs/login.php?url=%2Fnews%2Fview.php%3Fidx%3D{idx}">'
            '<img src="../img/member_only.gif" alt="회원전용 기사"></a>',
        )

    def newest_articles(self, mcode: str | None = None) -> Iterator[int]:
        """Numbers that hold an article, newest first, of one section or of all."""
        for idx in range(self.newest_idx, self.first_idx - 1, -1):
            if (mcode is None or self.section_of(idx) == mcode) and self._holds_article(idx):
                yield idx

    def section_of(self, idx: int) -> str:
        return Dice(self.seed, idx, "section").pick(tuple(SECTIONS))

    def _must_hold_article(self, idx: int) -> None:
        if not self._holds_article(idx):
            raise LookupError(f"number {idx} holds no article")

    def headline(self, idx: int) -> str:
        """The title of an article that exists."""
        self._must_hold_article(idx)
        article = self.truth(idx).article
        return article.title if article else ""

    def _role(self, idx: int) -> plan.Role:
        return plan.role(self.seed, idx - self.first_idx, self.gap_share, self.reprint_share)

    def _lag(self, idx: int, purpose: str, low: float, high: float) -> int:
        """A delay between ``low`` and ``high`` days, in numbers published meanwhile."""
        day = timedelta(days=1) / self._step
        return max(1, round(day * (low + (high - low) * Dice(self.seed, idx, purpose).random())))

    def _gap(self, idx: int) -> str | None:
        """The kind of gap that the number is at this moment, or ``None`` for an article."""
        if not self.first_idx <= idx <= self.newest_idx:
            return self.never
        if (orders := self._orders.get(idx)) and orders.withdrawn:
            return orders.withdrawn
        role = self._role(idx)
        age = self.newest_idx - idx
        match role.kind:
            case "missing":
                kind = plan.MISSING[role.ordinal % len(plan.MISSING)]
                return kind if self.gap == "mixed" else self.gap
            case "removed":
                return plan.REMOVED[role.ordinal % len(plan.REMOVED)]
            case "restricted":
                return plan.RESTRICTED[role.ordinal % len(plan.RESTRICTED)]
            case "draft" if age < self._lag(idx, "draft", 0.5, 4):
                return self.never
            case "withdrawn" if age >= self._lag(idx, "withdrawn", 2, 20):
                return plan.REMOVED[role.ordinal % len(plan.REMOVED)]
        return None

    @property
    def never(self) -> str:
        """How the paper answers for a number that was never given out."""
        return "alert" if self.gap == "mixed" else self.gap

    def _holds_article(self, idx: int) -> bool:
        return self._gap(idx) is None

    def _look(self, idx: int) -> tuple[Truth, _Story | None]:
        gap = self._gap(idx)
        if gap is not None:
            state = "missing"
            if gap in plan.REMOVED:
                state = "removed"
            elif gap in plan.RESTRICTED:
                state = "restricted"
            beyond = idx > self.newest_idx
            return Truth(idx, state, gap, self._skin(idx), beyond=beyond), None
        role = self._role(idx)
        story = self._story(idx, role.kind, role.ordinal)
        article = self._article(idx, story)
        same = near = None
        if (origin := story.copied_from) and self._holds_article(origin):
            older = self._article(origin, self._story(origin, "plain", self._role(origin).ordinal))
            if older.content_hash == article.content_hash:
                same = origin
            else:
                near = origin
        truth = Truth(
            idx, "article", role.kind, story.skin, article, story.habits, story.mcode, same, near
        )
        return truth, story

    def _skin(self, idx: int) -> str:
        if self.skin != "mixed":
            return self.skin
        return Dice(self.seed, idx, "skin").pick(("classic", "classic_variant", "article_head"))

    def _time_of(self, idx: int) -> datetime:
        """When a number was given out: steady, with some jitter, never out of order."""
        late = Dice(self.seed, idx, "time").random() * 0.9
        moment = self.newest + (idx - self._anchor - late) * self._step
        return moment.replace(microsecond=0)

    def _origin(self, idx: int) -> int | None:
        for lag in _REPRINT_LAGS:
            if idx - lag >= self.first_idx and self._role(idx - lag).kind == "plain":
                return idx - lag
        return None

    def _story(self, idx: int, kind: str, ordinal: int) -> _Story:
        origin = self._origin(idx) if kind in ("repost", "near") else None
        published = self._time_of(idx)
        if kind == "draft":
            published += self._lag(idx, "draft", 0.5, 4) * self._step
            published = published.replace(microsecond=0)
        if origin is not None:
            ordinal = self._role(origin).ordinal
        # A reprint is the older article in every word and habit; only number and dates differ.
        source = idx if origin is None else origin
        skin = self._skin(source)
        habits = plan.habits(ordinal, skin, self.habits)
        text = _composed(self.seed, source, habits, self._desk, f"{self._time_of(source):%y%m}")
        modified: datetime | None = None
        if origin is None:
            text, modified = self._scheduled_edits(idx, ordinal, text, published)
        elif kind == "near":
            text = contents.nearly(text, Dice(self.seed, idx, "near"))
        for n, (what, when) in enumerate(self._ordered_edits(idx)):
            text = contents.edited(text, what, Dice(self.seed, idx, "ordered", n))
            modified = when
        return _Story(
            content=text,
            published_at=published,
            modified_at=modified,
            recommend_count=self._recommended(idx),
            skin=skin,
            habits=habits,
            mcode=self.section_of(idx),
            copied_from=origin,
        )

    def _scheduled_edits(
        self, idx: int, ordinal: int, text: contents.Content, published: datetime
    ) -> tuple[contents.Content, datetime | None]:
        modified: datetime | None = None
        for every, offset, what in _SCHEDULED_EDITS:
            if ordinal % every == offset:
                lag = self._lag(idx, what, 0.2, 7)
                if self.newest_idx - idx >= lag:
                    text = contents.edited(text, what, Dice(self.seed, idx, what))
                    when = (published + lag * self._step).replace(microsecond=0)
                    modified = max(modified, when) if modified else when
        return text, modified

    def _ordered_edits(self, idx: int) -> list[tuple[str, datetime]]:
        orders = self._orders.get(idx)
        return orders.edits if orders else []

    def _recommended(self, idx: int) -> int:
        """Mostly nobody recommends anything; a few articles gain a little every day."""
        dice = Dice(self.seed, idx, "count")
        cap = dice.between(1, 40) if dice.chance(0.3) else 0
        days = (self.newest_idx - idx) * self._step // timedelta(days=1)
        orders = self._orders.get(idx)
        return min(cap, days) + (orders.recommended if orders else 0)

    def _article(self, idx: int, story: _Story) -> Article:
        printed, _, reporters = _byline(self.seed, idx, story.habits)
        dated = "no_dates" not in story.habits
        section = story.skin == "article_head"
        subtitle = "\n".join(story.content.subtitles) if section else ""
        return Article(
            idx=idx,
            url=self.permalink(idx),
            title=story.content.title,
            body=story.content.body,
            subtitle=subtitle or None,
            section=SECTIONS[story.mcode] if section else None,
            section_code=story.mcode if section else None,
            byline=printed or None,
            reporters=reporters,
            published_at=story.published_at if dated else None,
            modified_at=story.modified_at if dated else None,
            images=story.content.images,
            keywords=story.content.keywords,
            recommend_count=story.recommend_count,
        )

    def _sheet(self, article: Article, story: _Story) -> Sheet:
        idx = article.idx
        dice = Dice(self.seed, idx, "dress")
        style = next(h for h in markup.STYLES if h in story.habits)
        related = [n for n in (idx - 5, idx - 11) if n >= self.first_idx and self._holds_article(n)]
        return Sheet(
            idx=idx,
            permalink=article.url,
            title=article.title,
            subtitles=story.content.subtitles,
            mcode=story.mcode,
            section=SECTIONS[story.mcode],
            byline_html=_byline(self.seed, idx, story.habits)[1],
            published_at=article.published_at,
            modified_at=article.modified_at,
            body_html=markup.body(story.content, style, dice),
            recommend_count=article.recommend_count or 0,
            keywords=tuple((sum(map(ord, word)) % 9000, word) for word in article.keywords),
            related=tuple((n, self.headline(n)) for n in related),
            spans=dice.chance(0.5),
        )


@lru_cache(maxsize=8192)
def _composed(
    seed: int, idx: int, habits: frozenset[str], desk: contents.Desk, month: str
) -> contents.Content:
    return contents.compose(Dice(seed, idx, "content"), habits, desk, month)


def _byline(seed: int, idx: int, habits: frozenset[str]) -> tuple[str, str, tuple[Reporter, ...]]:
    """The writer's line as printed, its markup, and the people in it.

    The editorial desk (편집국) signs as nobody in particular: a line without reporters.
    """
    dice = Dice(seed, idx, "byline")
    names = [dice.pick(words.SURNAMES) + given for given in dice.some(words.GIVEN[:12], 2)]
    mails = [f"{dice.letters(6, 'abcdefghijklmnop')}@amenews.kr" for _ in names]
    if "desk" in habits:
        return "편집국", "편집국", ()
    if "no_byline" in habits:
        return "", "", ()
    people = [
        Reporter(name, mail if dice.chance(0.7) else None)
        for name, mail in zip(names, mails, strict=True)
    ]
    if "reporters" in habits:
        printed = dice.pick(("{0} 기자, {1} 기자", "{0}·{1} 기자", "{0} 기자 {1} 기자")).format(
            *names
        )
        return printed, escape(printed), tuple(Reporter(name) for name in names)
    if "reporters_email" not in habits:
        people = [Reporter(names[0], mails[0] if "reporter_email" in habits else None)]
    printed = " ".join(" ".join(filter(None, (f"{p.name} 기자", p.email))) for p in people)
    html = printed
    if dice.chance(0.5):
        for mail in filter(None, (p.email for p in people)):
            html = html.replace(mail, f'<a href="mailto:{mail}">{mail}</a>')
    return printed, html, tuple(people)
