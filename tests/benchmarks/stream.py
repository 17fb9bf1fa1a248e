"""Prints what the way through Redis costs: notes of so many read pages are packed, put into the stream and
written by the writer of a cluster. With ``--kills`` the writer is killed so often while it writes, at random
moments, and what stands in the database at the end is counted.

    PYTHONPATH=.:tests python tests/benchmarks/stream.py [--pages N] [--kills N] [--seed N]

Needs redis-server. The pages are those of the made-up news web, about 80 kB each. CPU is what counts: the
seconds of the clock also measure who else is at work.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from clustering import Cluster, redis_server, wait_until
from labelled import table
from newsweb import NewsWeb

from crawler.cluster.connection import GROUP, STREAM, connect
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


def fill(client: Any, packed: Sequence[Mapping[str, str | bytes]]) -> None:
    """Put a session's entries into the stream."""
    opening = {"sources": [], "arguments": {}, "revisit_days": 0}
    client.xadd(STREAM, dict(pack_entry(Entry(1, 1, [Note("open", opening)]))))
    for fields in packed:
        client.xadd(STREAM, dict(fields))


def pack_all(read: Sequence[Visit]) -> list[dict[str, str | bytes]]:
    fetched = {"source": "uji", "what": "fetched", "amount": 1, "reason": None}
    return [
        pack_entry(Entry(1, number, [Note("count", fetched), Note("store", {"visit": visit})]))
        for number, visit in enumerate(read, 2)
    ]


def write_with_kills(read: Sequence[Visit], kills: int, seed: int) -> int:
    """Print what is stored when the writer was killed while it wrote; 0 where each note was written once."""
    chosen, done = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as place, Cluster(Path(place), [], lease=30) as cluster:
        cluster.start_redis()
        client = connect(cluster.url)
        fill(client, pack_all(read))
        for kill in range(kills):
            before = client.xlen(STREAM)
            cluster.start_writer()
            # Some time after its first batch: within one, between commit and acknowledgement, anywhere.
            wait_until(lambda before=before: client.xlen(STREAM) < before, 120)
            time.sleep(chosen.random() / 2)
            done += client.xlen(STREAM) > 0
            cluster.kill("writer")
            print(f"kill {kill + 1}: {client.xlen(STREAM)} entries wait", flush=True)
        cluster.start_writer()
        wait_until(lambda: client.xlen(STREAM) == 0, 300)
        cluster.stop("writer")
        fetches = cluster.ask("SELECT count(*) FROM fetches")
        counted = cluster.ask("SELECT sum(amount) FROM run_sources WHERE what = 'fetched'")
        stored, runs = cluster.stored(), cluster.ask("SELECT count(*) FROM runs")
        pending = client.xpending(STREAM, GROUP)["pending"]
    print(f"\n## Stream: {len(read)} entries, the writer killed {done} times while some waited\n")
    columns = ["articles", "fetches", "counted", "runs", "not acknowledged"]
    print(table(columns, [[str(each) for each in (stored, fetches, counted, runs, pending)]]))
    return int(not (stored == fetches == counted == len(read) and runs == 1 and not pending))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=1_000, metavar="N")
    parser.add_argument("--kills", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    options = parser.parse_args(arguments)
    if redis_server() is None:
        raise SystemExit("redis-server is missing: apt-get install redis-server")
    read = visits(options.pages)
    if options.kills:
        return write_with_kills(read, options.kills, options.seed)
    with tempfile.TemporaryDirectory() as place, Cluster(Path(place), [], lease=30) as cluster:
        cluster.start_redis()
        client = connect(cluster.url)
        begun = time.process_time()
        packed = pack_all(read)
        packing = time.process_time() - begun
        size = sum(len(value) for fields in packed for value in fields.values())
        fill(client, packed)
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
