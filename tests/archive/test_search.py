from __future__ import annotations

import random
import re
import sqlite3
from pathlib import Path
from time import process_time

import pytest

from newscrawler import open_archive
from newscrawler.archive import search
from newscrawler.archive.hits import Part, hit
from newscrawler.archive.reader import Archive, Filters, Order
from newscrawler.exceptions import SearchError
from newscrawler.items import Image
from newscrawler.store import index_check, migrations, search_index
from newscrawler.store.store import Store
from tests.making import article, keep, permalink

BERRY = article(
    1,
    "수소경제 로드맵, 7월 확정",
    "정부는 액화수소 저장탱크를 늘린다.\n\n그린 암모니아도 들여온다.",
    subtitle="2030년까지 1조원",
    images=(Image("http://amenews.kr/1.jpg", "3D프린팅 부품 12㎛"),),
)
STEEL = article(
    2, "철강재 값 올라", "CO2 배출이 많은 고로 대신 수소환원제철로 간다. H₂ 값이 관건이다."
)
LIST = article(3, "시황", "니켈_구리·아연(LME) ㈜가온메탈 A B C")


def found(path: Path, words: str) -> set[int]:
    with open_archive(path) as archive:
        return {hit.idx for hit in archive.articles(Filters(words=words))}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("수소", {1, 2}),
        ("소", {1, 2}),
        ("제", {1, 2}),
        ("소경제", {1}),
        ("환원제철", {2}),
        ("재", {2}),
        ("12㎛", {1}),
        ("co2", {2}),
        ("H₂", {2}),
        ("d프린", {1}),
        ("2030", {1}),
        ("03", {1}),
        ("구리", {3}),
        ("㈜가온", {3}),
        ("가온메탈", {3}),
        ("B", {3}),
        ("없는말", set()),
    ],
)
def test_any_run_of_characters_is_found_wherever_it_stands(
    path: Path, words: str, expected: set[int]
) -> None:
    assert found(keep(path, BERRY, STEEL, LIST), words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("수소 암모니아", {1}),
        ("수소 -암모니아", {2}),
        ('수소 -"그린 암모니아"', {2}),
        ("암모니아 OR 철강", {1, 2}),
        ("암모니아 OR 철강 AND 정부", {1}),
        ("암모니아 OR 철강 정부", {1}),
        ('"그린 암모니아"', {1}),
        ("“그린 암모니아”", {1}),
        ('"암모니아 그린"', set()),
        ('"그린 암모"', {1}),
        ('"린 암모"', {1}),
        ('"인 암모"', set()),
        ('수소 -"린 암모"', {2}),
        ('"린 암모" OR 철강재', {1, 2}),
        ('"늘린다 그린"', set()),
        ("그린-암모니아", set()),
        ("구리·아연(LME)", {3}),
        ("(lme) ㈜", {3}),
        ('"니켈_구리·아연(LME)"', {3}),
        ("“로드맵, 7월", set()),
        ("수\u200b소경제", {1}),
        ('"A B C"', {3}),
        ('"B A"', set()),
        ('"그린 암모니아', {1}),
        ("수소 &", set()),
        ("수소 ,", {1}),
        ("수소 or", set()),
        ("수소*", set()),
        ("NEAR(수소", set()),
        ("title:수소", set()),
        ("\ud558\u1106\u1167\u11ab OR 시황", {3}),
    ],
)
def test_the_search_language(path: Path, words: str, expected: set[int]) -> None:
    assert found(keep(path, BERRY, STEEL, LIST), words) == expected


def test_neighbouring_words_are_not_taken_for_one_and_one_not_for_two(path: Path) -> None:
    keep(path, article(1, "수소 소재"), article(2, "수소재"), article(3, "a Ab", "b 나 나라"))
    assert found(path, "수소재") == {2}
    assert found(path, '"수소 소재"') == {1}
    assert found(path, '"a ab"') == {3}
    assert found(path, '"A A"') == {3}
    assert found(path, '"나 나"') == {3}
    assert found(path, "aab") == set()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("", "at least one word"),
        ('""', "at least one word"),
        ("-수소", "at least one word without -"),
        ("OR 수소", "OR must be between"),
        ("수소 OR", "OR must be between"),
        ("수소 OR OR 철강", "OR must be between"),
        ("수소 OR -철강", "OR must be between"),
        ("-수소 OR 철강", "OR must be between"),
    ],
)
def test_what_cannot_be_searched_for_is_said_in_one_sentence(words: str, complaint: str) -> None:
    with pytest.raises(SearchError, match=complaint):
        search.parse(words)


