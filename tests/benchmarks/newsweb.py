"""A large made-up news web for the crawl's benchmarks: hosts on 127.0.0.x, pages of about 80 kB.

Pages are those of the project's own outlets with another headline and story each, and with as much around
them as portals have. It is served from a process of its own, which does little more than copy bytes. All are
there from the beginning, or, with *every*, each host publishes one in so many seconds.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import multiprocessing
import random
import time
import urllib.request
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from fixtures.site.content import load_outlets
from fixtures.site.pages import article_page
from fixtures.site.prose import Block

PAGE_BYTES = 80_000
PARAGRAPHS = 14
NEWEST = 20
#: Entries of the feed of a host that publishes.

_FIRST_HOST = 101
_HEADLINE, _NUMBER = "Judul Berita XQJUDULXQ", "xqnomorxq"
_STORY = "XQALINEA{}XQ"
_COUNTS = "/hitung"
_SENT = "/terkirim"


class NewsWeb:
    """*pages* articles on *hosts* hosts, served while the ``with`` block lasts.

    With *every* (seconds) a host publishes its next article each time so many have passed, the hosts one
    after another; it has done so for *before* seconds when it is first asked.
    """

    def __init__(self, hosts: int, pages: int, *, every: float = 0.0, before: float = 0.0) -> None:
        self.hosts, self.pages, self.every = hosts, pages, every
        self.begun = time.time() - before
        self.port = 0

    def __enter__(self) -> Self:
        ours, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(self.hosts, self.pages, self.begun, self.every, theirs), daemon=True
        )
        self._process.start()
        theirs.close()
        self.port = ours.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join()

    def base(self, host: int) -> str:
        return f"http://127.0.0.{_FIRST_HOST + host}:{self.port}"

    def urls(self) -> list[str]:
        """All articles, the hosts in turn."""
        return [self.base(n % self.hosts) + _path(n) for n in range(self.pages)]

    def html(self, number: int) -> bytes:
        """An article as it is served."""
        host = number % self.hosts
        return _Host(host, self.base(host), self.hosts, self.pages).page(number)

    def published(self, until: float) -> dict[str, float]:
        """When each article was published that is out by then, by URL; in seconds since 1970."""
        moments = (self.begun + self.every * (number + 1) / self.hosts for number in range(self.pages))
        return {url: moment for url, moment in zip(self.urls(), moments, strict=True) if moment <= until}

    def counts(self) -> Counter[str]:
        """What was asked for so far: ``articles`` (bodies sent), ``again`` (of these sent before),
        ``unchanged`` (304), ``lists`` (bodies of feeds and sitemaps)."""
        with urllib.request.urlopen(self.base(0) + _COUNTS, timeout=10) as answer:
            return Counter(json.load(answer))

    def sent(self) -> set[str]:
        """Articles whose pages were sent so far, by URL."""
        with urllib.request.urlopen(self.base(0) + _SENT, timeout=10) as answer:
            return set(json.load(answer))

    def write_sources(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        for host in range(self.hosts):
            base = self.base(host)
            (directory / f"host-{host}.toml").write_text(
                f'name = "Host {host}"\ndomains = ["{base.removeprefix("http://")}"]\n'
                f'feeds = ["{base}/feed"]\nsitemaps = ["{base}/sitemap.xml"]\n'
                "article_url = ['^https?://[^/]+/berita/\\d+-']\n"
            )


def _path(number: int) -> str:
    return f"/berita/{100_000 + number}-kabar-dari-kampung-nelayan"


class _Host:
    """One host's pages, made when they are asked for where they are not made beforehand."""

    def __init__(
        self, host: int, base: str, hosts: int, pages: int, *, begun: float = 0.0, every: float = 0.0
    ) -> None:
        self._numbers = range(host, pages, hosts)
        self._hosts, self._begun, self._every = hosts, begun, every
        self.base = base
        outlets = load_outlets()
        self._outlet = outlet = outlets[host % len(outlets)]
        blocks = tuple(Block("paragraph", _STORY.format(number)) for number in range(PARAGRAPHS))
        model = next(story for story in outlet.stories if story.listed and len(story.pages) == 1)
        self._story = replace(model, headline=_HEADLINE, blocks=blocks, modified=None, deck="")
        self._template = self._page_of(datetime.now(UTC) - timedelta(hours=3))
        words = {
            word.strip(".,")
            for each in outlet.stories
            for block in each.blocks
            for word in block.text.split()
        }
        self._words = sorted(word.lower() for word in words if word.isalpha() and len(word) > 2)
        self._ready: dict[int, bytes] = {}

    def prepare(self) -> None:
        """Make all pages beforehand: a crawl neither waits for that nor shares its cores with it."""
        self._ready = {number: self.page(number) for number in self._numbers}

    def _page_of(self, published: datetime) -> str:
        zone = self._story.published.tzinfo
        story = replace(self._story, published=published.astimezone(zone).replace(microsecond=0))
        path = f"/berita/{_NUMBER}-kabar-dari-kampung-nelayan"
        html = article_page(self._outlet, story, self.base, path, visit=1)
        return html.replace("</body>", _padding(PAGE_BYTES - len(html) - 4_500) + "</body>")

    @property
    def numbers(self) -> range:
        """Articles that are out."""
        if not self._every:
            return self._numbers
        # As `NewsWeb.published` has it.
        out = int((time.time() - self._begun) * self._hosts / self._every)
        return range(self._numbers.start, min(out, self._numbers.stop), self._hosts)

    def moment(self, number: int) -> datetime:
        """When an article of a host that publishes came out."""
        return datetime.fromtimestamp(self._begun + self._every * (number + 1) / self._hosts, UTC)

    def page(self, number: int) -> bytes:
        if number in self._ready:
            return self._ready[number]
        chosen = random.Random(number)
        template = self._page_of(self.moment(number)) if self._every else self._template
        html = template.replace(
            _HEADLINE, f"{' '.join(chosen.choices(self._words, k=7)).capitalize()} {number}"
        )
        html = html.replace(_NUMBER, str(100_000 + number))
        for place in range(PARAGRAPHS):
            sentences = (
                " ".join(chosen.choices(self._words, k=chosen.randint(8, 18))).capitalize() + "."
                for _ in range(3)
            )
            html = html.replace(_STORY.format(place), " ".join(sentences), 1)
        return html.encode()

    def feed(self) -> bytes:
        newest = self.numbers[: -NEWEST - 1 : -1] if self._every else self.numbers[:30]
        items = "".join(
            f"<item><title>Kabar {number}</title><link>{self.base}{_path(number)}</link></item>"
            for number in newest
        )
        return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()

    def sitemap(self) -> bytes:
        day = datetime.now(UTC).date().isoformat()
        urls = "".join(
            f"<url><loc>{self.base}{_path(number)}</loc><lastmod>{day}</lastmod></url>"
            for number in self.numbers
        )
        return f"<urlset>{urls}</urlset>".encode()


