"""Gathers the texts that are translated, and keeps the catalogues up to date (``make messages``).

    messages.py            write the .po and .mo files anew; new texts come in untranslated
    messages.py --check    write nothing; name what is untranslated, stale or broken, and end with 1

Catalogues hold no places and no dates, so that they change only when a text does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from string import Formatter
from typing import BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from newscrawler.cli import translated
from newscrawler.humanize.language import ENGLISH, LANGUAGES
from newscrawler.store.descriptions import TABLES

PACKAGE = Path(__file__).resolve().parent.parent / "newscrawler"

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
# A template that cannot be read must not go by unseen.
OPTIONS = {"**/templates/**.html": {"silent": "false"}}
KEYWORDS = {"tr": None, "trn": (1, 2), "mark": None}

REASONS = PACKAGE / "pages"
REASON_KEYWORDS = {"Classification": (2,), "Rule": (1,)}
"""The ledger's reasons are written in English, and translated where they are shown."""

Text = tuple[str, ...]

_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def catalogue_path(language: str) -> Path:
    return PACKAGE / "humanize" / "locale" / language / "LC_MESSAGES" / "newscrawler.po"


def gathered() -> Catalog:
    """All texts of the package, without a translation."""
    found = Catalog(project="newscrawler", creation_date=_MOMENT, charset="utf-8")
    for _, _, message, _, _ in extract_from_dir(PACKAGE, METHODS, OPTIONS, keywords=KEYWORDS):
        found.add(message)
    for message in translated.texts():
        found.add(message)
    # Babel complains of reasons that quote the site; their heads are marked in archive/wording.py.
    with redirect_stderr(StringIO()):
        for _, _, message, _, _ in extract_from_dir(REASONS, METHODS, keywords=REASON_KEYWORDS):
            found.add(message)
    for table in TABLES.values():
        for message in (table.about, *table.columns.values()):
            found.add(message)
    return found


def updated(language: str) -> Catalog:
    """The catalogue of a language with exactly the texts of the package."""
    catalogue = Catalog(locale=language)
    if (path := catalogue_path(language)).exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    catalogue.update(gathered(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    catalogue.project, catalogue.version = "newscrawler", "1"
    catalogue.creation_date = catalogue.revision_date = _MOMENT
    catalogue.last_translator = catalogue.language_team = "newscrawler"
    catalogue.header_comment = "# Translations of newscrawler; `make messages` keeps them in order."
    return catalogue


def write(catalogue: Catalog, po: Path, mo: Path) -> None:
    po.parent.mkdir(parents=True, exist_ok=True)
    with po.open("wb") as out:
        write_po(out, catalogue, width=100, no_location=True, sort_output=True)
    with mo.open("wb") as out:
        write_mo(out, catalogue)


def held(read: Callable[[BinaryIO], Catalog], path: Path) -> dict[Text, Text]:
    """The texts of a file, by what they translate; none when there is no such file."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return texts_of(read(file))


def texts_of(catalogue: Catalog) -> dict[Text, Text]:
    """What is translated, by what it translates."""
    return {
        texts_in(message.id): texts_in(message.string)
        for message in catalogue
        if message.id and all(texts_in(message.string))
    }


def faults(catalogue: Catalog) -> Iterator[str]:
    """What is wrong with the translations, a line each."""
    for message in catalogue:
        if not message.id:
            continue
        texts = texts_in(message.id)
        told = texts_in(message.string)
        if not all(told):
            yield f"untranslated: {texts[0]!r}"
        elif any(_places(text) != _places(texts[-1]) for text in told):
            yield f"its places differ: {texts[0]!r}: {told[0]!r}"
        elif message.fuzzy:
            yield f"fuzzy: {texts[0]!r}"


def texts_in(part: str | Sequence[str] | None) -> Text:
    """One text, or one for each plural form."""
    return (part or "",) if part is None or isinstance(part, str) else tuple(part)


def _places(text: str) -> list[tuple[str, str]]:
    """The ``{places}`` of a text with their formats, in any order."""
    return sorted((name, spec or "") for _, name, spec, _ in Formatter().parse(text) if name)


def main(arguments: list[str]) -> int:
    troubles: list[str] = []
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        catalogue, po = updated(language), catalogue_path(language)
        mo = po.with_suffix(".mo")
        if "--check" not in arguments:
            write(catalogue, po, mo)
        elif not held(read_po, po) == held(read_mo, mo) == texts_of(catalogue):
            troubles.append(f"{po.name} or {mo.name} is stale: make messages")
        troubles += faults(catalogue)
    print("\n".join(troubles), end="\n" if troubles else "")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
