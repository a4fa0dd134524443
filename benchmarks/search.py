"""Compare full-text indexes for Korean: recall, precision, speed and size against LIKE.

    python benchmarks/search.py --articles 100000

Made-up articles with the shape of trade news: words by Zipf's law, compounds,
particles stuck to their nouns, Latin and digits in between. Prints a table in
Markdown. Needs about 2 GB of disk and ten minutes at 100,000 articles.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from newscrawler.archive import search
from newscrawler.store import search_index

SEED = 20090701
PARTICLES = ["", "", "은", "는", "이", "가", "을", "를", "의", "에", "에서", "으로", "과", "도"]
LATIN = ["LG", "3D", "CO2", "SiC", "GaN", "OLED", "R&D", "ESS", "2차", "5G", "H2", "AI", "MOU"]
NOUNS = ["수소", "소재", "탄소", "섬유", "철강", "합금", "산업", "기술", "경제", "나노", "그린"]
COLUMNS = ("body", "title", "captions")

Row = tuple[str, str, str]


def articles(count: int) -> Iterator[Row]:
    """``count`` articles: body, title, captions."""
    dice = random.Random(SEED)
    syllables = [chr(dice.randrange(0xAC00, 0xD7A4)) for _ in range(900)]
    nouns = NOUNS + [
        "".join(dice.choices(syllables, k=dice.choice((2, 2, 2, 3, 3, 4)))) for _ in range(8000)
    ]
    compounds = ["".join(dice.choices(nouns[:2000], k=2)) for _ in range(8000)]
    words = [*nouns, *compounds]
    dice.shuffle(words)
    words = [*NOUNS, *LATIN, *words]
    cumulative = list(accumulate(1 / rank for rank in range(8, len(words) + 8)))

    def sentence(length: int) -> str:
        chosen = dice.choices(words, cum_weights=cumulative, k=length)
        return " ".join(map(str.__add__, chosen, dice.choices(PARTICLES, k=length)))

    for _ in range(count):
        paragraphs = dice.randrange(2, 12)
        body = "\n\n".join(f"{sentence(dice.randrange(15, 50))}다." for _ in range(paragraphs))
        yield body, sentence(7), sentence(6) if dice.random() < 0.7 else ""


def random_words(rows: Sequence[Row], count: int) -> list[str]:
    """Runs of 1 to 6 characters cut out of the texts: whole words, parts, rare and common."""
    dice = random.Random(SEED + 1)
    found: dict[str, None] = {}
    while len(found) < count:
        run = dice.choice(search_index.runs(dice.choice(rows)[dice.choice((0, 0, 1))]))
        length = dice.choice((1, 2, 2, 2, 3, 3, 4, 5, 6))
        if length <= len(run):
            start = dice.randrange(len(run) - length + 1)
            found[run[start : start + length]] = None
    return list(found)


@dataclass(frozen=True)
class Index:
    name: str
    options: str
    prepare: Callable[[str], str]
    """Text to what is inserted."""
    expression: Callable[[str], str]
    """A word to its query."""


INDEXES = [
    Index(
        "pairs of characters (ours)",
        "tokenize='ascii'",
        search_index.tokenized,
        lambda word: search.parse(word).expression,
    ),
    Index("trigram", "tokenize='trigram'", str, lambda word: f'"{word}"'),
    Index(
        "unicode61, prefix queries",
        "tokenize='unicode61 remove_diacritics 0', prefix='2 3'",
        str,
        lambda word: f'"{word}" *',
    ),
]


def build(index: Index, rows: Sequence[Row], path: Path) -> tuple[sqlite3.Connection, float]:
    """The index, grown as a crawl grows it, one article a transaction; seconds it took."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")  # the disk is not what is measured
    connection.execute(
        f"CREATE VIRTUAL TABLE found USING fts5 ({', '.join(COLUMNS)}, content='', {index.options})"
    )
    began = time.perf_counter()
    for key, row in enumerate(rows, 1):
        connection.execute(
            "INSERT INTO found (rowid, body, title, captions) VALUES (?, ?, ?, ?)",
            [key, *map(index.prepare, row)],
        )
    return connection, time.perf_counter() - began


def size(connection: sqlite3.Connection) -> int:
    """Bytes of pages in use."""
    pages, free, page = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * page)


def texts(rows: Sequence[Row], path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, title, body, captions)")
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO articles (body, title, captions) VALUES (?, ?, ?)", list(rows)
    )
    connection.execute("COMMIT")
    return connection


