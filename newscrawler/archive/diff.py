"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class Edit(StrEnum):
    KEPT = "kept"
    ADDED = "added"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Span:
    edit: Edit
    text: str


def words(text: str) -> list[str]:
    """Words, blanks and line breaks, each a piece; joined they are the text again."""
    return re.findall(r"\n+|[^\S\n]+|[^\s]+", text)


def compare(old: str, new: str) -> Iterator[Span]:
    """The way from ``old`` to ``new`` as spans; the kept and added ones spell ``new``.

    >>> [(span.edit.value, span.text) for span in compare("수소 3톤", "수소 5톤")]
    [('kept', '수소 '), ('taken', '3톤'), ('added', '5톤')]
    """
    before, after = words(old), words(new)
    # Blanks match everywhere; only words may anchor the alignment.
    matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield Span(Edit.KEPT, "".join(before[i1:i2]))
            continue
        if i2 > i1:
            yield Span(Edit.TAKEN, "".join(before[i1:i2]))
        if j2 > j1:
            yield Span(Edit.ADDED, "".join(after[j1:j2]))
