"""What the body of an article consists of, in reading order: paragraphs and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element as Element


@dataclass(slots=True, eq=False)
class Group:
    """An element that the editor made for a picture and its caption."""

    element: Element
    unclosed: bool = False
    """Its end tag is missing, so that it swallowed what follows."""


@dataclass(slots=True, eq=False)
class Paragraph:
    lines: list[str]
    block: Element
    """The innermost block element in which it stands."""
    group: Group | None = None
    apart: bool = True
    """Whether a blank line stands before it."""


@dataclass(slots=True, eq=False)
class Picture:
    source: str
    """The address as the page writes it."""
    block: Element
    group: Group | None = None


@dataclass(slots=True)
class Flow:
    blocks: list[Paragraph | Picture] = field(default_factory=list)
    ended: bool = False
    """Whether the furniture below the article was met inside the body."""
    embeds: bool = False
    """Whether the body shows a video or another frame."""
    login: bool = False
    """Whether the body links to the login page."""
    subtitles: list[str] = field(default_factory=list)
    """Lines above the text that say that they are subtitles."""
    count: str | None = None
    """The bare count of recommendations below the text, as printed."""
    dropped: list[str] = field(default_factory=list)
    """Texts of boxes that were left out for their names, and of what stands beside the body."""
