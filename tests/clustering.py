"""A Redis, crawlers and a writer as processes of their own, and hosts that tell when they were asked."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Self

from crawling import Answer, Server

PACE = "0.02"
#: Minutes.

STORY = "Warga {word} menanam bakau di pesisir pada hari Minggu bersama {word} dan tetangga mereka. "
WORDS = "nelayan petani guru pelajar pedagang perajin penyair perawat bidan sopir juru tulis tukang".split()


def redis_server() -> str | None:
    return shutil.which("redis-server")


class Host(Server):
    """An outlet on one loopback address, with a crawl delay and as many stories as are published."""

    def __init__(self, number: int, *, delay: float, last: int) -> None:
        super().__init__({}, f"127.0.0.{last}")
        self.slug, self.delay, self.number = f"host-{number}", delay, number
        robots = f"User-agent: *\nCrawl-delay: {delay}\n" if delay else "User-agent: *\nDisallow:\n"
        self.site["/robots.txt"] = Answer(robots.encode(), headers={"Content-Type": "text/plain"})
        self.stories = 0
        self.publish(0)

    def publish(self, stories: int) -> None:
        """Let the feed name so many stories in all."""
        for number in range(self.stories, stories):
            self.site[f"/berita/{self.number}{number:04}-kabar"] = Answer(page(self.number, number))
        self.stories = max(self.stories, stories)
        items = "".join(
            f"<item><link>{self.url}/berita/{self.number}{number:04}-kabar</link></item>"
            for number in range(self.stories)
        )
        feed = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
        self.site["/feed"] = Answer(feed, headers={"Content-Type": "application/rss+xml"})

    def declare(self, directory: Path) -> None:
        (directory / f"{self.slug}.toml").write_text(
            f'name = "Host {self.number}"\ndomains = ["{self.netloc}"]\nfeeds = ["{self.url}/feed"]\n'
            "article_url = ['^https?://[^/]+/berita/\\d+-']\n"
        )

    def times(self) -> Counter[str]:
        """How often each story was asked for."""
        with self.lock:
            return Counter(path for _, path, _ in self.log if path.startswith("/berita/"))

    def shortest_gap(self) -> float:
        """Seconds between two requests at least; robots.txt, whose answer tells the delay, is not counted."""
        with self.lock:
            moments = [moment for moment, path, _ in self.log if path != "/robots.txt"]
        return min((later - earlier for earlier, later in pairwise(moments)), default=float("inf"))


def page(host: int, number: int) -> bytes:
    words = [WORDS[(host * 7 + number * place + place) % len(WORDS)] for place in range(1, 9)]
    story = "".join(
        f"<p>{STORY.format(word=f'{word} {host}-{number}')}{STORY.format(word=word)}</p>" for word in words
    )
    return (
        f"<html lang='id'><head><title>Kabar {host} {number}</title><meta "
        f"property='article:published_time' content='2026-07-04T0{number % 10}:00:00+07:00'></head><body>"
        f"<article><h1>Kabar {host}-{number} dari kampung {words[0]}</h1>{story}</article></body></html>"
    ).encode()


class Cluster:
    """What a trial starts, kills and starts again; all of it ends with the ``with`` block."""

    def __init__(self, directory: Path, hosts: Sequence[Host], *, lease: float, together: int = 8) -> None:
        self.directory, self.hosts, self.lease, self.together = directory, hosts, lease, together
        self.database = directory / "news.db"
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        sources = self.directory / "sources"
        sources.mkdir()
        for host in self.hosts:
            self._stack.enter_context(host)
            host.declare(sources)
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.running):
            self.kill(name)
        self._stack.close()

    def start_redis(self) -> None:
        data = self.directory / "redis"
        data.mkdir(exist_ok=True)
        settings = f"--port {self.port} --bind 127.0.0.1 --appendonly yes --dir {data}".split()
        self._start("redis", [redis_server() or "redis-server", *settings, "--save", ""])
        wait_until(lambda: answers(self.port), 15)

    def start_writer(self) -> None:
        self._start(
            "writer",
            [
                *(*_WARTA, "write", "--redis", self.url, "--db", str(self.database)),
                *("--pace-min", PACE, "--pace-max", PACE),
            ],
        )

    def start_crawler(self, name: str) -> None:
        self._start(
            name,
            [
                *(*_WARTA, "crawl", "--redis", self.url, "--sources", str(self.directory / "sources")),
                *("--lease", str(self.lease), "--together", str(self.together)),
            ],
        )

    def kill(self, name: str) -> None:
        """SIGKILL, also for the crawl that a crawler has started."""
        process = self.running.pop(name)
        children = children_of(process.pid)
        process.kill()
        for child in children:
            for number in (*children_of(child), child):
                _kill(number)
        process.wait(10)

    def stop(self, name: str) -> int:
        """SIGTERM; the exit code."""
        process = self.running.pop(name)
        process.terminate()
        return process.wait(20)

    def told(self, name: str) -> str:
        return (self.directory / f"{name}.txt").read_text("utf-8")

    def stored(self) -> int:
        return self.ask("SELECT count(*) FROM articles")

    def ask(self, sql: str) -> int:
        """The number that a question has for an answer; 0 where there is no file yet."""
        try:
            db = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
            try:
                return int(db.execute(sql).fetchone()[0] or 0)
            finally:
                db.close()
        except sqlite3.Error:
            return 0

    def _start(self, name: str, command: Sequence[str]) -> None:
        with (self.directory / f"{name}.txt").open("ab") as told:
            environment = {**os.environ, "PYTHONUNBUFFERED": "1", "WARTA_CONTACT": "https://warta.test/"}
            self.running[name] = subprocess.Popen(
                command, stdout=told, stderr=told, stdin=subprocess.DEVNULL, env=environment
            )


_WARTA = (sys.executable, "-c", "from crawler.start import main; main()", "cluster")


def children_of(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("it did not come to that")
        time.sleep(0.05)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as asked:
            asked.sendall(b"PING\r\n")
            return asked.recv(16).startswith(b"+PONG")
    except OSError:
        return False