def _padding(size: int) -> str:
    """Side columns and scripts, half and half, as long as they are wanted."""
    teasers, scripts, number = [], [], 0
    while sum(map(len, teasers)) < size / 2:
        number += 1
        teasers.append(
            f'<li class="latest__item col-bs10-3"><a href="/terpopuler/{number}" class="latest__link" '
            f'data-posisi="{number}"><img data-src="/aset/kecil-{number}.jpg" alt="" width="120" height="80">'
            f'<h3 class="latest__title">Kabar lain dari daerah nomor {number}</h3></a>'
            f'<span class="latest__date">{number % 24} jam lalu</span></li>'
        )
    while sum(map(len, scripts)) < size / 2:
        number += 1
        scripts.append(f'{{"slot":"iklan-{number}","ukuran":[[300,250],[336,280]],"tunda":true}},')
    return (
        f'<aside class="sidebar"><div class="latest"><h2>Terpopuler</h2><ul>{"".join(teasers)}</ul></div>'
        "</aside>"
        f"<script>window.iklan=[{''.join(scripts)}];</script>"
    )


class _Server(asyncio.Protocol):
    """As little of HTTP/1.1 as a crawler needs."""

    def __init__(self, host: _Host, counts: Counter[str], sent: set[str]) -> None:
        self._host, self._counts, self._sent = host, counts, sent
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head, self._received = self._received[:end].decode("latin-1"), self._received[end + 4 :]
            first, *lines = head.split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            self._transport.write(self._answer(first.split(" ")[1], headers))

    def _answer(self, path: str, headers: dict[str, str]) -> bytes:
        if path == _COUNTS:
            return _http("200 OK", json.dumps(self._counts).encode())
        if path == _SENT:
            return _http("200 OK", json.dumps(sorted(self._sent)).encode())
        if path.startswith("/berita/"):
            return self._article(path, headers)
        lists = {"/feed": self._host.feed, "/sitemap.xml": self._host.sitemap}
        if path not in lists:
            return _http("404 Not Found", b"")
        body = lists[path]()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if headers.get("if-none-match") == tag:
            self._counts["unchanged"] += 1
            return _http("304 Not Modified", b"", tag=tag)
        self._counts["lists"] += 1
        return _http("200 OK", body, "application/xml", tag)

    def _article(self, path: str, headers: dict[str, str]) -> bytes:
        number = int(path.removeprefix("/berita/").partition("-")[0]) - 100_000
        if number not in self._host.numbers:
            return _http("404 Not Found", b"")
        tag = f'"{number}"'
        if headers.get("if-none-match") == tag:
            self._counts["unchanged"] += 1
            return _http("304 Not Modified", b"", tag=tag)
        self._counts["articles"] += 1
        url = self._host.base + path
        self._counts["again"] += url in self._sent
        self._sent.add(url)
        return _http("200 OK", self._host.page(number), "text/html; charset=utf-8", tag)


def _http(status: str, body: bytes, kind: str = "text/plain", tag: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    if tag:
        head += f"ETag: {tag}\r\nCache-Control: no-cache\r\n"
    return f"{head}\r\n".encode() + body


def _serve(
    hosts: int, pages: int, begun: float, every: float, told: multiprocessing.connection.Connection
) -> None:
    async def serve() -> None:
        loop = asyncio.get_running_loop()
        counts: Counter[str] = Counter()
        sent: set[str] = set()
        port = 0
        for number in range(hosts):
            address = f"127.0.0.{_FIRST_HOST + number}"
            made: list[_Host] = []
            server = await loop.create_server(lambda made=made: _Server(made[0], counts, sent), address, port)
            port = server.sockets[0].getsockname()[1]
            base = f"http://{address}:{port}"
            made.append(_Host(number, base, hosts, pages, begun=begun, every=every))
            if not every:
                made[0].prepare()
        told.send(port)
        while True:
            await asyncio.sleep(3600)

    asyncio.run(serve())


if __name__ == "__main__":
    with NewsWeb(4, 2_000) as web:
        sizes = [len(web.html(number)) for number in range(8)]
        begun = time.perf_counter()
        for url in web.urls()[:200]:
            urllib.request.urlopen(url, timeout=10).read()
        print(
            f"pages of {min(sizes)} to {max(sizes)} bytes, {200 / (time.perf_counter() - begun):.0f} a second"
        )
