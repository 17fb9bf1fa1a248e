"""Kept pages written as WARC, checked by warcio, and replayed by pywb: the same bytes, or which are not.

    python3 -m venv pywb && pywb/bin/python -m pip install pywb cdxj-indexer 'setuptools<80'
    PYTHONPATH=.:tests/crawler/archives python tests/benchmarks/replay.py --pywb pywb/bin

Pages are those of the demo's news web (some behind redirects, sent packed, one in windows-1252), and of a
WARC file whose bodies came in every coding and several encodings, with addresses in and outside of ASCII.
"""

from __future__ import annotations

import argparse
import gzip
import socket
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import brotli
from paper_trail import Paper, address, story

from pipelines.database import open_database
from pipelines.database.pages import open_pages
from pipelines.database.pages.listing import list_pages

WARTA = [sys.executable, "-c", "from crawler.start import main; main()"]
AS_IN_AN_ADDRESS = "%/:=&?~#+!$,;@()*[]-._'"
SECONDS = 60


def make(path: Path) -> None:
    """A WARC file by another writer, with what pages come as."""
    paper = Paper()
    packed = {"gzip": gzip.compress, "br": brotli.compress, "deflate": zlib.compress}
    for number, (coding, pack) in enumerate(packed.items()):
        paper.answer(address(number), pack(story(number)), headers=[("Content-Encoding", coding)])
    for number, encoding in enumerate(("windows-1252", "utf-16", "utf-8"), start=10):
        text = story(number).decode().replace("<article>", "<article><p>Kafé “ramai” di desa itu.</p>")
        paper.answer(address(number), text.encode(encoding), kind=f"text/html; charset={encoding}")
    paper.answer("https://wanamarta.example/berita/100020-kopi-“luwak”-dan-kafé", story(20))
    paper.answer("https://wanamarta.example/berita/100021-kabar-dari-desa?id=7&x=a%20b|c", story(21))
    path.write_bytes(paper.data)


def warta(*arguments: str | Path) -> None:
    subprocess.run([*WARTA, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def served(pywb: Path, room: Path) -> Iterator[str]:
    """The collections of a directory, replayed on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [pywb / "wayback", "--bind", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, cwd=room, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def answer(url: str) -> bytes:
    try:
        with urlopen(Request(url, headers={"Accept-Encoding": "identity"}), timeout=SECONDS) as found:
            return bytes(found.read())
    except HTTPError as error:
        return f"status {error.code}".encode()


def compare(database: Path, collection: str) -> None:
    """Each kept page with what the replay gives for its address and moment."""
    with closing(open_database(database, readonly=True)) as db, closing(open_pages(database)) as store:
        counts: Counter[str] = Counter()
        for page in list_pages(db, store, after=0, since=None, until=None, source=None):
            moment = "".join(filter(str.isdigit, page.entry.fetched_at))[:14]
            found = answer(f"{collection}/{moment}id_/{quote(page.entry.url, safe=AS_IN_AN_ADDRESS)}")
            same = found == store.read(page.entry.id).body
            counts["the same" if same else "other"] += 1
            if not same:
                print(f"  {page.entry.url}: {len(found):,} bytes, kept are {page.entry.size:,}")
        redirected = db.execute("SELECT count(*) FROM fetches WHERE requested_url IS NOT NULL").fetchone()[0]
    print(f"{database.stem}: {dict(counts)}; behind a redirect {redirected}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pywb", type=Path, required=True, help="the bin directory pywb is installed in")
    pywb = parser.parse_args().pywb.absolute()
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        make(room / "codings.warc.gz")
        (room / "saved.html").write_bytes(story(30))
        warta("demo", "--db", room / "demo.db")
        warta("import", room / "codings.warc.gz", room / "saved.html", "--db", room / "codings.db")
        for stem in ("demo", "codings"):
            warta("archive", "--to", room / stem, "--db", room / f"{stem}.db")
            files = sorted((room / stem).iterdir())
            checked = subprocess.run([pywb / "warcio", "check", *files], check=False)
            print(f"{stem}: warcio check ended with {checked.returncode}")
            for command in (["init", stem], ["add", stem, *files]):
                subprocess.run([pywb / "wb-manager", *command], cwd=room, check=True, capture_output=True)
        with served(pywb, room) as replay:
            for stem in ("demo", "codings"):
                compare(room / f"{stem}.db", f"{replay}/{stem}")


if __name__ == "__main__":
    main()
