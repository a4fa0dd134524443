"""The blocks of an article's body, in reading order: paragraphs and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element as Element


@dataclass(slots=True, eq=False)
class Group:
    """An element of the editor for a picture and its caption."""

    element: Element
    unclosed: bool = False
    """Its end tag is missing, so that it contains what follows."""


@dataclass(slots=True, eq=False)
class Paragraph:
    lines: list[str]
    block: Element
    """The innermost block element around it."""
    group: Group | None = None
    apart: bool = True
    """Whether a blank line is before it."""


@dataclass(slots=True, eq=False)
class Picture:
    source: str
    """The address, as written in the page."""
    block: Element
    group: Group | None = None


@dataclass(slots=True)
class Flow:
    blocks: list[Paragraph | Picture] = field(default_factory=list)
    ended: bool = False
    """Whether boilerplate from below the article was found inside the body."""
    embeds: bool = False
    """Whether the body shows a video or another frame."""
    login: bool = False
    """Whether the body links to the login page."""
    subtitles: list[str] = field(default_factory=list)
    """Lines above the text that are marked as subtitles."""
    titles: set[str] = field(default_factory=set)
    """The texts of the links to articles of the family."""
    count: str | None = None
    """The recommend count as a bare number below the text."""
    dropped: list[str] = field(default_factory=list)
    """Texts of boxes that were excluded by name, and of elements next to the body."""

    def texts(self) -> str:
        """All lines so far."""
        paragraphs = (block for block in self.blocks if isinstance(block, Paragraph))
        return "\n".join(line for paragraph in paragraphs for line in paragraph.lines)