def test_random_words_are_found_exactly_where_like_finds_them(paper_archive: Archive) -> None:
    dice = random.Random(7)
    texts = [f"{hit.title} {hit.subtitle} {hit.body}" for hit in paper_archive.articles()]
    for _ in range(400):
        run = dice.choice(re.findall(r"[^\W_]+", dice.choice(texts)))
        start = dice.randrange(len(run))
        word = run[start : start + dice.choice((1, 2, 2, 3, 4, 6))]
        scanned = paper_archive.connection.execute(
            "SELECT id FROM articles AS a"
            " WHERE title LIKE :it OR subtitle LIKE :it OR body LIKE :it"
            " OR EXISTS (SELECT 1 FROM images WHERE article_id = a.id AND caption LIKE :it)",
            {"it": f"%{word}%"},
        )
        indexed = paper_archive.connection.execute(
            "SELECT rowid FROM pairs_not_words WHERE pairs_not_words MATCH search_for(?)", [word]
        )
        assert sorted(map(tuple, scanned)) == sorted(map(tuple, indexed)), word


SIGNS = article(
    4,
    "R&D 예산 3.5%↑…C++ 개발자 ‘품귀’",
    "입자는 12㎛(D50)다. “100% 국산”이라고 했다. 값은 5,000원/㎏~7,000원.\n\n"
    "A&D-B·C 사업, a_b 규격, C:\\data, 'x' \"인용\" <표1> [2] {3} #4 @5 $6 "
    "^7 `8` |9| ~10 *11 =12; 13!?",
)


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("R&D", True),
        ("r&d", True),
        ("&D", True),
        ("R&", True),
        ("R D", True),
        ("RD", False),
        ("3.5%", True),
        ("35%", False),
        ("5%↑", True),
        ("C++", True),
        ("C+++", False),
        ("㎛", True),
        ("%", True),
        ('"', False),
    ],
)
def test_signs_count(path: Path, words: str, is_found: bool) -> None:
    keep(path, SIGNS, article(5, "RND 35 C 12um", "R D"))
    if words == '"':
        with pytest.raises(SearchError):
            search.parse(words)
    else:
        assert (4 in found(path, words)) is is_found


_LITERAL = str.maketrans({sign: f"\\{sign}" for sign in "%_\\"})


def test_random_pieces_of_text_with_signs_are_found_exactly_where_like_finds_them(
    path: Path, paper_archive: Archive
) -> None:
    texts = [hit.body for hit in paper_archive.articles()][:120]
    keep(path, SIGNS, *(article(n, "제목", text) for n, text in enumerate(texts, 10)))
    dice = random.Random(11)
    pool = [*SIGNS.body.split("\n\n") * 20, *"\n\n".join(filter(None, texts)).split("\n\n")]
    tried = 0
    with open_archive(path) as archive:
        while tried < 1000:
            text = dice.choice(pool)
            start = dice.randrange(len(text))
            piece = text[start : start + dice.randrange(1, 9)]
            if piece != piece.strip() or "\n" in piece or not re.search(r"[^\w\s]", piece):
                continue
            tried += 1
            scanned = archive.connection.execute(
                "SELECT idx FROM article_text WHERE replace(replace(text, char(10, 10), '¶'),"
                " char(10), ' ') LIKE ? ESCAPE '\\'",
                [f"%{piece.translate(_LITERAL)}%"],
            )
            quoted = piece.replace('"', '""')
            hits = archive.articles(Filters(words=f'"{quoted}"'))
            assert [hit.idx for hit in hits] == sorted(idx for (idx,) in scanned), piece


def test_a_plain_word_after_match_is_an_error_or_has_a_name_that_warns(path: Path) -> None:
    keep(path, BERRY)
    with open_archive(path) as archive:
        names = [name for (name,) in archive.connection.execute("SELECT name FROM sqlite_master")]
        assert "article_search" not in names
        with pytest.raises(sqlite3.OperationalError, match="unable to use function MATCH"):
            archive.connection.execute("SELECT * FROM article_text WHERE text MATCH '수소경제'")
        found_by_like = archive.connection.execute(
            "SELECT idx FROM article_text WHERE text LIKE '%수소경제%'"
        )
        assert [idx for (idx,) in found_by_like] == [1]


def test_title_ranks_above_body(path: Path) -> None:
    keep(
        path,
        article(1, "오늘의 단신", "탄소섬유 수요가 늘었다. 업계는 증설한다."),
        article(2, "탄소섬유 증설", "업계는 수요가 늘었다고 본다. 내년에도 그렇다."),
    )
    with open_archive(path) as archive:
        hits = archive.articles(Filters(words="탄소섬유"), order=Order.RELEVANCE)
        assert [hit.idx for hit in hits] == [2, 1]


def test_an_edit_is_found_by_its_new_words_only(path: Path) -> None:
    keep(path, article(1, "옛 제목", "본문은 그대로"))
    keep(path, article(1, "새로운 머리기사", "본문은 그대로"))
    assert found(path, "옛") == set()
    assert found(path, "머리기사") == {1}
    assert found(path, "그대로") == {1}
    with open_archive(path) as archive:
        assert index_check.check(archive.connection) == []


