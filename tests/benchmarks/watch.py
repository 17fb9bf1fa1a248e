"""Prints how `warta watch` fares on outlets that publish every minute, and how it ends.

    python tests/benchmarks/watch.py [--minutes N] [--hosts N] [--every SECONDS] [--kills N] [--pace-min N]

With ``--kills`` the watch and the crawl that it has begun are killed in turn with SIGKILL, at random moments,
and the watch is started again; without, it is let be and its memory and open files are sampled. At the end it
is told to stop with SIGTERM while a crawl goes on. *Missed* is a story that was out before the last crawl
began that read its outlet's lists, and that is neither stored nor waits; *lost* is one whose page was sent
and is not stored when all has ended (nor waits, where there were kills). Reads /proc: for Linux.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median

from labelled import table
from newsweb import NewsWeb

SAMPLE_SECONDS = 1.0
BEFORE_SECONDS = 1800.0
#: So long the outlets have published when the watch begins: it does not meet them empty.

LAST_CRAWL_SECONDS = 120.0
#: How long to wait for a crawl to interrupt at the end.


@dataclass(slots=True)
class Sample:
    """What the processes held at a moment."""

    seconds: float
    watch: int
    crawl: int
    #: Resident bytes of the watch, and of its crawl with its readers together.

    watch_files: int
    crawl_files: int


@dataclass(slots=True)
class Ran:
    """A watch over its time."""

    samples: list[Sample] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    stopped_after: float = 0.0
    code: int | None = None
    left: int = 0
    #: Processes that were still there when the watch had ended.

    during_crawl: bool = False


def start(directory: Path, pace_min: float, log: Path) -> subprocess.Popen[bytes]:
    warta = Path(sys.executable).with_name("warta")
    command = [str(warta), "watch", "--db", str(directory / "news.db")]
    command += ["--sources", str(directory / "sources"), "--pace-min", str(pace_min)]
    with log.open("ab") as told:
        return subprocess.Popen(command, cwd=Path(__file__).parents[2], stderr=told)


def below(pid: int) -> list[int]:
    """The processes that one has started, and those that these have."""
    try:
        own = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return own + [each for child in own for each in below(child)]


def resident(pid: int) -> int:
    """Bytes in memory; 0 where the process has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def open_files(pid: int) -> int:
    with contextlib.suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/fd"))
    return 0


def sample(pid: int, begun: float) -> Sample:
    crawl = below(pid)
    return Sample(
        time.monotonic() - begun,
        *(resident(pid), sum(map(resident, crawl)), open_files(pid), sum(map(open_files, crawl))),
    )


def run(directory: Path, seconds: float, pace_min: float, kills: int, chance: random.Random) -> Ran:
    """Watch for so long, with so many kills, and stop it while it crawls."""
    ran = Ran()
    moments = sorted(chance.uniform(30, seconds) for _ in range(kills))
    begun = time.monotonic()
    watch = start(directory, pace_min, directory / "told.txt")
    try:
        while time.monotonic() - begun < seconds:
            time.sleep(SAMPLE_SECONDS)
            if watch.poll() is not None:
                raise SystemExit(f"the watch ended with code {watch.returncode}")
            ran.samples.append(sample(watch.pid, begun))
            if moments and time.monotonic() - begun >= moments[0]:
                crawl = below(watch.pid)[:1]
                wants_crawl = len(ran.killed) % 2 == 0
                if wants_crawl and not crawl:
                    continue  # at the next one that begins
                moments.pop(0)
                time.sleep(chance.uniform(0, 3))  # also in the middle of what a crawl does
                os.kill(crawl[0] if wants_crawl else watch.pid, signal.SIGKILL)
                ran.killed.append("crawl" if wants_crawl else "watch")
                if not wants_crawl:
                    watch.wait()
                    watch = start(directory, pace_min, directory / "told.txt")
        stop(watch, ran)
    finally:
        watch.kill()
        watch.wait()
    return ran


def stop(watch: subprocess.Popen[bytes], ran: Ran) -> None:
    """Tell it to stop, where possible while a crawl fetches."""
    end = time.monotonic() + LAST_CRAWL_SECONDS
    while not below(watch.pid) and time.monotonic() < end:
        time.sleep(0.2)
    time.sleep(2.5)
    family = below(watch.pid)
    ran.during_crawl = bool(family)
    told = time.monotonic()
    watch.send_signal(signal.SIGTERM)
    ran.code = watch.wait(60)
    ran.stopped_after = time.monotonic() - told
    ran.left = sum(Path(f"/proc/{pid}").exists() for pid in family)


@dataclass(slots=True, frozen=True)
class Kept:
    """What the database holds in the end."""

    articles: int
    stored: dict[str, float]
    #: When each was stored, by URL; seconds since 1970.

    waiting: set[str]
    polled: dict[str, float]
    #: When the last crawl began that read all lists of an outlet.

    runs: int
    integrity: str


