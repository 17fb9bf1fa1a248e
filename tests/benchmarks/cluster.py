"""Prints what a cluster does while its parts are killed: three crawlers, one Redis, one writer, some hosts.

    PYTHONPATH=.:tests python tests/benchmarks/cluster.py [--hosts N] [--stories N] [--delay SECONDS]

Needs redis-server. Every host asks for a crawl delay. On the way the crawler that has the first host is
killed right after that host has asked for a pause, then the writer, then Redis, and a crawler again; the
hosts publish more meanwhile. Whether each story was stored once is read in the database, and what was asked
for when is measured at the hosts.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from clustering import Cluster, Host, redis_server, wait_until
from crawling import Answer
from labelled import table

from crawler.cluster.connection import connect
from crawler.cluster.status import read_status

CRAWLERS = ("crawler-1", "crawler-2", "crawler-3")
PAUSE = 25
#: Seconds that the first host asks for, more than a lease lasts.

PATIENCE = 240.0


class Trial:
    """The course of the trial, told on standard error."""

    def __init__(self, cluster: Cluster, hosts: Sequence[Host]) -> None:
        self.cluster, self.hosts = cluster, hosts
        self.begun = time.monotonic()
        self.kills = 0

    def say(self, what: str) -> None:
        stored = self.cluster.stored()
        print(
            f"{time.monotonic() - self.begun:6.1f} s  {stored:5} stored  {what}", file=sys.stderr, flush=True
        )

    def publish(self, stories: int) -> None:
        for host in self.hosts:
            host.publish(host.stories + stories)

    def published(self) -> int:
        return sum(host.stories for host in self.hosts)

    def wait_for(self, stories: int) -> None:
        wait_until(lambda: self.cluster.stored() >= stories, PATIENCE)

    def kill(self, name: str) -> None:
        self.cluster.kill(name)
        self.kills += 1
        self.say(f"killed {name}")

    def pause_and_kill(self) -> float:
        """Let the first host ask for a pause, and kill the crawler that heard it; when it was asked."""
        first = self.hosts[0]
        path = f"/berita/{first.number}{first.stories:04}-kabar"
        first.publish(first.stories + 1)
        story = first.site[path]
        assert isinstance(story, Answer)
        first.site[path] = [Answer(b"", 429, headers={"Retry-After": str(PAUSE)}), story]
        wait_until(lambda: first.times()[path] > 0, PATIENCE)
        asked = next(moment for moment, asked, _ in first.log if asked == path)
        time.sleep(0.3)
        status = read_status(self.cluster.url)
        holder = status["leased"].get(first.netloc.partition(":")[0])
        pids = {str(process.pid): name for name, process in self.cluster.running.items()}
        name = pids.get(str(holder).rpartition(":")[2])
        if name is None:
            raise SystemExit(f"nobody has the host that asked for a pause: {status}")
        self.kill(name)
        time.sleep(5)
        self.cluster.start_crawler(name)
        return asked

    def run(self, stories: int) -> list[float]:
        """The whole course; seconds after which the first host was asked again after each pause."""
        cluster = self.cluster
        share = max(1, stories // 4)
        self.publish(share)
        cluster.start_redis()
        cluster.start_writer()
        for name in CRAWLERS:
            cluster.start_crawler(name)
        self.wait_for(self.published() // 2)
        asked = self.pause_and_kill()
        self.publish(share)
        self.wait_for(self.published() - share)
        self.kill("writer")
        time.sleep(6)
        self.publish(share)
        cluster.start_writer()
        self.say("writer is back")
        self.wait_for(self.published() - share)
        self.kill("redis")
        time.sleep(6)
        cluster.start_redis()
        self.say("Redis is back")
        self.publish(stories - 3 * share)
        self.wait_for(self.published() - share)
        self.kill(CRAWLERS[1])
        self.wait_for(self.published())
        self.say("all is stored")
        time.sleep(3)
        first = self.hosts[0]
        return [min(moment for moment, _, _ in first.log if moment > asked) - asked]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--hosts", type=int, default=6, metavar="N")
    parser.add_argument("--stories", type=int, default=40, metavar="N", help="of each host")
    parser.add_argument("--delay", type=float, default=1.0, metavar="SECONDS", help="that hosts ask for")
    parser.add_argument("--lease", type=float, default=8.0, metavar="SECONDS")
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where all is kept")
    options = parser.parse_args(arguments)
    if redis_server() is None:
        raise SystemExit("redis-server is missing: apt-get install redis-server")
    hosts = [Host(number, delay=options.delay, last=60 + number) for number in range(options.hosts)]
    with tempfile.TemporaryDirectory() as place:
        directory = options.keep or Path(place)
        directory.mkdir(exist_ok=True)
        with Cluster(directory, hosts, lease=options.lease, together=max(1, options.hosts // 3)) as cluster:
            trial = Trial(cluster, hosts)
            try:
                [after_pause] = trial.run(options.stories)
            except AssertionError:
                for name in ("writer", *CRAWLERS):
                    print(f"\n{name}:\n{cluster.told(name)}", file=sys.stderr)
                raise
            seconds = time.monotonic() - trial.begun
            left = connect(cluster.url).xlen("warta:notes")
            codes = [cluster.stop(name) for name in list(cluster.running) if name != "redis"]
            return report(trial, seconds, after_pause, left, codes)


def report(trial: Trial, seconds: float, after_pause: float, left: int, codes: Sequence[int]) -> int:
    cluster, hosts = trial.cluster, trial.hosts
    published, stored = trial.published(), cluster.stored()
    addresses = cluster.ask("SELECT count(DISTINCT url) FROM articles")
    versions = cluster.ask("SELECT count(*) FROM versions")
    counted = cluster.ask("SELECT sum(amount) FROM run_sources WHERE what IN ('stored', 'folded')")
    waiting = cluster.ask("SELECT count(*) FROM frontier WHERE state = 'pending'")
    integrity = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute("
            "'PRAGMA integrity_check').fetchone())",
            str(cluster.database),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    times = [count for host in hosts for count in host.times().values()]
    again = sum(times) - len(times)
    shortest = min(host.shortest_gap() for host in hosts)
    runs = cluster.ask("SELECT count(*) FROM runs")
    cut = cluster.ask("SELECT count(*) FROM runs WHERE reason IS NULL")
    rows = [
        ["stories published", str(published)],
        ["stored", f"{stored}, {addresses} addresses, {versions} earlier texts, integrity {integrity}"],
        ["counted as stored or folded", str(counted)],
        ["left in frontier and stream", f"{waiting}, {left}"],
        ["kills", str(trial.kills)],
        ["crawls, of these cut off", f"{runs}, {cut}"],
        ["stories asked for again", f"{again} ({again / published:.1%}), one of them after the pause"],
        ["shortest gap at a host", f"{shortest:.3f} s, asked for: {hosts[0].delay:g} s"],
        ["asked again after a pause", f"{after_pause:.1f} s, asked for: {PAUSE} s"],
        ["in all", f"{seconds:.0f} s, CPU {_cpu():.0f} s, exit codes {' '.join(map(str, codes))}"],
    ]
    print(f"\n## Cluster: 3 crawlers, {len(hosts)} hosts\n")
    print(table(["", ""], rows))
    once = stored == addresses == published == counted and not versions and not waiting
    kept = shortest >= 0.9 * hosts[0].delay and after_pause >= PAUSE
    return int(not (once and kept and integrity == "ok"))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
