"""A made-up newspaper: the content of every number at every time, with the expected results."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

from newscrawler.demo import content as contents
from newscrawler.demo import markup, plan
from newscrawler.demo.bylines import Byline, byline
from newscrawler.demo.content import Desk
from newscrawler.demo.dice import Dice
from newscrawler.demo.press import SECTIONS, Press, Story
from newscrawler.demo.skins import Sheet
from newscrawler.items import Article

KST = timezone(timedelta(hours=9))
NEWEST = datetime(2026, 7, 1, 18, 0, tzinfo=KST)
EDITS = ("text", "title", "caption", "count")
LONGEST_HISTORY = timedelta(days=365 * 17)
"""A huge paper publishes more a day rather than begin before there was a web."""


@dataclass(frozen=True, slots=True)
class Truth:
    """The content of a number at this time, and the expected result."""

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
    """Not given out yet: the future, not a gap."""


@dataclass
class _Orders:
    """Changes to a number by hand, in addition to its schedule."""

    edits: list[tuple[str, datetime]] = field(default_factory=list)
    withdrawn: str | None = None
    recommended: int = 0


class Newspaper:
    """A deterministic paper of ``size`` numbers from ``first_idx`` on.

    It publishes ``per_day``; with ``since`` it began then, and slowly, and came
    to ``per_day`` in the end. ``gap`` is how it answers for a number without an article: one of
    ``plan.MISSING``, ``plan.SILENT``, ``plan.RIDDLE``, or ``mixed`` for all of the first
    in turn. Numbers that were never given out are always answered in one way (``alert`` if mixed).
    ``habits`` forces the named habits (``plan.HABITS``) on every article.
    ``boilerplate`` is roughly how many bytes of menu, banners and side lists
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
        since: datetime | None = None,
        site_name: str = "amenews",
        title: str = "신소재경제신문",
        permalink: str = "http://amenews.kr/news/view.php?idx={idx}",
        aliases: tuple[str, ...] = ("www.amenews.kr",),
        gap: str = "mixed",
        gap_share: float = 0.11,
        reprint_share: float = 0.03,
        habits: tuple[str, ...] = (),
        boilerplate: int = 8_000,
    ) -> None:
        if newest.tzinfo is None or (since is not None and since.tzinfo is None):
            raise ValueError("newest and since must be aware datetimes")
        if unknown := set(habits) - set(plan.HABITS):
            raise ValueError(f"no such habits: {', '.join(sorted(unknown))}")
        if gap not in (*plan.MISSING, *plan.SILENT, plan.RIDDLE, "mixed"):
            raise ValueError(f"no such kind of gap: {gap}")
        if skin not in (*plan.SKINS, "mixed"):
            raise ValueError(f"no such skin: {skin}")
        parts = urlsplit(permalink)
        self.seed = seed
        self.first_idx = first_idx
        self.first_size = size
        self.newest_idx = first_idx + size - 1
        self.site_name = site_name
        self.title = title
        self.host = parts.netloc
        self.permalink_form = permalink
        self.boilerplate = boilerplate
        self.edition = 0
        """Goes up with every change, so that a cache of pages knows when it is stale."""
        self._orders: dict[int, _Orders] = {}
        step = min(timedelta(days=1) / per_day, LONGEST_HISTORY / max(size, 1))
        span = newest - since if since is not None else timedelta(0)
        self._press = Press(
            seed=seed,
            first_idx=first_idx,
            anchor=self.newest_idx,
            newest=newest.astimezone(KST).replace(microsecond=0),
            step=step,
            past=max(span - size * step, timedelta(0)),
            skin=skin,
            gap=gap,
            gap_share=gap_share,
            reprint_share=reprint_share,
            habits=habits,
            desk=Desk(f"{parts.scheme}://{parts.netloc}", aliases),
        )

    # The clock, and what happens by hand.

    def publish(self, n: int) -> None:
        """Publish the next ``n`` numbers."""
        self.newest_idx += n
        self.edition += 1

    def advance(self, days: float) -> None:
        """Let ``days`` pass: new numbers, scheduled edits, withdrawals, late drafts."""
        self.publish(round(timedelta(days=days) / self._press.step))

    def at(self, days: float) -> Newspaper:
        """The same paper ``days`` later; this one is unchanged."""
        later = copy.deepcopy(self)
        later.advance(days)
        return later

    def edit(self, idx: int, what: str = "text") -> None:
        """Change an article now: its ``text``, ``title``, a ``caption`` or only the ``count``.

        Raises:
            LookupError: the number holds no article.
        """
        if what not in EDITS:
            raise ValueError(f"no such edit: {what}")
        orders = self._orders_for(idx)
        if what == "count":
            orders.recommended += 1
        else:
            # Each is later than the one before, although the clock does not move between them.
            minutes = timedelta(minutes=1 + len(orders.edits))
            orders.edits.append((what, self.now + minutes))
        self.edition += 1

    def withdraw(self, idx: int, how: str = "removed_alert") -> None:
        """Withdraw an article; from now on its number is that kind of gap.

        Raises:
            LookupError: the number holds no article.
        """
        if how not in (*plan.MISSING, *plan.SILENT, *plan.REMOVED, *plan.RESTRICTED):
            raise ValueError(f"no such kind of gap: {how}")
        self._orders_for(idx).withdrawn = how
        self.edition += 1

    @property
    def now(self) -> datetime:
        """When the newest number was published."""
        press = self._press
        return press.newest + (self.newest_idx - press.anchor) * press.step

    @property
    def size(self) -> int:
        return self.newest_idx - self.first_idx + 1

    # What a number holds.

    def permalink(self, idx: int) -> str:
        return self.permalink_form.format(idx=idx)

    def given_out_at(self, idx: int) -> datetime:
        """When a number was assigned, with or without an article; a draft is published later."""
        return self._press.time_of(idx)

    def truth(self, idx: int) -> Truth:
        gap = self._gap(idx)
        if gap is not None:
            beyond = idx > self.newest_idx
            return Truth(idx, plan.state(gap), gap, self._press.skin_of(idx), beyond=beyond)
        story = self._story(idx)
        article = self._article(idx, story)
        same = near = None
        if (origin := story.copied_from) and self._gap(origin) is None:
            older = self._article(origin, self._story(origin))
            if older.content_hash == article.content_hash:
                same = origin
            else:
                near = origin
        return Truth(
            idx=idx,
            state="article",
            how=self._press.role(idx).kind,
            skin=story.skin,
            article=article,
            habits=story.habits,
            mcode=story.mcode,
            duplicate_of=same,
            near_duplicate_of=near,
        )

    def truths(self) -> Iterator[Truth]:
        """The expected results of all numbers so far."""
        return (self.truth(idx) for idx in range(self.first_idx, self.newest_idx + 1))

    def newest_articles(self, mcode: str | None = None) -> Iterator[int]:
        """Numbers with an article, newest first, of one section or of all."""
        for idx in range(self.newest_idx, self.first_idx - 1, -1):
            wanted = mcode is None or self._press.section_of(idx) == mcode
            if wanted and self._gap(idx) is None:
                yield idx

    def headline(self, idx: int) -> str:
        """The title of an existing article."""
        return self._story(idx).content.title

    def sheet(self, idx: int) -> Sheet | None:
        """What the page of an article prints; ``None`` for a gap.

        A members-only page prints all but the body, in whose place is a link to the login.
        """
        gap = self._gap(idx)
        if gap not in (None, "members_body"):
            return None
        story = self._story(idx)
        sheet = self._sheet(self._article(idx, story), story)
        if gap is None:
            return sheet
        login = f"/bbs/login.php?url=%2Fnews%2Fview.php%3Fidx%3D{idx}"
        members = f'<a href="{login}"><img src="../img/member_only.gif" alt="회원전용 기사"></a>'
        return replace(sheet, body_html=members)

    def _orders_for(self, idx: int) -> _Orders:
        if self._gap(idx) is not None:
            raise LookupError(f"number {idx} holds no article")
        return self._orders.setdefault(idx, _Orders())

    def _gap(self, idx: int) -> str | None:
        orders = self._orders.get(idx)
        if orders and orders.withdrawn:
            return orders.withdrawn
        return self._press.gap_at(idx, self.newest_idx)

    def _story(self, idx: int) -> Story:
        story = self._press.story(idx, self.newest_idx)
        orders = self._orders.get(idx)
        if orders is None:
            return story
        content, modified = story.content, story.modified_at
        for n, (what, when) in enumerate(orders.edits):
            content = contents.edited(content, what, Dice(self.seed, idx, "ordered", n))
            modified = when
        count = story.recommend_count + orders.recommended
        return replace(story, content=content, modified_at=modified, recommend_count=count)

    def _byline(self, idx: int, story: Story) -> Byline:
        return byline(Dice(self.seed, idx, "byline"), story.habits)

    def _article(self, idx: int, story: Story) -> Article:
        signed = self._byline(idx, story)
        dated = "no_dates" not in story.habits
        sectioned = story.skin == "article_head"
        printed = story.content.subtitles if story.skin != "classic_variant" else ()
        subtitle = "\n".join(printed)
        return Article(
            idx=idx,
            url=self.permalink(idx),
            title=story.content.title,
            body=story.content.body,
            subtitle=subtitle or None,
            section=SECTIONS[story.mcode] if sectioned else None,
            section_code=story.mcode if sectioned else None,
            byline=signed.printed or None,
            reporters=signed.reporters,
            published_at=story.published_at if dated else None,
            modified_at=story.modified_at if dated else None,
            images=story.content.images,
            keywords=story.content.keywords,
            recommend_count=story.recommend_count,
        )

    def _sheet(self, article: Article, story: Story) -> Sheet:
        idx = article.idx
        dice = Dice(self.seed, idx, "dress")
        style = next(h for h in markup.STYLES if h in story.habits)
        related = [n for n in (idx - 5, idx - 11) if self._gap(n) is None]
        return Sheet(
            idx=idx,
            permalink=article.url,
            title=article.title,
            subtitles=story.content.subtitles,
            mcode=story.mcode,
            section=SECTIONS[story.mcode],
            byline_html=self._byline(idx, story).html,
            published_at=article.published_at,
            modified_at=article.modified_at,
            body_html=markup.body(story.content, style, dice),
            recommend_count=article.recommend_count or 0,
            keywords=tuple((sum(map(ord, word)) % 9000, word) for word in article.keywords),
            related=tuple((n, self.headline(n)) for n in related),
            spans=dice.chance(0.5),
        )
