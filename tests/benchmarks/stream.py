"""Prints what the way through Redis costs: notes of so many read pages are packed, put into the stream and
written by the writer of a cluster.

    PYTHONPATH=.:tests python tests/benchmarks/stream.py [--pages N]

Needs redis-server. The pages are those of the made-up news web, about 80 kB each. CPU is what counts: the
seconds of the clock also measure who else is at work.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

from clustering import Cluster, redis_server
from labelled import table
from newsweb import NewsWeb

from crawler.cluster.connection import STREAM, connect
from crawler.cluster.notes import Entry, Note, pack_entry
from crawler.cluster.writing import StreamWriter
from crawler.extractors import extract
from crawler.items import Fetch, RawPage, Visit
from pipelines.database.pages import PagePolicy


def visits(pages: int) -> list[Visit]:
    """Pages of the news web, read."""
    web, made = NewsWeb(8, pages), []
    web.port = 8_000
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for number, url in enumerate(web.urls()):
        html = web.html(number)
        fetch = Fetch(url, url, now, 200, "text/html", size=len(html))
        made.append(Visit(extract(html, url), fetch, None, [RawPage(url, now, html, "text/html")]))
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=1_000, metavar="N")
    options = parser.parse_args(arguments)
    if redis_server() is None:
        raise SystemExit("redis-server is missing: apt-get install redis-server")
    read = visits(options.pages)
    with tempfile.TemporaryDirectory() as place, Cluster(Path(place), [], lease=30) as cluster:
        cluster.start_redis()
        client = connect(cluster.url)
        begun = time.process_time()
        packed = [
            pack_entry(Entry(1, number, [Note("store", {"visit": visit})]))
            for number, visit in enumerate(read, 2)
        ]
        packing = time.process_time() - begun
        size = sum(len(value) for fields in packed for value in fields.values())
        opening = {"sources": [], "arguments": {}, "revisit_days": 0}
        client.xadd(STREAM, dict(pack_entry(Entry(1, 1, [Note("open", opening)]))))
        for fields in packed:
            client.xadd(STREAM, dict(fields))
        memory = client.info("memory")["used_memory"]
        writer = StreamWriter(
            Path(place) / "news.db", cluster.url, PagePolicy(limit=0, days=0, noarchive=False)
        )
        thread = Thread(target=writer.run)
        begun, clock = time.process_time(), time.perf_counter()
        thread.start()
        while client.xlen(STREAM):
            time.sleep(0.05)
        writing, seconds = time.process_time() - begun, time.perf_counter() - clock
        writer.stop()
        thread.join()
        stored = cluster.stored()
        files = {name: (Path(place) / name).stat().st_size for name in ("news.db", "news-pages.db")}
    each = 1000 / options.pages
    rows = [
        ["an entry in the stream, packed", f"{size / options.pages / 1000:.1f} kB"],
        ["memory of Redis an entry", f"{memory / options.pages / 1000:.1f} kB"],
        ["packing, CPU in the crawler", f"{packing * each:.2f} ms a page"],
        ["unpacking and writing, CPU of the writer", f"{writing * each:.2f} ms a page"],
        ["written", f"{stored / seconds:.0f} pages a second"],
        [
            "news.db, news-pages.db",
            ", ".join(f"{size / options.pages / 1000:.1f} kB" for size in files.values()),
        ],
    ]
    print(f"\n## Stream: {options.pages} pages, {stored} stored\n")
    print(table(["", ""], rows))
    return int(stored != options.pages)


if __name__ == "__main__":
    raise SystemExit(main())