def read(database: Path) -> Kept:
    db = sqlite3.connect(database)
    try:
        rows = db.execute("SELECT url, first_seen FROM articles").fetchall()
        waiting = {url for (url,) in db.execute("SELECT url FROM frontier WHERE state = 'pending'")}
        polled = db.execute(
            """
            SELECT source, (SELECT max(started_at) FROM runs WHERE started_at <= min(checked_at))
            FROM lists GROUP BY source
            """
        ).fetchall()
        [(runs,)] = db.execute("SELECT count(*) FROM runs").fetchall()
        [(integrity,)] = db.execute("PRAGMA integrity_check").fetchall()
    finally:
        db.close()
    stored = {url: datetime.fromisoformat(moment).timestamp() for url, moment in rows}
    asked = {source: datetime.fromisoformat(moment).timestamp() for source, moment in polled}
    return Kept(len(rows), stored, waiting, asked, runs, integrity)


def missed(web: NewsWeb, kept: Kept) -> list[str]:
    """Stories that were out when their outlet was asked for the last time and that are nowhere."""
    lost = []
    for number, (url, moment) in enumerate(web.published(time.time()).items()):
        out_then = moment < kept.polled.get(f"host-{number % web.hosts}", 0.0)
        if out_then and url not in kept.stored and url not in kept.waiting:
            lost.append(url)
    return lost


def rank(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)] if ordered else 0.0


def curves(samples: Sequence[Sample], minutes: float) -> Iterator[list[str]]:
    """Medians and peaks of each sixth of the time."""
    length = minutes * 60 / 6
    for part in range(6):
        own = [each for each in samples if part * length <= each.seconds < (part + 1) * length]
        crawls = [each for each in own if each.crawl]
        if own:
            yield [
                f"{part * length / 60:.0f}-{(part + 1) * length / 60:.0f}",
                f"{median(each.watch for each in own) / 1e6:.1f}",
                f"{max(each.watch for each in own) / 1e6:.1f}",
                f"{max(each.watch_files for each in own)}",
                f"{max((each.crawl for each in crawls), default=0) / 1e6:.0f}",
                f"{max((each.crawl_files for each in crawls), default=0)}",
            ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=30.0, metavar="N")
    parser.add_argument("--hosts", type=int, default=6, metavar="N")
    parser.add_argument("--every", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--pace-min", type=float, default=2.0, metavar="N", help="minutes between two polls")
    parser.add_argument("--kills", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    options = parser.parse_args(arguments)
    seconds = options.minutes * 60
    pages = int((BEFORE_SECONDS + seconds + 600) / options.every + 2) * options.hosts
    with (
        tempfile.TemporaryDirectory() as place,
        NewsWeb(options.hosts, pages, every=options.every, before=BEFORE_SECONDS) as web,
    ):
        directory = Path(place)
        begun = time.time()
        web.write_sources(directory / "sources")
        ran = run(directory, seconds, options.pace_min, options.kills, random.Random(options.seed))
        out = web.published(time.time())
        sent = web.sent()
        counts, kept = web.counts(), read(directory / "news.db")
        gone = missed(web, kept)
        told = (directory / "told.txt").read_text("utf-8").splitlines()
    ages = sorted(
        kept.stored[url] - moment for url, moment in out.items() if moment > begun and url in kept.stored
    )
    lost = len(sent - kept.stored.keys() - (kept.waiting if ran.killed else set()))
    twice = kept.articles - len(kept.stored)
    print(f"\n## The watch: {options.minutes:g} minutes, {options.hosts} outlets, kills: {ran.killed}\n")
    print(
        table(
            "published stored waiting missed twice lost again runs integrity".split(),
            [
                [
                    *map(str, (len(out), len(kept.stored), len(kept.waiting), len(gone), twice, lost)),
                    *map(str, (counts["again"], kept.runs, kept.integrity)),
                ]
            ],
        )
    )
    half, most, whole = (f"{rank(ages, share):.0f} s" for share in (0.5, 0.95, 1.0))
    print(f"\n{len(ages)} came out while it watched; freshness: median {half}, 95 % {most}, all {whole}")
    print(f"lists sent {counts['lists']}, not modified {counts['unchanged']}")
    print(
        f"SIGTERM {'during a crawl' if ran.during_crawl else 'between crawls'}: ended after "
        f"{ran.stopped_after:.1f} s with code {ran.code}, {ran.left} processes left\n"
    )
    header = ["minutes", "watch MB", "at most", "open files", "crawl MB at most", "its open files"]
    print(table(header, list(curves(ran.samples, options.minutes))))
    odd = [line for line in told if " stored" not in line]
    print(f"\n{len(told)} lines were logged; others than of crawls:")
    print("\n".join(odd[:30]))
    print(json.dumps({"missed": gone[:5]}))
    return int(bool(gone or twice or lost or ran.stopped_after > 10 or kept.integrity != "ok"))


if __name__ == "__main__":
    raise SystemExit(main())
