"""Reproducible random choices: the same seed gives the same choices on every Python version."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Random choices that depend only on the key.

    Everything is built on ``random.Random.random``, the one method whose
    sequence Python promises to keep from version to version.
    """

    def __init__(self, *key: object) -> None:
        self.random = random.Random(":".join(map(str, key))).random

    def below(self, n: int) -> int:
        """A whole number from 0 to ``n - 1``."""
        return int(self.random() * n)

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + int(self.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        return self.random() < share

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self.random() * len(choices))]

    def some(self, choices: Sequence[T], n: int) -> list[T]:
        """``n`` different choices (all, if there are fewer), in random order."""
        deck = list(choices)
        n = min(n, len(deck))
        for i in range(n):
            j = i + int(self.random() * (len(deck) - i))
            deck[i], deck[j] = deck[j], deck[i]
        return deck[:n]

    def shuffled(self, choices: Sequence[T]) -> list[T]:
        deck = list(choices)
        for i in range(len(deck) - 1, 0, -1):
            j = int(self.random() * (i + 1))
            deck[i], deck[j] = deck[j], deck[i]
        return deck

    def letters(self, n: int, alphabet: str = "0123456789abcdef") -> str:
        return "".join(self.pick(alphabet) for _ in range(n))
