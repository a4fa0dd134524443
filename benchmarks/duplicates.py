"""Find the near-duplicates of a local newspaper, which knows the truth: recall, precision, time.

    python benchmarks/duplicates.py --numbers 112000

Prints a row of a Markdown table. At 112,000 numbers (100,000 articles) it needs
about 2 GB of disk and five minutes, most of them for filling the archive.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from newscrawler import clock
from newscrawler.archive import near_duplicates
from newscrawler.demo.newspaper import Newspaper
from newscrawler.items import Answer, Capture, Reading, Verdict
from newscrawler.store.answers import KeepCaptures
from newscrawler.store.schedule import Schedule
from newscrawler.store.store import Store

FEW = 200
"""Characters of a body that is a line or two under a picture."""


def fill(store: Store, paper: Newspaper) -> None:
    """Store every article of the paper as a crawl does."""
    now = clock.now()
    store.connection.execute("PRAGMA synchronous = OFF")  # the disk is not what is measured
    for truth in paper.truths():
        if truth.article is None:
            continue
        reading = Reading(Verdict.ARTICLE, "an article", truth.skin, truth.article)
        capture = Capture("amenews", truth.idx, truth.article.url, now, 200, (), b"")
        answer = Answer("amenews", truth.idx, now, capture, reading)
        answer.change = store.compare(answer)
        store.save(answer, Schedule(), parser_version=1, keep=KeepCaptures.NONE)


def row(store: Store, paper: Newspaper) -> str:
    began = time.perf_counter()
    found = near_duplicates.find(store, clock.now())
    first = time.perf_counter() - began
    store.connection.execute(
        "DELETE FROM near_duplicates WHERE article_id IN"
        " (SELECT article_id FROM sketches ORDER BY article_id DESC LIMIT 100)"
    )
    store.connection.execute(
        "DELETE FROM sketches WHERE article_id IN"
        " (SELECT article_id FROM sketches ORDER BY article_id DESC LIMIT 100)"
    )
    began = time.perf_counter()
    near_duplicates.find(store, clock.now())
    again = time.perf_counter() - began

    stories: dict[int, int] = {}
    wanted, of_length = set(), set()
    for truth in paper.truths():
        origin = truth.near_duplicate_of or truth.duplicate_of
        stories[truth.idx] = stories.get(origin, origin) if origin else truth.idx
        if truth.near_duplicate_of and truth.article:
            wanted.add(truth.idx)
            if len(truth.article.body) > FEW:
                of_length.add(truth.idx)
    pairs = {
        (pair.idx, pair.earlier_idx)
        for pair in near_duplicates.pairs(store.connection, near_duplicates.THRESHOLD, None)
        if pair.kind == "near"
    }
    # A piece that resembles an exact reprint is paired with the original of that one.
    found_again = {later for later, _ in pairs}
    right = {pair for pair in pairs if stories[pair[0]] == stories[pair[1]]}
    korean = {pair for pair in pairs if "english" not in paper.truth(pair[0]).habits}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"| {found.compared:,} | {len(wanted)} | {len(wanted & found_again) / len(wanted):.1%}"
        f" | {len(of_length & found_again) / len(of_length):.1%} | {len(right) / len(pairs):.1%}"
        f" | {len(right & korean) / len(korean):.1%}"
        f" | {first:.0f} | {again:.1f} | {memory:.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--numbers", type=int, default=112_000)
    options = parser.parse_args()
    paper = Newspaper(size=options.numbers)
    print(
        "| articles compared | near-duplicates | recall | of those longer than a line or two"
        " | precision | of Korean ones | s, all at once | s, 100 new ones | MB |"
    )
    print("|" + "---:|" * 9)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "a.db") as store:
        fill(store, paper)
        print(row(store, paper))


if __name__ == "__main__":
    main()