def by_like(connection: sqlite3.Connection, word: str) -> set[int]:
    return {
        key
        for (key,) in connection.execute(
            "SELECT id FROM articles WHERE title LIKE :it OR body LIKE :it OR captions LIKE :it",
            {"it": f"%{word}%"},
        )
    }


def by_index(connection: sqlite3.Connection, expression: str) -> set[int]:
    rows = connection.execute("SELECT rowid FROM found WHERE found MATCH ?", [expression])
    return {key for (key,) in rows}


def first_page(connection: sqlite3.Connection, expression: str) -> list[int]:
    rows = connection.execute(
        "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT 20", [expression]
    )
    return [key for (key,) in rows]


def timed(ask: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=1000, help="for recall and precision")
    parser.add_argument("--sample", type=int, default=3000, help="articles for these two")
    parser.add_argument("--timed", type=int, default=60, help="words that are timed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(compare(options, Path(folder))))


def compare(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    rows = list(articles(options.articles))
    sample = rows[: options.sample]
    words = random_words(sample, options.words)
    small = texts(sample, folder / "small.db")
    truth = {word: by_like(small, word) for word in words}
    large = texts(rows, folder / "large.db")
    text_bytes = size(large)
    timed_words = words[: options.timed]
    like = [timed(lambda word=word: by_like(large, word)) for word in timed_words]  # type: ignore[misc]
    characters = sum(len(title) + len(body) for body, title, _ in rows) / len(rows)
    yield (
        f"{len(rows):,} articles of {characters:.0f} characters ({text_bytes / 1e6:.0f} MB of"
        f" text), SQLite {sqlite3.sqlite_version}; recall and precision over {len(words):,} words"
        f" in {len(sample):,} articles; LIKE takes {statistics.median(like):,.0f} ms."
    )
    yield ""
    yield (
        "| index | recall | of 2 characters | precision | words found exactly"
        " | all hits, median ms | × LIKE, median (least) | × LIKE, 1 character"
        " | best 20, median ms | size / text | optimized | ms to add one |"
    )
    yield "|---" + "|---:" * 11 + "|"
    for number, index in enumerate(INDEXES):
        yield measure(index, number, rows, sample, truth, timed_words, like, text_bytes, folder)


def measure(
    index: Index,
    number: int,
    rows: Sequence[Row],
    sample: Sequence[Row],
    truth: dict[str, set[int]],
    timed_words: Sequence[str],
    like: Sequence[float],
    text_bytes: int,
    folder: Path,
) -> str:
    small, _ = build(index, sample, folder / f"small-{number}.db")
    found = {word: by_index(small, index.expression(word)) for word in truth}
    hits = sum(len(found[word] & truth[word]) for word in truth)
    recall = hits / sum(map(len, truth.values()))
    pairs = [word for word in truth if len(word) == 2]
    of_pairs = sum(len(found[word] & truth[word]) for word in pairs) / sum(
        len(truth[word]) for word in pairs
    )
    precision = hits / (sum(map(len, found.values())) or 1)
    whole = sum(found[word] == truth[word] for word in truth) / len(truth)

    large, seconds = build(index, rows, folder / f"large-{number}.db")
    grown = size(large)
    expressions = [index.expression(word) for word in timed_words]
    for expression in expressions:  # warm, as LIKE was
        by_index(large, expression)
    took = [timed(lambda e=e: by_index(large, e)) for e in expressions]  # type: ignore[misc]
    ranked = [timed(lambda e=e: first_page(large, e)) for e in expressions]  # type: ignore[misc]
    ratios = [slow / quick for slow, quick in zip(like, took, strict=True)]
    of_one = [r for r, word in zip(ratios, timed_words, strict=True) if len(word) == 1]
    large.execute("INSERT INTO found (found) VALUES ('optimize')")
    return (
        f"| {index.name} | {recall:.2%} | {of_pairs:.2%} | {precision:.2%} | {whole:.1%}"
        f" | {statistics.median(took):.1f} | {statistics.median(ratios):,.0f} ({min(ratios):,.0f})"
        f" | {statistics.median(of_one):,.0f}"
        f" | {statistics.median(ranked):.1f} | {grown / text_bytes:.0%}"
        f" | {size(large) / text_bytes:.0%} | {seconds / len(rows) * 1000:.2f} |"
    )


if __name__ == "__main__":
    main()
