"""Two Ray nodes on this machine beside the pool: the same rows, also when a node is killed in the middle."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow.dataset

SHARE = ["--share", "1"]
SECONDS = 240


def compare(path: Path, room: Path, warta: Sequence[str]) -> None:
    """Extract a file by the pool, by two nodes, and by two nodes of which one is killed."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    cluster_of: Any = import_module("ray.cluster_utils").Cluster
    by_pool = run(path, room / "by-pool", warta, [])
    print(f"pool: {len(by_pool):,} rows", flush=True)
    for kill in (False, True):
        cluster = cluster_of(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
        second = cluster.add_node(num_cpus=1)
        cluster.wait_for_nodes()
        to = room / ("by-ray-killed" if kill else "by-ray")
        if kill:
            threading.Thread(target=kill_node, args=(cluster, second, to), daemon=True).start()
        try:
            found = run(path, to, warta, ["--engine", "ray", "--address", cluster.address])
        finally:
            cluster.shutdown()
        print(
            f"two nodes{', one killed' if kill else ''}: {len(found):,} rows, "
            f"same as the pool: {found == by_pool}",
            flush=True,
        )


def kill_node(cluster: Any, node: Any, to: Path) -> None:
    """Kill a node, its raylet and workers, when a shard is there and one is being written on that node."""
    (raylet,) = [each.process.pid for each in node.all_processes["raylet"]]
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        done, under_way = len(list(to.glob("*.parquet"))), written_by(processes_under(raylet), to)
        if done and under_way:
            break
        time.sleep(0.01)
    print(
        f"killing a node: {done} shards are there, {len(under_way)} on that node is half written", flush=True
    )
    cluster.remove_node(node, allow_graceful=False)
    left = [
        name for name in under_way if list(to.glob(f"{name.partition('.parquet')[0].lstrip('_')}.parquet"))
    ]
    print(f"it left {len(under_way) - len(left)} of these unfinished", flush=True)


def processes_under(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield from processes_under(int(child))


def written_by(pids: Iterable[int], to: Path) -> list[str]:
    """The shards of a directory that these processes have open and have not finished."""
    found = []
    for pid in pids:
        with contextlib.suppress(OSError):
            for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):
                    path = descriptor.readlink()
                    if path.parent == to and path.name.endswith(".part"):
                        found.append(path.name)
    return found


def run(path: Path, to: Path, warta: Sequence[str], further: Sequence[str]) -> list[dict[str, Any]]:
    shutil.rmtree(to, ignore_errors=True)
    begun = time.monotonic()
    done = subprocess.run(
        [*warta, "extract-many", str(path), "--to", str(to), *SHARE, *further],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"exit code {done.returncode}: {done.stderr[-2000:]}")
        return []
    told = json.loads(done.stdout)  # nothing else stands there
    print(
        f"{time.monotonic() - begun:.0f} s, {told['shards']} shards, {told['records']:,} records, "
        f"{len(done.stderr.splitlines())} lines on standard error",
        flush=True,
    )
    for line in dict.fromkeys(line[:150] for line in done.stderr.splitlines()[:5]):
        print(f"  {line}", flush=True)
    if left := [path.name for path in to.iterdir() if path.name.endswith(".part")]:
        print(f"left behind: {left}", flush=True)
    manifest = json.loads((to / "_manifest.json").read_text())
    print(f"manifest: {len(manifest['shards'])} shards, {manifest['rows']:,} rows", flush=True)
    table = pyarrow.dataset.dataset(to, format="parquet").to_table()
    return sorted(table.to_pylist(), key=lambda row: row["url"])
