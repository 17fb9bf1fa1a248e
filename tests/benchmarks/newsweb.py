"""A large made-up news web for the crawl's benchmarks: hosts on 127.0.0.x, pages of about 80 kB.

Pages are those of the project's own outlets with another headline and story each, and with as much around
them as portals have. It is served from a process of its own, which does little more than copy bytes.
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
_FIRST_HOST = 101
_HEADLINE, _NUMBER = "Judul Berita XQJUDULXQ", "xqnomorxq"
_STORY = "XQALINEA{}XQ"
_COUNTS = "/hitung"


class NewsWeb:
    """*pages* articles on *hosts* hosts, served while the ``with`` block lasts."""

    def __init__(self, hosts: int, pages: int) -> None:
        self.hosts, self.pages = hosts, pages
        self.port = 0

    def __enter__(self) -> Self:
        ours, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(self.hosts, self.pages, theirs), daemon=True
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
        return _Host(number % self.hosts, self.base(number % self.hosts), self.hosts, self.pages).page(number)

    def counts(self) -> Counter[str]:
        """What was asked for so far: ``articles`` (bodies sent), ``again`` (of these sent before),
        ``unchanged`` (304), ``lists`` (bodies of feeds and sitemaps)."""
        with urllib.request.urlopen(self.base(0) + _COUNTS, timeout=10) as answer:
            return Counter(json.load(answer))

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
    """One host's pages, made when they are asked for."""

    def __init__(self, host: int, base: str, hosts: int, pages: int) -> None:
        self.numbers = range(host, pages, hosts)
        self.base = base
        outlets = load_outlets()
        outlet = outlets[host % len(outlets)]
        blocks = tuple(Block("paragraph", _STORY.format(number)) for number in range(PARAGRAPHS))
        model = next(story for story in outlet.stories if story.listed and len(story.pages) == 1)
        story = replace(
            model,
            headline=_HEADLINE,
            blocks=blocks,
            published=datetime.now(model.published.tzinfo).replace(microsecond=0) - timedelta(hours=3),
            modified=None,
            deck="",
        )
        html = article_page(outlet, story, base, f"/berita/{_NUMBER}-kabar-dari-kampung-nelayan", visit=1)
        self._template = html.replace("</body>", _padding(PAGE_BYTES - len(html) - 4_500) + "</body>")
        words = {
            word.strip(".,")
            for each in outlet.stories
            for block in each.blocks
            for word in block.text.split()
        }
        self._words = sorted(word.lower() for word in words if word.isalpha() and len(word) > 2)

    def page(self, number: int) -> bytes:
        chosen = random.Random(number)
        html = self._template.replace(
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
        items = "".join(
            f"<item><title>Kabar {number}</title><link>{self.base}{_path(number)}</link></item>"
            for number in self.numbers[:30]
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
        tag = f'"{number}"'
        if headers.get("if-none-match") == tag:
            self._counts["unchanged"] += 1
            return _http("304 Not Modified", b"", tag=tag)
        self._counts["articles"] += 1
        self._counts["again"] += path in self._sent
        self._sent.add(path)
        return _http("200 OK", self._host.page(number), "text/html; charset=utf-8", tag)


def _http(status: str, body: bytes, kind: str = "text/plain", tag: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    if tag:
        head += f"ETag: {tag}\r\nCache-Control: no-cache\r\n"
    return f"{head}\r\n".encode() + body


def _serve(hosts: int, pages: int, told: multiprocessing.connection.Connection) -> None:
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
            made.append(_Host(number, f"http://{address}:{port}", hosts, pages))
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
