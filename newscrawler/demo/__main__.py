"""``python -m newscrawler.demo``: the newspaper in its own process, until it receives a signal.

The first line on stdout is its base URL.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Callable
from datetime import UTC, datetime

from newscrawler.demo import plan
from newscrawler.demo.faults import Faults
from newscrawler.demo.newspaper import NEWEST, Newspaper
from newscrawler.demo.server import LocalServer

_EPILOG = """\
examples:
  python -m newscrawler.demo --port 8000 --size 100
  python -m newscrawler.demo --skin mixed --faults 0.3
"""


def _from(least: int, most: int) -> Callable[[str], int]:
    """The type of an option that takes a whole number."""

    def number(text: str) -> int:
        if not least <= (value := int(text)) <= most:
            raise argparse.ArgumentTypeError(f"must be from {least} to {most}, not {text}")
        return value

    return number


def _share(text: str) -> float:
    if not 0 <= (value := float(text)) <= 1:
        raise argparse.ArgumentTypeError(f"must be from 0 to 1, not {text}")
    return value


def _arguments() -> argparse.ArgumentParser:
    ask = argparse.ArgumentParser(
        prog="python -m newscrawler.demo",
        description="Serve a made-up newspaper on this machine until Ctrl-C or a signal.\n"
        "The first line on stdout is its base URL.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = ask.add_argument
    add("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    add("--port", type=_from(0, 65535), default=0, help="0, the default, chooses a free port")
    add("--seed", type=int, default=1, help="another number makes other articles (default: 1)")
    add("--size", type=_from(1, 1_000_000), default=300, help="how many numbers (default: 300)")
    add("--first-idx", type=_from(1, 2**40), default=1, help="the lowest number (default: 1)")
    add(
        "--skin",
        default="classic",
        choices=(*plan.SKINS, "mixed"),
        help="the form of its article pages (default: classic)",
    )
    add("--now", action="store_true", help="the newest article is of this minute")
    add(
        "--gap",
        default="mixed",
        choices=(*plan.MISSING, "mixed"),
        help="how it answers for a missing article (default: mixed)",
    )
    add("--gap-share", type=_share, default=0.11, help="share of gaps, 0 to 1 (default: 0.11)")
    add(
        "--boilerplate",
        type=_from(0, 100_000_000),
        default=8_000,
        help="bytes around an article (default: 8000)",
    )
    add("--faults", type=_share, default=0.0, help="share of faulty answers, 0 to 1 (default: 0)")
    add("--validators", action="store_true", help="send ETag and Last-Modified")
    add("--warm", action="store_true", help="render every page before listening")
    return ask


def main() -> None:
    ask = _arguments()
    args = ask.parse_args()
    newspaper = Newspaper(
        seed=args.seed,
        newest=datetime.now(UTC) if args.now else NEWEST,
        size=args.size,
        first_idx=args.first_idx,
        skin=args.skin,
        gap=args.gap,
        gap_share=args.gap_share,
        boilerplate=args.boilerplate,
    )
    faults = Faults(args.faults) if args.faults else None
    server = LocalServer(newspaper, faults=faults, validators=args.validators, keep_log=False)
    if args.warm:
        server.warm()
    try:
        asyncio.run(_until_told(server, args.host, args.port))
    except OSError as error:
        why = error.strerror or error
        ask.exit(2, f"newspaper: cannot listen on {args.host} port {args.port}: {why}\n")


async def _until_told(server: LocalServer, host: str, port: int) -> None:
    over = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, over.set)
    await server.start(host, port)
    print(server.base_url, flush=True)
    await over.wait()
    await server.stop()


if __name__ == "__main__":
    main()
