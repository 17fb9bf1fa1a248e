"""Import and mass extraction of a CC-NEWS-shaped WARC file: rate, memory, completeness, kills, engines.

    python tests/benchmarks/archives.py                    # 200,000 records, 10,000 of them pages
    python tests/benchmarks/archives.py --records 20000 --pages 1000 --kills 10
    python tests/benchmarks/archives.py --ray --records 20000 --pages 300   # needs pip install 'warta[ray]'

Pages are those of the project's own outlets with a headline and a story each; between them lies what such
files hold beside pages: requests, metadata, images, PDFs, robots.txt, redirects, answers that are no HTTP.
What must come out is counted with warcio.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from newsweb import NewsWeb, _Host
from ray_nodes import compare
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

WARTA = [sys.executable, "-c", "from crawler.start import main; main()"]
HOSTS = 5
DATE = "2026-03-01T02:03:04Z"
ROWS = "SELECT url, canonical_url, headline, body, published, first_seen, copy_of IS NOT NULL FROM articles"


def make(path: Path, records: int, pages: int) -> None:
    """A file of so many records, of which so many are pages of articles."""
    web, chance = NewsWeb(HOSTS, pages), random.Random(7)
    web.port = 80
    hosts = [web_host(web, number) for number in range(HOSTS)]
    at = set(chance.sample(range(1, records), pages))
    number = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.0")
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "trial"}))
        for position in range(1, records):
            if position in at:
                body, host = hosts[number % HOSTS].page(number), f"host{number % HOSTS}.example"
                url = f"https://{host}/berita/{100_000 + number}-kabar-dari-kampung-nelayan"
                _answer(writer, url, "200 OK", "text/html; charset=utf-8", body)
                number += 1
            else:
                _other(writer, position, chance)


def web_host(web: NewsWeb, number: int) -> _Host:
    return _Host(number, f"https://host{number}.example", HOSTS, web.pages)


def _answer(writer: WARCWriter, url: str, status: str, kind: str, body: bytes) -> None:
    http = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
    record = writer.create_warc_record(
        url, "response", payload=io.BytesIO(body), http_headers=http, warc_headers_dict={"WARC-Date": DATE}
    )
    writer.write_record(record)


def _other(writer: WARCWriter, number: int, chance: random.Random) -> None:
    url = f"https://host{number % HOSTS}.example/berita/{number}-cerita-lain-dari-kampung"
    noise = chance.randbytes(chance.randint(200, 3_000))
    match number % 7:
        case 0:
            _answer(writer, url, "200 OK", "image/jpeg", b"\xff\xd8\xff" + noise)
        case 1:
            _answer(writer, url, "200 OK", "application/pdf", b"%PDF-1.7" + noise)
        case 2:
            robots = f"https://host{number}.example/robots.txt"
            _answer(writer, robots, "200 OK", "text/plain", b"User-agent: *\n")
        case 3:
            _answer(writer, url, "301 Moved Permanently", "text/html", b"<html>pindah</html>")
        case 4:
            http = StatusAndHeaders("GET / HTTP/1.1", [("Host", "host.example")], is_http_request=True)
            writer.write_record(writer.create_warc_record(url, "request", http_headers=http))
        case 5:
            payload = io.BytesIO(b"fetchTimeMs: 12\r\n")
            writer.write_record(writer.create_warc_record(url, "metadata", payload=payload))
        case _:
            record = writer.create_warc_record(
                url, "resource", payload=io.BytesIO(noise), warc_content_type="application/http"
            )
            record.rec_headers.replace_header("WARC-Type", "response")
            record.rec_type = "response"
            writer.write_record(record)


def count(path: Path) -> tuple[int, int]:
    """Records, and pages of articles among them, by warcio."""
    records = pages = 0
    with path.open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=False):
            records += 1
            http = record.http_headers
            if record.rec_type == "response" and http is not None and http.get_statuscode() == "200":
                pages += (http.get_header("Content-Type") or "").startswith("text/html")
    return records, pages


def watch(command: list[str]) -> tuple[float, list[int], str]:
    """Seconds a command takes, its memory in MB twice a second (children too), and what it printed."""
    begun, sizes = time.monotonic(), []
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out)
        while process.poll() is None:
            sizes.append(resident(process.pid))
            time.sleep(0.5)
        out.seek(0)
        if process.returncode:
            print(f"  exit code {process.returncode}")
        return time.monotonic() - begun, sizes, out.read()


def resident(pid: int) -> int:
    """MB of a process and its children."""
    total = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        total = pages * resource.getpagesize() // 1_000_000
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            total += resident(int(child))
    return total


def rows(database: Path) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(database)) as db:
        return sorted(db.execute(ROWS).fetchall(), key=repr)


def killed(path: Path, room: Path, kills: int) -> Path:
    """An import that is killed so often, each time a little after it got further, and then ends."""
    database, chance, reached = room / "killed.db", random.Random(11), []
    command = [*WARTA, "import", str(path), "--db", str(database)]
    for _ in range(kills):
        before = position(database)
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        while process.poll() is None and position(database) == before:
            time.sleep(0.1)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, 2))
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            reached.append(position(database))
    print(f"killed {len(reached)} times, at records {reached}", flush=True)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return database


def position(database: Path) -> int:
    """Records of the file that are settled."""
    place = f"{database.as_uri()}?mode=ro"
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(place, uri=True)) as db:
        return int(db.execute("SELECT sum(records) FROM archives").fetchone()[0] or 0)
    return 0


def imported(path: Path, room: Path, kills: int) -> None:
    records, pages = count(path)
    print(
        f"{path.stat().st_size / 1e6:.0f} MB, by warcio {records:,} records, {pages:,} of them pages",
        flush=True,
    )
    database = room / "news.db"
    seconds, sizes, printed = watch([*WARTA, "import", str(path), "--db", str(database)])
    told = json.loads(printed)
    (archive,) = told["archives"]
    kept = sum(told[what] for what in ("stored", "updated", "unchanged", "folded"))
    print(f"import: {seconds:.0f} s, {records / seconds:,.0f} records/s, {pages / seconds:.0f} pages/s")
    third = max(1, len(sizes) // 3)
    print(
        f"memory: {max(sizes[third : 2 * third])} MB at most in the second third, "
        f"{max(sizes[2 * third :])} MB in the last"
    )
    print(f"told: {archive['records']:,} records, {archive['pages']:,} pages; left out {archive['left_out']}")
    refused = sum(told["refused"].values())
    lost = (records - archive["records"], pages - archive["pages"], archive["pages"] - kept - refused)
    print(f"lost: {lost[0]} records, {lost[1]} pages, {lost[2]} articles ({refused} refused)", flush=True)
    if kills:
        again = killed(path, room, kills)
        print(f"rows as without kills: {rows(again) == rows(database)} ({len(rows(again)):,})", flush=True)


def extracted(path: Path, room: Path, pages: int) -> Path:
    to = room / "shards"
    seconds, sizes, printed = watch([*WARTA, "extract-many", str(path), "--to", str(to), "--share", "16"])
    told = json.loads(printed)
    print(
        f"extract-many: {seconds:.0f} s, {pages / seconds:.0f} pages/s, {max(sizes)} MB at most, "
        f"{told['shards']} shards, {told['records']:,} records, {told['articles']:,} articles",
        flush=True,
    )
    return to


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--ray", action="store_true", help="extraction on two local Ray nodes alone")
    parser.add_argument("--keep", type=Path, help="a directory to work in, kept")
    chosen = parser.parse_args()
    with contextlib.ExitStack() as stack:
        room = chosen.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        room.mkdir(parents=True, exist_ok=True)
        path = room / f"news-{chosen.records}-{chosen.pages}.warc.gz"
        if not path.exists():
            make(path, chosen.records, chosen.pages)
        if chosen.ray:
            compare(path, room, WARTA)
            return
        imported(path, room, chosen.kills)
        extracted(path, room, chosen.pages)


if __name__ == "__main__":
    main()
