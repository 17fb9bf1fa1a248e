"""Prints what `kill -9` costs a crawl: it is killed at random moments and begun again until it is done.

    python tests/benchmarks/kills.py [--pages N] [--kills N] [--hosts N] [--delay SECONDS] [--seed N]

Without ``--delay`` the crawl is as polite as it is by default, which is what an operator has to expect;
``--delay 0`` lets it run as fast as the machine can.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from labelled import table
from newsweb import NewsWeb

POLL_SECONDS = 0.01
PATIENCE = 120.0
#: Seconds without a single page after which something is wrong.

CRAWL = """
import sys
from pathlib import Path
from crawler.run import crawl
database, sources, delay = sys.argv[1:]
settings = {"WARTA_ALLOW_PRIVATE": True}
if delay:
    settings |= {"DOWNLOAD_DELAY": float(delay), "AUTOTHROTTLE_ENABLED": float(delay) > 0}
report = crawl((), database, directories=[Path(sources)], settings=settings)
sys.exit(report.reason != "finished")
"""


def start(directory: Path, delay: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", CRAWL, str(directory / "news.db"), str(directory / "sources"), delay]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2])


def kill_at(web: NewsWeb, crawl: subprocess.Popen[bytes], served: int) -> bool:
    """Kill a crawl when so many articles were served; whether it was still there to be killed."""
    seen, since = -1, time.monotonic()
    while (now := web.counts()["articles"]) < served:
        if crawl.poll() is not None:
            return False
        if now > seen:
            seen, since = now, time.monotonic()
        if time.monotonic() - since > PATIENCE:
            raise SystemExit("the crawl stands still")
        time.sleep(POLL_SECONDS)
    os.kill(crawl.pid, signal.SIGKILL)
    crawl.wait()
    return True


def again_of(web: NewsWeb) -> str:
    return f"{web.counts()['again']} of them again"


def tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def stored(database: Path) -> tuple[int, int, str]:
    """Articles, different addresses among them, and SQLite's word on the file."""
    db = sqlite3.connect(database)
    try:
        articles, addresses = db.execute("SELECT count(*), count(DISTINCT url) FROM articles").fetchone()
        [(integrity,)] = db.execute("PRAGMA integrity_check").fetchall()
        return articles, addresses, integrity
    finally:
        db.close()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=2_000, metavar="N")
    parser.add_argument("--kills", type=int, default=20, metavar="N")
    parser.add_argument("--hosts", type=int, default=8, metavar="N")
    parser.add_argument("--delay", default="", metavar="SECONDS", help="between requests to a host")
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    options = parser.parse_args(arguments)
    moments = sorted(random.Random(options.seed).sample(range(1, options.pages), options.kills))
    killed = 0
    with tempfile.TemporaryDirectory() as place, NewsWeb(options.hosts, options.pages) as web:
        directory = Path(place)
        web.write_sources(directory / "sources")
        begun = time.perf_counter()
        for number, moment in enumerate(moments, 1):
            killed += kill_at(web, start(directory, options.delay), moment + web.counts()["again"])
            tell(f"kill {number} of {len(moments)}: {web.counts()['articles']} pages served, {again_of(web)}")
        tell("the last crawl goes on to its end")
        code = start(directory, options.delay).wait()
        seconds = time.perf_counter() - begun
        counts = web.counts()
        articles, addresses, integrity = stored(directory / "news.db")
    again = counts["again"]
    rows = [
        [
            *map(str, (options.pages, killed, articles, addresses, integrity, code)),
            f"{again} ({again / options.pages:.1%})",
            f"{seconds:.0f}",
        ]
    ]
    print("\n## Kills\n")
    print(
        table(
            ["pages", "kills", "stored", "addresses", "integrity", "exit", "fetched again", "seconds"], rows
        )
    )
    return int(articles != options.pages or addresses != articles or integrity != "ok")


if __name__ == "__main__":
    raise SystemExit(main())