def test_an_archive_from_before_the_index_is_indexed_when_it_is_opened(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    migrations.apply(connection, version=2)
    connection.execute(
        "INSERT INTO articles (id, site, idx, url, title, body, content_hash,"
        " first_fetched_at, last_fetched_at, parser_version)"
        " VALUES (5, 'amenews', 7, ?, '희토류', '네오디뮴', 'x', '2024-01-01', '2024-01-01', 1)",
        [permalink(7)],
    )
    connection.execute("INSERT INTO images VALUES (5, 1, 'http://amenews.kr/1.jpg', '광산 전경')")
    connection.close()
    Store.open(path).close()
    assert found(path, "오디") == found(path, "산 전") == {7}


def test_the_index_takes_about_the_room_of_the_text(paper_archive: Archive) -> None:
    (index,) = paper_archive.connection.execute(
        "SELECT sum(length(block)) FROM pairs_not_words_data"
    ).fetchone()
    (text,) = paper_archive.connection.execute(
        "SELECT sum(length(CAST(title || body AS BLOB))) FROM articles"
    ).fetchone()
    assert index < 1.2 * text


def test_a_whole_index_passes_the_check(paper_archive: Archive) -> None:
    assert index_check.check(paper_archive.connection) == []


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("INSERT INTO pairs_not_words (rowid, body) VALUES (99, '가나')", "no such article: id 99"),
        ("UPDATE articles SET body = '다른 글' WHERE id = 2", "different text: id 2"),
        (
            "UPDATE articles SET title = '철광재 값 올라' WHERE id = 2",
            "not where the texts have them: ",
        ),
        (
            "INSERT INTO pairs_not_words (pairs_not_words, rowid, body) VALUES ('delete', 1, '가')",
            "not in the search index: id 1",
        ),
        ("DROP TABLE pairs_not_words", "cannot be read"),
    ],
)
def test_the_check_names_what_is_wrong(path: Path, damage: str, complaint: str) -> None:
    keep(path, BERRY, STEEL)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(damage)
    assert complaint in " / ".join(index_check.check(connection))
    if "INTO pairs_not_words" in damage:
        search_index.rebuild(connection)
        assert index_check.check(connection) == []
    connection.close()


def test_a_snippet_shows_the_words_where_they_stand() -> None:
    query = search.parse("수소 탱크")
    text = "첫 문장은 아무 상관이 없다. " * 20 + "액화수소\n\n저장탱크를 늘린다. " + "끝. " * 99
    shown = search.snippet(query, ("", text), width=60)
    assert "액화[수소] 저장[탱크]를 늘린다." in shown.marked("[", "]")
    assert shown.text.startswith("…")
    assert shown.text.endswith("…")
    assert len(shown.text) <= 62


def test_a_snippet_shows_both_words_where_they_stand_near_to_one_another() -> None:
    query = search.parse("수소 탱크")
    text = "수소 " * 9 + "빈말 " * 100 + "수소를 " + "담는 " * 30 + "탱크 " + "빈말 " * 100
    shown = search.snippet(query, (text,), width=120)
    assert {shown.text[start:end] for start, end in shown.hits} == {"수소", "탱크"}
    assert len(shown.text) <= 122


def test_a_hit_is_shown_from_the_part_that_has_most_of_the_words(tmp_path: Path) -> None:
    path = keep(tmp_path / "a.db", article(1, "철강", "수소를 만든다.", subtitle="수소와 탱크"))
    with open_archive(path) as archive:
        (stored,) = archive.articles(Filters(words="수소 탱크"))
    assert hit(search.parse("수소 탱크"), stored).part is Part.SUBTITLE


def test_without_a_hit_the_snippet_is_the_beginning() -> None:
    shown = search.snippet(search.parse("수소"), ("", "철강재 값이 올랐다.", "그림"))
    assert shown == search.Snippet("철강재 값이 올랐다.", ())


def test_a_snippet_marks_phrases_and_either_case() -> None:
    shown = search.snippet(search.parse('"co2 배출" 출 R&D'), ("CO2\u3000배출 유출 r&d",))
    assert shown.marked("<", ">") == "<CO2 배출> 유<출> <r&d>"


def test_the_window_is_where_most_hits_are_in_a_time_that_grows_with_them() -> None:
    text = "수소 " + "빈말 " * 100 + "수소 수소 " + "빈말 " * 100
    assert search.snippet(search.parse("수소"), (text,)).text.count("수소") == 2

    def seconds(hits: int) -> float:
        start = process_time()
        search.snippet(search.parse("수"), ("수 " * hits,))
        return process_time() - start

    seconds(1000)
    assert seconds(80_000) < 16 * max(seconds(20_000), 0.001)


@pytest.mark.parametrize(
    "words", ["수소 -석유", '"탄소 섬유" OR cfrp a', '-"a ""b"" c" x', "“a b 3.5%", '"-5" "or"']
)
def test_a_query_is_written_as_it_is_understood(words: str) -> None:
    query = search.parse(words)
    assert search.parse(str(query)) == query
