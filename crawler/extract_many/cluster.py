"""The engine of many machines: a task a share on a Ray cluster that is there already. Ray is an extra.

Each node needs Warta installed, and reaches inputs and shards by the same names. A task that is lost with its
node is run again on another; a shard that was put twice is the same shard.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from crawler.errors import PageError
from crawler.extract_many.pool import Failed
from crawler.extract_many.shard import Made, Setup, make_shard
from crawler.extract_many.shares import Share
from pipelines.extras import import_extra

RETRIES = 5
#: Times that a task is run again where its node or process is lost.


def run_cluster(shares: Iterable[Share], setup: Setup, address: str) -> Iterator[Made | Failed]:
    """What became of each share, in the order in which they are done.

    *address* is that of the cluster (``auto`` for the one of this machine). Raises PageError where there is
    none, MissingExtraError without Ray.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray = import_extra("ray", "ray")
    with _said_aside():
        try:
            ray.init(address=address, log_to_driver=False, logging_level="error")
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise PageError(f"there is no Ray cluster at {address}: {error}.") from None
        try:
            yield from _run(ray, iter(shares), setup)
        finally:
            ray.shutdown()


@contextmanager
def _said_aside() -> Iterator[None]:
    """What Ray says on standard output, in part not by Python, goes to standard error: the first has results.

    Between two results too: whoever reads them prints when all are there.
    """
    sys.stdout.flush()
    results = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(results, 1)
        os.close(results)


def _run(ray: Any, fresh: Iterator[Share], setup: Setup) -> Iterator[Made | Failed]:
    task = ray.remote(num_cpus=1, max_retries=RETRIES)(make_shard)
    lost = (ray.exceptions.WorkerCrashedError, ray.exceptions.NodeDiedError, ray.exceptions.OutOfMemoryError)
    again: list[Share] = []
    running: dict[Any, tuple[Share, bool]] = {}
    while True:
        most = 4 * max(1, int(ray.cluster_resources().get("CPU", 1)))
        while len(running) < most:
            apart = bool(again)
            share = again.pop() if again else next(fresh, None)
            if share is None:
                break
            running[task.remote(share, setup, apart=apart)] = share, apart
        if not running:
            return
        done, _ = ray.wait(list(running), num_returns=1)
        for reference in done:
            share, apart = running.pop(reference)
            try:
                yield ray.get(reference)
            except lost as error:
                if apart:
                    yield Failed(share, f"its task was lost each time: {type(error).__name__}")
                else:  # a page may have killed it: each is read in a process apart
                    again.append(share)
            except (ray.exceptions.RayError, OSError) as error:
                cause = getattr(error, "cause", None) or error
                yield Failed(share, str(cause).partition("\n")[0])
