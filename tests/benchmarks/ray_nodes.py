"""Two Ray nodes on this machine beside the pool: the same rows, also when a node is killed in the middle."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow.dataset

SHARE = ["--share", "1"]


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
    """Kill a node, its raylet and workers, when the first two shards are there."""
    while not to.is_dir() or len(list(to.glob("*.parquet"))) < 2:
        time.sleep(0.05)
    print(f"killing a node at {len(list(to.glob('*.parquet')))} shards", flush=True)
    cluster.remove_node(node, allow_graceful=False)


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
    told = json.loads(done.stdout.strip().rpartition("\n")[2])
    print(
        f"{time.monotonic() - begun:.0f} s, {told['shards']} shards, {told['records']:,} records", flush=True
    )
    table = pyarrow.dataset.dataset(to, format="parquet").to_table()
    return sorted(table.to_pylist(), key=lambda row: row["url"])
