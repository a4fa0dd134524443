"""Archives with changed bytes, and the results of the reading commands on them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

PAGE = 8192
"""Bytes of a page of the database."""

NOWHERE = "http://127.0.0.1:9"
"""No server listens there."""

COMMANDS = (
    ("status", "--json"),
    ("gaps", "--json"),
    ("search", "--json", "수소", "OR", "가"),
    ("show", "7", "--json"),
    ("diff", "7"),
    ("export", "csv", "--output", "-"),
    ("export", "jsonl", "--output", "-"),
    ("export", "parquet", "--output", "{out}"),
    ("export", "warc", "--output", "-"),
    ("report", "--output", "{out}"),
    *(("export", form, "--output", "-") for form in ("bibtex", "ris", "csl-json")),
    ("export", "xlsx", "--output", "{out}"),
    ("trend", "수소", "--by", "year", "--json"),
    ("words", "수소", "--json"),
    ("read", "7", "--json"),
    ("sql", "SELECT * FROM articles ORDER BY id", "--json"),
    ("sql", "SELECT * FROM article_list ORDER BY 1", "--json"),
    ("duplicates", "--json"),
    ("reparse", "--dry-run", "--all", "--jobs", "1", "--json"),
    ("doctor", "--base-url", NOWHERE, "-s", "RETRY_TIMES=0", "--json"),
    ("serve", "--port", "0"),
    # Last, since they change the archive.
    ("reparse", "--all", "--jobs", "1", "--json"),
    ("reparse", "--index", "--json"),
)
"""Every command that opens an archive but ``crawl``, which needs a site."""

CHANGING = ("doctor", "serve")
"""Commands with an output that differs from run to run; it is not compared."""

PAGES = (
    *("/", "/{db}", "/{db}/articles", "/{db}/article_list", "/{db}/ledger", "/{db}/runs"),
    *("/{db}/captures", "/{db}/revisions", "/{db}/images.json", "/{db}/article_list/1"),
    "/{db}/article_list?_search=%EC%88%98%EC%86%8C",
    "/{db}/per_year?words=%EC%88%98%EC%86%8C",
    "/{db}/-/article/-/8",
    "/{db}/-/search?words=%EC%88%98%EC%86%8C&order=newest",
    "/{db}/-/trend?words=%EC%88%98%EC%86%8C",
    "/{db}/-/words?words=%EC%88%98%EC%86%8C",
    "/{db}/-/cite/bibtex?words=%EC%88%98%EC%86%8C",
)
"""Addresses of the browser view, each of another kind."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ended."""

    exit_code: int
    output: bytes
    is_traceback: bool


Run = Callable[[Sequence[str]], Ending]
"""Runs ``newscrawler`` with arguments."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One damaged archive."""

    number: int
    found: bool
    """Whether ``verify`` says that something is wrong."""
    harmless: bool
    """Whether every command says what it says of the sound archive."""
    tracebacks: tuple[str, ...]
    """The commands that ended in one."""
    differing: tuple[str, ...]
    """The commands that said something else."""


def flipped(data: bytes, dice: random.Random) -> bytes:
    """The file with one to eight bytes of one random page changed; SQLite's header stays."""
    changed = bytearray(data)
    start = dice.randrange(len(data) // PAGE) * PAGE
    for _ in range(dice.randint(1, 8)):
        place = start + dice.randrange(PAGE)
        if place >= 100:
            changed[place] ^= dice.randrange(1, 256)
    return bytes(changed)


def trials(
    sound: Path,
    folder: Path,
    count: int,
    seed: int,
    run: Run,
    commands: Sequence[Sequence[str]] = COMMANDS,
) -> Iterator[Trial]:
    """Damage copies of an archive, one after the other, and run every command on each.

    Args:
        sound: a whole archive that nobody writes.
        folder: for the copies and what is exported of them.
    """
    dice = random.Random(seed)
    data = sound.read_bytes()
    expected = dict(_outputs(sound, folder, run, commands))
    for number in range(count):
        copy = folder / f"damaged-{number}.db"
        copy.write_bytes(flipped(data, dice))
        verified = run(["verify", "--db", str(copy)])
        endings = dict(_outputs(copy, folder, run, commands))
        endings["verify"] = verified
        yield Trial(
            number,
            verified.exit_code != 0,
            all(endings[name].output == ending.output for name, ending in expected.items()),
            tuple(name for name, ending in endings.items() if ending.is_traceback),
            tuple(n for n, ending in expected.items() if endings[n].output != ending.output),
        )
        copy.unlink()


def _outputs(
    db: Path, folder: Path, run: Run, commands: Sequence[Sequence[str]]
) -> Iterator[tuple[str, Ending]]:
    for command in commands:
        out = folder / "out"
        out.unlink(missing_ok=True)
        ending = run([part.format(out=out) for part in (*command, "--db", str(db))])
        if "warc" in command:
            # What comes first is the file's own record, with the time of the export.
            ending = replace(ending, output=b"WARC/1.1".join(ending.output.split(b"WARC/1.1")[2:]))
        if command[0] in CHANGING:
            ending = replace(ending, output=b"")
        yield " ".join(command[:2]), ending
