"""Prints how long Warta takes for a page, beside trafilatura in the same run, and whether its memory grows.

    python tests/benchmarks/speed.py [--data DIR] [--pages N]

The two read each page in turn, so that whatever else the machine does falls on both; CPU time of this process
alone. Their ratio says more than the milliseconds. Pages are the labelled ones where they are at hand, else
those of the project's own small news web.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from statistics import mean

import trafilatura
from labelled import add_data_option, at_hand, load_pages, table

from crawler.extractors import extract
from fixtures.site.content import load_outlets
from fixtures.site.gold import expected
from fixtures.site.web import build

Page = tuple[bytes, str]
Reader = Callable[[bytes, str], object]

FIXTURES = Path(__file__).parents[2] / "fixtures" / "pages"
STEPS = 10
#: How often memory is looked at.


def peer(html: bytes, url: str) -> object:
    """trafilatura's whole record, as Warta's is whole."""
    return trafilatura.bare_extraction(html, url=url or None, with_metadata=True)


def own_pages() -> list[Page]:
    """The article pages of the project's news web, and the saved ones beside it."""
    paths = expected()
    pages = []
    for outlet in load_outlets():
        base = f"http://{outlet.slug}.example"
        resources = build(outlet, base, 1)
        pages += [(resources[path].body, base + path) for path in paths if path in resources]
    pages += [(path.read_bytes(), "") for path in sorted(FIXTURES.rglob("*.html"))]
    return pages


def cpu_ms(reader: Reader, page: Page) -> float:
    begin = time.process_time()
    reader(*page)
    return 1000 * (time.process_time() - begin)


def race(pages: Sequence[Page], readers: Sequence[Reader]) -> list[list[float]]:
    """CPU milliseconds of each reader for each page; a page of warm-up goes before."""
    for reader in readers:
        reader(*pages[0])
    gc.collect()
    times: list[list[float]] = [[] for _ in readers]
    for page in pages:
        for found, reader in zip(times, readers, strict=True):
            found.append(cpu_ms(reader, page))
    return times


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    return sorted(values)[int(share * (len(values) - 1))]


def show_race(title: str, pages: Sequence[Page]) -> list[str]:
    own, other = race(pages, (extract, peer))
    return [
        title,
        str(len(pages)),
        *(f"{figure:.1f}" for times in (own, other) for figure in (mean(times), percentile(times, 0.95))),
        f"{sum(other) / sum(own):.1f}",
    ]


def resident_mb() -> float:
    """Memory of this process that is resident now, in MB; the most it ever was where /proc is not there."""
    try:
        held = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource  # noqa: PLC0415 - Unix without /proc

        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / 1e6


def show_memory(pages: Sequence[Page], count: int) -> str:
    """Resident memory while Warta reads ``count`` pages, the same ones over and over."""
    rows = []
    step = max(1, count // STEPS)
    for place, page in enumerate(islice(cycle(pages), count), 1):
        extract(*page)
        if place % step == 0:
            rows.append([str(place), f"{resident_mb():.0f}"])
    return table(["pages read", "resident MB"], rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_data_option(parser)
    parser.add_argument("--pages", type=int, default=2000, metavar="N", help="pages read to watch memory")
    options = parser.parse_args(arguments)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    groups: dict[str, list[Page]] = {}
    if at_hand(options.data):
        for page in load_pages(options.data):
            groups.setdefault(page.set, []).append((page.html, page.url))
    else:
        groups["own pages"] = own_pages()
    print("\n## Speed: CPU milliseconds a page, trafilatura with metadata\n")
    header = ["pages of", "pages", "Warta", "p95", "trafilatura", "p95", "times faster"]
    print(table(header, [show_race(title, pages) for title, pages in groups.items()]))
    print("\n## Memory\n")
    print(show_memory([page for pages in groups.values() for page in pages], options.pages))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
