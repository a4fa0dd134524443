"""``python -m newscrawler.demo``: the newspaper in its own process, until it receives a signal.

The first line on stdout is its base URL.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from datetime import UTC, datetime

from newscrawler.demo import plan
from newscrawler.demo.faults import Faults
from newscrawler.demo.newspaper import NEWEST, Newspaper
from newscrawler.demo.server import LocalServer


def main() -> None:
    ask = argparse.ArgumentParser(prog="python -m newscrawler.demo", description=__doc__)
    ask.add_argument("--host", default="127.0.0.1")
    ask.add_argument("--port", type=int, default=0, help="0 takes a free one")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--size", type=int, default=300, help="numbers given out")
    ask.add_argument("--first-idx", type=int, default=1)
    ask.add_argument(
        "--skin", default="classic", help="classic, classic_variant, article_head, mixed"
    )
    ask.add_argument("--now", action="store_true", help="the newest article is of this minute")
    ask.add_argument("--gap", default="mixed", choices=(*plan.MISSING, "mixed"))
    ask.add_argument("--gap-share", type=float, default=0.11)
    ask.add_argument("--boilerplate", type=int, default=8_000, help="bytes around an article")
    ask.add_argument("--faults", type=float, default=0.0, help="share of faulty answers")
    ask.add_argument("--validators", action="store_true", help="send ETag and Last-Modified")
    ask.add_argument("--warm", action="store_true", help="render every page before listening")
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
    asyncio.run(_until_told(server, args.host, args.port))


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
