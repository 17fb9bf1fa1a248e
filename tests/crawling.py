"""Real servers on loopback addresses, and crawls in processes of their own: Scrapy's reactor runs once."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Lock, Thread, Timer
from typing import Any, Protocol, Self

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.run import run_spider
from crawler.spiders.base import WartaSpider, hosts_of
from crawler.spiders.verdicts import judge, request_of

FAST = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_TIMES": 1,
    "WARTA_READERS": 0,
    "LOG_LEVEL": "CRITICAL",
    "EXTENSIONS": {},
    "ITEM_PIPELINES": {},
}
#: Settings without waits of their own, so that a test sees the waits it is about.


class Pieces(Protocol):
    """A body that is made while it is sent."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[bytes]: ...


@dataclass
class Answer:
    """What a server says at a path."""

    body: bytes | Pieces = b"<html><body><p>Halaman</p></body></html>"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})
    wait: float = 0.0
    #: Seconds before it is sent.

    trickle: float = 0.0
    #: Seconds between single bytes that never end, in place of the body.


class Server:
    """One host; ``log`` holds when it was asked for what, and with which headers.

    *site*: answers by path; of a list the first request gets the first, and the last stays.
    """

    def __init__(self, site: Mapping[str, Answer | list[Answer]], address: str = "127.0.0.1") -> None:
        self.site = dict(site)
        self.log: list[tuple[float, str, Mapping[str, str]]] = []
        self.lock = Lock()
        self._http = _Listener((address, 0), _Handler)
        self._http.served = self
        self.netloc = f"{address}:{self._http.server_port}"
        self.url = f"http://{self.netloc}"

    def __enter__(self) -> Self:
        Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        with self.lock:
            self.log.append((time.monotonic(), path, headers))
            found = self.site.get(path, Answer(b"", 404))
            if isinstance(found, list):
                return found.pop(0) if len(found) > 1 else found[0]
            return found

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.log]

    def gaps(self, *paths: str) -> list[float]:
        """Seconds between successive requests; between those for *paths* where any are named."""
        times = [moment for moment, path, _ in self.log if not paths or path in paths]
        return [later - earlier for earlier, later in pairwise(times)]


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    served: Server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener

    def do_GET(self) -> None:
        answer = self.server.served.answer(self.path, dict(self.headers))
        time.sleep(answer.wait)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        length = 1_000_000 if answer.trickle else len(answer.body)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        while answer.trickle:
            self.wfile.write(b" ")
            time.sleep(answer.trickle)
        for piece in [answer.body] if isinstance(answer.body, bytes) else answer.body:
            self.wfile.write(piece)

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the client had enough
            super().handle()

    def log_message(self, *_: object) -> None:
        pass


class ProbeSpider(WartaSpider):
    """Asks for URLs and keeps what came of each: a status, or a verdict's state and reason."""

    name = "probe"
    sources = ()
    arguments: Mapping[str, Any] = {}

    def __init__(
        self,
        urls: Sequence[str],
        ours: Sequence[str] | None = None,
        declared: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.urls, self.ours = urls, ours
        self.declared_hosts = hosts_of(urls if declared is None else declared)
        self.outcomes: dict[str, int | tuple[str, str | None]] = {}

    def is_ours(self, url: str) -> bool:
        return self.ours is None or any(url.startswith(own) for own in self.ours)

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            yield Request(
                url,
                callback=self.note,
                errback=self.note_failure,
                cb_kwargs={"url": url},
                meta={"outlet_only": True},
                dont_filter=True,
            )

    def note(self, response: Response, url: str) -> None:
        self.outcomes[url] = response.status

    def note_failure(self, failure: Failure) -> None:
        verdict = judge(failure)
        self.outcomes[request_of(failure).cb_kwargs["url"]] = (verdict.state, verdict.reason)


def probe(
    urls: Sequence[str],
    settings: Mapping[str, Any] | None = None,
    *,
    interrupt_after: float | None = None,
    **spider: Any,
) -> dict[str, int | tuple[str, str | None]]:
    """Fetch URLs through the middlewares of a crawl; what came of each.

    *interrupt_after* sends the crawl a Ctrl-C after so many seconds.
    """

    def work() -> object:
        if interrupt_after is not None:
            Timer(interrupt_after, os.kill, (os.getpid(), signal.SIGINT)).start()
        return _probe(urls, settings or {}, spider)

    outcomes: dict[str, int | tuple[str, str | None]] = in_own_process(work)
    return outcomes


def _probe(urls: Sequence[str], settings: Mapping[str, Any], spider: Mapping[str, Any]) -> object:
    crawler = run_spider(ProbeSpider, {**FAST, **settings}, urls=urls, **spider)
    assert isinstance(crawler.spider, ProbeSpider)
    return crawler.spider.outcomes


def in_own_process(work: Callable[..., Any], *arguments: Any) -> Any:
    """The result of a function that runs in a child; its exception is raised here."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_send_result, args=(theirs, work, arguments))
    child.start()
    theirs.close()
    try:
        result, error = ours.recv()
    except EOFError:
        raise AssertionError("the child ended without a result") from None
    finally:
        child.join(10)
    if error is not None:
        raise error
    return result


def _send_result(pipe: Any, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        pipe.send((work(*arguments), None))
    except Exception as error:
        pipe.send((None, error))
