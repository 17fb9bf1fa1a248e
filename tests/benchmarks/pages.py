"""Prints how small kept pages become and how fast they are written and read, beside gzip and plain zstd.

    python tests/benchmarks/pages.py [--data DIR] [--rounds N]

Pages are those of the project's own small news web and, where they are at hand, the labelled ones, which are
kept in a temporary directory for as long as it runs. The store's figure is the whole file, index and empty
space included; its packed bytes are told beside it. CPU time of this process alone.
"""

from __future__ import annotations

import argparse
import gzip
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from labelled import add_data_option, at_hand, load_pages, table

from crawler.items import RawPage
from fixtures.site.content import load_outlets
from fixtures.site.gold import expected
from fixtures.site.web import build
from pipelines.database.fingerprints import site_of
from pipelines.database.pages import PagePolicy, open_pages
from pipelines.database.pages.packing import pack, unpack

BATCH = 100
#: Pages between two commits, as the writer of a crawl has them.


def own_pages() -> Iterator[RawPage]:
    """The article pages of the news web, as they are at both visits."""
    for visit in (1, 2):
        paths = expected(visit)
        for outlet in load_outlets(visit):
            base = f"https://www.{outlet.slug}.example"
            resources = build(outlet, base, visit)
            for path in paths:
                if path in resources:
                    yield page(base + path, resources[path].body)


def page(url: str, body: bytes) -> RawPage:
    return RawPage(url, "2026-07-04T05:00:00Z", body, "text/html; charset=utf-8")


def timed(work: Callable[[], object]) -> float:
    """CPU seconds."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def keep(path: Path, pages: Sequence[RawPage]) -> list[int]:
    """Keep pages in batches, as a crawl does; their numbers."""
    store = open_pages(path, PagePolicy())
    numbers = []
    for place, one in enumerate(pages, 1):
        numbers.append(store.keep(one))
        if place % BATCH == 0:
            store.commit()
    store.commit()
    store.close()
    return numbers


def read(path: Path, numbers: Sequence[int]) -> None:
    store = open_pages(path)
    for number in numbers:
        store.read(number)
    store.close()


def measure(title: str, pages: Sequence[RawPage], rounds: int) -> list[list[str]]:
    """Rows of the table for one set of pages: gzip, zstd, the store."""
    distinct = {(one.url, one.body) for one in pages}
    total = sum(len(body) for _, body in distinct)
    rows = []

    def row(way: str, size: float, write: float, back: float) -> None:
        rates = (f"{total / 1e6 / seconds:.0f}" for seconds in (write, back))
        rows.append([title, way, f"{total / size:.2f}", f"{size / len(distinct):.0f}", *rates])

    for way, packer, unpacker in (
        ("gzip 6", lambda body: gzip.compress(body, 6), lambda packed, _: gzip.decompress(packed)),
        ("zstd 3", pack, unpack),
    ):
        packed: list[tuple[bytes, int]] = []
        write = min(
            timed(lambda: packed.extend((packer(body), len(body)) for _, body in distinct))  # noqa: B023
            for _ in range(rounds)
        )
        back = min(timed(lambda: [unpacker(*one) for one in packed[: len(distinct)]]) for _ in range(rounds))  # noqa: B023
        row(way, sum(len(data) for data, _ in packed[: len(distinct)]), write, back)
    for number in range(rounds):
        with TemporaryDirectory() as directory:
            path = Path(directory, "news.db")
            numbers: list[int] = []
            write = timed(lambda: numbers.extend(keep(path, pages)))  # noqa: B023
            back = timed(lambda: read(path, sorted(set(numbers))))  # noqa: B023
            held, later = sizes(path)
            size = path.with_name("news-pages.db").stat().st_size
        if number == rounds - 1:
            row("store, packed bytes", held, write, back)
            row("store, whole file", size, write, back)
            rows.append([title, f"the {later[0]} packed with another", *later[1:], "", ""])
    return rows


def sizes(path: Path) -> tuple[int, list[str]]:
    """Packed bytes of all pages; of those that were packed with another one how many there are, times smaller
    beside plain zstd, and bytes a page beside it.
    """
    store = open_pages(path)
    (held,) = store.db.execute("SELECT sum(length(data)) FROM pages").fetchone()
    later = store.db.execute("SELECT id, size, length(data) FROM pages WHERE depth > 0").fetchall()
    plain = sum(len(pack(store.read(page_id).body)) for page_id, *_ in later)
    size, packed = (sum(row[place] for row in later) for place in (1, 2))
    store.close()
    amount = len(later)
    return held, [
        str(amount),
        f"{size / packed:.2f} (plain {size / plain:.2f})",
        f"{packed / amount:.0f} (plain {plain / amount:.0f})",
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_data_option(parser)
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="times that each way is measured")
    options = parser.parse_args(arguments)
    sets: dict[str, list[RawPage]] = {"own news web": list(own_pages())}
    if at_hand(options.data):
        for one in load_pages(options.data):
            if one.url:
                sets.setdefault(one.set, []).append(page(one.url, one.html))
    rows = []
    for title, pages in sets.items():
        Random(1).shuffle(pages)  # outlets come mixed, as in a crawl
        sites, distinct = {site_of(one.url) for one in pages}, {(one.url, one.body) for one in pages}
        size = sum(len(body) for _, body in distinct) / len(distinct)
        print(f"{title}: {len(distinct)} pages of {len(sites)} sites, {size / 1000:.0f} kB on average")
        rows += measure(title, pages, options.rounds)
    print("\n## Kept pages\n")
    header = ["pages of", "way", "times smaller", "bytes a page", "MB/s written", "MB/s read"]
    print(table(header, rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
