"""The language of texts for people: English, or one with a gettext catalogue.

English is in the code and is the key (msgid). What scripts read (JSON, CSV, names of columns,
states and options) is not translated.

Catalogues are ``locale/LANGUAGE/LC_MESSAGES/newscrawler.po``; ``make messages`` collects the texts
to translate and writes the ``.mo`` files that the program reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from typing import Any

ENGLISH, KOREAN = "en", "ko"
LANGUAGES = (ENGLISH, KOREAN)

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def tr(message: str, /, **values: Any) -> str:
    """``message`` in the current language, with its ``{places}`` filled in.

    >>> with speaking(KOREAN):
    ...     tr("No gaps.")
    '빠진 번호가 없습니다.'
    """
    told = _catalogue(_spoken.get()).gettext(message) if message else ""
    return told.format(**values) if values else told


def trn(one: str, many: str, count: int, /, **values: Any) -> str:
    """The same for ``{count}`` things: ``one`` if the count is 1, else ``many``.

    >>> trn("{count:,} number", "{count:,} numbers", 1)
    '1 number'
    """
    told = _catalogue(_spoken.get()).ngettext(one, many, count)
    return told.format(count=count, **values)


def mark(message: str) -> str:
    """``message`` unchanged: marks a text that is translated later, where it is shown."""
    return message


def spoken() -> str:
    """The current language, as a value of HTML's ``lang``."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use one of :data:`LANGUAGES` in the block."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def preferred(environment: Mapping[str, str]) -> str:
    """The language set in an environment, by gettext's rules; English if there is no catalogue.

    >>> preferred({"LANG": "ko_KR.UTF-8"}), preferred({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"})
    ('ko', 'en')
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next(filter(None, map(environment.get, names)), "C")
    if locale.partition(".")[0] in ("C", "POSIX"):
        return ENGLISH
    wishes = [*environment.get("LANGUAGE", "").split(":"), locale]
    languages = (wish.replace(".", "_").partition("_")[0] for wish in wishes)
    return next((language for language in languages if language in LANGUAGES), ENGLISH)


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    from importlib import resources  # loads slowly: not for English

    place = f"locale/{language}/LC_MESSAGES/newscrawler.mo"
    with resources.files("newscrawler.humanize").joinpath(place).open("rb") as file:
        return GNUTranslations(file)
