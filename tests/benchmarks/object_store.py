"""Mass extraction and import by S3: input and shards in a bucket, killed in the middle and gone on with.

    python3 -m venv moto && moto/bin/python -m pip install 'moto[server]'
    pip install 'warta[s3]'
    python tests/benchmarks/object_store.py --moto moto/bin --records 20000 --pages 300

moto serves S3's protocol on loopback. The rows are compared with those of a run on this machine's disk.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import fsspec
import pyarrow.dataset
from archives import WARTA, make
from archives import rows as stored

BUCKET = "s3://news"
SECONDS = 240


@contextmanager
def served(moto: Path) -> Iterator[None]:
    """A store on loopback, to which every S3 client in this environment goes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "trial",
        "AWS_SECRET_ACCESS_KEY": "trial",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [moto / "moto_server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait()


def listed(store: Any, name: str) -> dict[str, str]:
    """The shards in the bucket, each with what changes when it is written again."""
    store.invalidate_cache()
    return {
        entry["name"]: str(entry["LastModified"]) + entry["ETag"]
        for entry in (store.ls(name, detail=True) if store.exists(name) else ())
        if entry["name"].endswith(".parquet")
    }


def rows(table: Any) -> list[dict[str, Any]]:
    return sorted(table.to_pylist(), key=lambda row: str(row["url"]))


def warta(*arguments: str | Path) -> dict[str, Any]:
    done = subprocess.run([*WARTA, *map(str, arguments)], capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def killed(store: Any, command: list[str]) -> dict[str, str]:
    """A run that is killed with all its processes when two shards are there; those that were."""
    process = subprocess.Popen(
        [*WARTA, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    until = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < until and len(listed(store, "news/shards")) < 2:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return listed(store, "news/shards")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--moto", type=Path, required=True, help="the bin directory moto is installed in")
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--pages", type=int, default=300)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, served(chosen.moto.absolute()):
        room = Path(name)
        make(room / "news.warc.gz", chosen.records, chosen.pages)
        store: Any = fsspec.filesystem("s3")
        store.mkdir("news")
        store.put_file(str(room / "news.warc.gz"), "news/warc/news.warc.gz")
        warta("extract-many", room / "news.warc.gz", "--to", room / "here", "--share", "1")
        here = rows(pyarrow.dataset.dataset(room / "here", format="parquet").to_table())
        print(f"on the disk: {len(here):,} rows", flush=True)

        command = ["extract-many", f"{BUCKET}/warc/", "--to", f"{BUCKET}/shards", "--share", "1"]
        before = killed(store, command)
        told = warta(*command)
        after = listed(store, "news/shards")
        again = sum(after[name] != state for name, state in before.items())
        print(f"killed at {len(before)} of {told['shards']} shards; of these made again: {again}", flush=True)
        files = [f"{path}" for path in after]
        there = rows(pyarrow.dataset.dataset(files, filesystem=store, format="parquet").to_table())
        print(f"in the bucket: {len(there):,} rows, the same: {there == here}", flush=True)
        manifest = json.loads(store.cat_file("news/shards/_manifest.json"))
        named = {f"news/shards/{shard['file']}" for shard in manifest["shards"]}
        print(f"manifest: {manifest['rows']:,} rows; names what is there: {named == set(after)}", flush=True)

        for what in ("warc/news.warc.gz", "shards"):
            database = room / f"{what.partition('/')[0]}.db"
            counts = warta("import", f"{BUCKET}/{what}", "--db", database)
            print(f"import {what}: {counts['stored']} stored, {counts['folded']} folded", flush=True)
        print(f"the same articles: {stored(room / 'warc.db') == stored(room / 'shards.db')}", flush=True)


if __name__ == "__main__":
    main()
