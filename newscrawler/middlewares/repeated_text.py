"""Recognises one text that a site serves for many numbers, each time as the number's own article.

A broken cache or template may show one article, or a few in turn, under every address, with the
right number in the page. Each copy alone looks like a reprint, and papers do print a text twice.
Articles that consist of pictures (weekly price tables, photo notices) may share title and text for
years: the pictures tell them from copies.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable

from newscrawler.items import Article

WINDOW = 50
"""So many answers with an article are remembered: several texts may come in turn."""
COPIES = 10
"""So many numbers among them with one text are no reprints: a paper prints a text two or three
times."""


Shown = tuple[int, str, tuple[str, ...]]
"""An article's number, the hash of its text, and the addresses of its pictures."""


class RepeatedText:
    """The texts of the latest articles.

    Args:
        stored: the articles that earlier runs have stored last, oldest first: a run that was killed
            may have stored some copies.
    """

    def __init__(self, stored: Iterable[Shown] = ()) -> None:
        self._latest: deque[tuple[int, str]] = deque()
        self._counts: Counter[str] = Counter()
        """How many of them have a text."""
        self._repeated: set[str] = set()
        self.copies: set[int] = set()
        """The numbers whose articles were accepted before their text was recognised."""
        for idx, text, pictures in stored:
            self._remember(idx, _key(text, pictures))

    def is_copy(self, idx: int, article: Article) -> bool:
        """Note an article; whether too many other numbers have its text."""
        text = _key(article.content_hash, (image.url for image in article.images))
        if text in self._repeated:
            return True
        if (idx, text) not in self._latest:
            self._remember(idx, text)
        if self._counts[text] < COPIES:
            return False
        self._repeated.add(text)
        self.copies.update(other for other, known in self._latest if known == text and other != idx)
        return True

    def _remember(self, idx: int, text: str) -> None:
        self._latest.append((idx, text))
        self._counts[text] += 1
        if len(self._latest) > WINDOW:
            _, oldest = self._latest.popleft()
            self._counts[oldest] -= 1
            if not self._counts[oldest]:
                del self._counts[oldest]


def _key(content_hash: str, pictures: Iterable[str]) -> str:
    return " ".join((content_hash, *pictures))
