"""An outlet of one server, declared and crawled into ``news.db``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crawling import FAST, Answer, Server, in_own_process

from crawler.run import CrawlReport, crawl

HTML = {"Content-Type": "text/html; charset=utf-8"}
XML = {"Content-Type": "application/xml"}
QUICK = {name: value for name, value in FAST.items() if name not in ("EXTENSIONS", "ITEM_PIPELINES")}


def article(number: int) -> Answer:
    story = f"Warga kampung nomor {number} bergotong royong membersihkan saluran air sejak pagi hari. " * 12
    html = (
        f"<html><body><h1>Gotong Royong Kampung {number}</h1><article><p>{story}</p></article></body></html>"
    )
    return Answer(html.encode(), headers=HTML)


def index(*numbers: int) -> Answer:
    links = "".join(
        f'<h3><a href="/berita/{number}-gotong-royong">Gotong {number}</a></h3>' for number in numbers
    )
    return Answer(f"<html><body>{links}</body></html>".encode(), headers=HTML)


def declared(directory: Path, server: Server, lists: str, *domains: str) -> Path:
    """The directory with the outlet's source file; *lists* is TOML, in which HERE is the server."""
    sources = directory / "sources"
    sources.mkdir(exist_ok=True)
    pattern = "article_url = ['^https?://[^/]+/berita/']"
    text = f'name = "Uji"\ndomains = {[server.netloc, *domains]}\n{pattern}\n{lists}\n'
    (sources / "uji.toml").write_text(text.replace("HERE", server.url))
    return sources


def crawled(directory: Path, server: Server, lists: str, *slugs: str, **options: Any) -> CrawlReport:
    sources = declared(directory, server, lists)
    settings = QUICK | options.pop("settings", {})
    server.log.clear()
    report: CrawlReport = in_own_process(
        lambda: crawl(slugs, directory / "news.db", directories=[sources], settings=settings, **options)
    )
    return report
