"""Recognises one text that a site serves for many numbers, each time as the number's own article.

A broken cache or template may show one article, or a few in turn, under every address, with the
right number in the page. Each copy alone looks like a reprint, and papers do print a text twice.
Articles that consist of pictures (weekly price tables, photo notices) may share title and text for
years: the pictures tell them from copies.
"""

from __future__ import annotations

from collections import Counter, deque

from newscrawler.items import Article

WINDOW = 50
"""So many answers with an article are remembered: several texts may come in turn."""
COPIES = 10
"""So many numbers among them with one text are no reprints: a paper prints a text two or three
times."""


class RepeatedText:
    """The texts of the latest articles."""

    def __init__(self) -> None:
        self._latest: deque[tuple[int, str]] = deque(maxlen=WINDOW)
        self._repeated: set[str] = set()
        self.copies: set[int] = set()
        """The numbers whose articles were accepted before their text was recognised."""

    def is_copy(self, idx: int, article: Article) -> bool:
        """Note an article; whether too many other numbers have its text."""
        text = " ".join((article.content_hash, *(image.url for image in article.images)))
        if text in self._repeated:
            return True
        if (idx, text) not in self._latest:
            self._latest.append((idx, text))
        if Counter(known for _, known in self._latest)[text] < COPIES:
            return False
        self._repeated.add(text)
        self.copies.update(other for other, known in self._latest if known == text and other != idx)
        return True
