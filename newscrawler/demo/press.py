"""The scheduled content of a paper's numbers: roles, times, edits, from the seed and the clock.

The clock is the newest number given out (``head``): every function here is
pure, so that any of millions of numbers is found without its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from newscrawler.demo import content as contents
from newscrawler.demo import plan
from newscrawler.demo.content import Content, Desk
from newscrawler.demo.dice import Dice

SECTIONS = {
    "m101kqe": "산업·정책",
    "m102vzt": "금속·세라믹",
    "m103hw7": "화학·탄소",
    "m104bx2": "수소·에너지",
    "m105rjd": "3D프린팅",
    "m106ulc": "산업가스",
    "m107n5s": "인사·오피니언",
}
NOTICES = "m107n5s"
"""Where appointments and obituaries stand."""
_CODES = (*SECTIONS, "m101kqe", "m104bx2", "m104bx2", "m102vzt")
"""To draw from: what a paper writes most about stands here more than once."""

# Reprints copy the number this far back (the first of these that holds an ordinary article).
_REPRINT_LAGS = (3, 7, 12, 20, 37, 55)
# (N, M, what is edited): of N articles the M-th one.
_SCHEDULED_EDITS = ((9, 4, "text"), (23, 6, "caption"), (31, 8, "title"))
# Days after its number was given out, from and to.
_EDIT_DAYS = (0.2, 7)
_DRAFT_DAYS = (0.5, 4)
_WITHDRAWAL_DAYS = (2, 20)


@dataclass(frozen=True, slots=True)
class Story:
    """An article at one time, before changes by hand."""

    content: Content
    published_at: datetime
    modified_at: datetime | None
    recommend_count: int
    skin: str
    habits: frozenset[str]
    mcode: str
    copied_from: int | None


@dataclass(frozen=True)
class Press:
    seed: int
    first_idx: int
    anchor: int
    """The number that was given out at ``newest``."""
    newest: datetime
    step: timedelta
    """From one number to the next."""
    past: timedelta
    """How much longer than by ``step`` alone it took to come to the anchor: a paper that grew."""
    skin: str
    gap: str
    gap_share: float
    reprint_share: float
    habits: tuple[str, ...]
    desk: Desk

    def role(self, idx: int) -> plan.Role:
        return plan.role(self.seed, idx - self.first_idx, self.gap_share, self.reprint_share)

    def section_of(self, idx: int) -> str:
        """The code of the list with an article; a reprint is in the list of its original."""
        role = self.role(idx)
        origin = self._origin(idx) if role.kind in ("repost", "near") else None
        if origin is not None:
            return self.section_of(origin)
        if plan.is_notice(role.ordinal, self.habits):
            return NOTICES
        return Dice(self.seed, idx, "section").pick(_CODES)

    def skin_of(self, idx: int) -> str:
        if self.skin != "mixed":
            return self.skin
        return Dice(self.seed, idx, "skin").pick(("classic", "classic_variant", "article_head"))

    @property
    def never(self) -> str:
        """How the paper answers for a number that was never assigned."""
        return "alert" if self.gap == "mixed" else self.gap

    def time_of(self, idx: int) -> datetime:
        """When a number was assigned: with some jitter, always in order.

        Steady; a paper with a past was slower the further back one goes, and
        keeps office hours.
        """
        age = self.anchor - idx + Dice(self.seed, idx, "time").random() * 0.9
        moment = self.newest - age * self.step
        if self.past:
            numbers = self.anchor - self.first_idx + 1
            moment = _in_office_hours(moment - self.past * (max(age, 0) / numbers) ** 2)
        return moment.replace(microsecond=0)

    def gap_at(self, idx: int, head: int) -> str | None:
        """The kind of gap that a number is, or ``None`` for an article."""
        if not self.first_idx <= idx <= head:
            return self.never
        role = self.role(idx)
        match role.kind:
            case "missing":
                kind = plan.MISSING[role.ordinal % len(plan.MISSING)]
                return kind if self.gap == "mixed" else self.gap
            case "removed":
                return plan.REMOVED[role.ordinal % len(plan.REMOVED)]
            case "restricted":
                return plan.RESTRICTED[role.ordinal % len(plan.RESTRICTED)]
            case "draft" if self._age(idx, head) < self._lag(idx, "draft", _DRAFT_DAYS):
                return self.never
            case "withdrawn" if self._age(idx, head) >= self._lag(
                idx, "withdrawn", _WITHDRAWAL_DAYS
            ):
                return plan.REMOVED[role.ordinal % len(plan.REMOVED)]
        return None

    def story(self, idx: int, head: int) -> Story:
        """The article of a number (for a gap, the hidden one)."""
        role = self.role(idx)
        origin = self._origin(idx) if role.kind in ("repost", "near") else None
        published = self.time_of(idx)
        if role.kind == "draft":
            late = self._lag(idx, "draft", _DRAFT_DAYS) * self.step
            published = (published + late).replace(microsecond=0)
        # A reprint is the older article in every word and habit; only number and dates differ.
        source = idx if origin is None else origin
        ordinal = self.role(source).ordinal
        skin = self.skin_of(source)
        habits = plan.habits(ordinal, skin, self.habits)
        section = self.section_of(source)
        day = self.time_of(source).date()
        content = _composed(self.seed, source, habits, self.desk, day, SECTIONS[section])
        modified: datetime | None = None
        if role.kind == "near" and origin is not None:
            content = contents.nearly(content, Dice(self.seed, idx, "near"))
        elif origin is None:
            content, modified = self._edited(idx, ordinal, content, published, head)
        return Story(
            content=content,
            published_at=published,
            modified_at=modified,
            recommend_count=self._recommended(idx, head),
            skin=skin,
            habits=habits,
            mcode=section,
            copied_from=origin,
        )

    def _age(self, idx: int, head: int) -> int:
        """How many numbers were assigned since; at the current pace, in a paper with a past."""
        if not self.past:
            return head - idx
        now = self.newest + (head - self.anchor) * self.step
        return (now - self.time_of(idx)) // self.step

    def _lag(self, idx: int, purpose: str, days: tuple[float, float]) -> int:
        """A delay of these days, as a count of numbers assigned meanwhile."""
        low, high = days
        drawn = low + (high - low) * Dice(self.seed, idx, purpose).random()
        return max(1, round(timedelta(days=drawn) / self.step))

    def _origin(self, idx: int) -> int | None:
        for lag in _REPRINT_LAGS:
            if idx - lag >= self.first_idx and self.role(idx - lag).kind == "plain":
                return idx - lag
        return None

    def _edited(
        self, idx: int, ordinal: int, content: Content, published: datetime, head: int
    ) -> tuple[Content, datetime | None]:
        modified: datetime | None = None
        for every, nth, what in _SCHEDULED_EDITS:
            if ordinal % every != nth:
                continue
            lag = self._lag(idx, what, _EDIT_DAYS)
            if self._age(idx, head) >= lag:
                content = contents.edited(content, what, Dice(self.seed, idx, what))
                when = (published + lag * self.step).replace(microsecond=0)
                modified = max(modified, when) if modified else when
        return content, modified

    def _recommended(self, idx: int, head: int) -> int:
        """Most articles have no recommendations; a few gain some every day."""
        dice = Dice(self.seed, idx, "count")
        cap = dice.between(1, 40) if dice.chance(0.3) else 0
        return min(cap, self._age(idx, head) * self.step // timedelta(days=1)) if cap else 0


@lru_cache(maxsize=8192)
def _composed(
    seed: int, idx: int, habits: frozenset[str], desk: Desk, day: date, section: str
) -> Content:
    return contents.compose(Dice(seed, idx, "content"), habits, desk, day, section)


def _in_office_hours(moment: datetime) -> datetime:
    """The same day between 7 and 19 o'clock, later for a later moment."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=7) + (moment - midnight) / 2
