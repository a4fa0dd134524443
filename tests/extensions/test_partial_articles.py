"""Articles that were read in part: counted, and after many in a row the run stops."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newscrawler.extensions.partial_articles import Completeness, Flaw
from newscrawler.items import Article, Reading, Remainder, Verdict

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)


def reading(
    published: datetime | None = NOW, body: tuple[str, ...] = (), head: tuple[str, ...] = ()
) -> Reading:
    article = Article(7, "http://a.example/7", "제목", "본문이다.", published_at=published)
    return Reading(Verdict.ARTICLE, "an article", "classic", article, Remainder(body, head))


def test_whole_articles_have_no_flaw() -> None:
    judge = Completeness(2)
    assert judge.judge(reading(), NOW) == frozenset()
    assert judge.verdict is None


def test_articles_without_date_end_the_run_at_the_limit() -> None:
    judge = Completeness(3)
    for number in range(3):
        assert judge.verdict is None, number
        assert judge.judge(reading(None), NOW) == {Flaw.UNDATED}
    assert judge.verdict is not None
    assert "3 articles in a row have no date" in judge.verdict


def test_an_article_with_a_date_ends_the_row() -> None:
    judge = Completeness(2)
    for published in (None, NOW, None):
        judge.judge(reading(published), NOW)
    assert judge.verdict is None


def test_zero_goes_on_for_ever() -> None:
    judge = Completeness(0)
    for _ in range(50):
        judge.judge(reading(None), NOW)
    assert judge.verdict is None


def test_text_that_no_field_took_ends_the_run() -> None:
    judge = Completeness(2)
    for number in range(2):
        assert judge.judge(reading(body=(f"{number} 남은 글 " * 40,)), NOW) == {Flaw.LEFT_OVER}
    assert judge.verdict is not None
    assert "text" in judge.verdict


def test_a_lost_sentence_is_counted_and_ends_nothing() -> None:
    judge = Completeness(2)
    for number in range(5):
        left = reading(body=(f"남은 문장 {number}번이 있다.",))
        assert judge.judge(left, NOW) == {Flaw.LEFT_OVER}
        assert judge.judge(reading(body=(f"이름표 {number}",)), NOW) == frozenset()
        assert judge.judge(left, NOW) == frozenset()  # seen before
    for number in range(5):
        judge.judge(reading(body=(f"다른 문장 {number}번이 있다.",)), NOW)
    assert judge.verdict is None


def test_what_two_articles_share_is_the_sites_own() -> None:
    judge = Completeness(2)
    banner = "전시회 참가기업을 모집합니다. " * 40
    judge.judge(reading(body=(banner,), head=("새 이름표",)), NOW)
    for _ in range(5):
        assert judge.judge(reading(body=(banner,), head=("새 이름표",)), NOW) == frozenset()
    assert judge.verdict is None


def test_a_date_in_the_future_is_counted_and_ends_nothing() -> None:
    judge = Completeness(1)
    ahead = reading(NOW + timedelta(days=2))
    assert judge.judge(ahead, NOW) == {Flaw.FROM_THE_FUTURE}
    assert judge.judge(reading(NOW + timedelta(hours=20)), NOW) == frozenset()
    assert judge.verdict is None
