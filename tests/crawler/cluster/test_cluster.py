"""A whole cluster in small: real processes, a real Redis, real kills; tests/benchmarks has the large one."""

from __future__ import annotations

from pathlib import Path

import pytest
from clustering import Cluster, Host, redis_server, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        redis_server() is None, reason="redis-server is missing: apt-get install redis-server"
    ),
]


def test_every_story_is_stored_once_whatever_is_killed(tmp_path: Path) -> None:
    hosts = [Host(number, delay=0.4, last=71 + number) for number in range(2)]
    for host in hosts:
        host.publish(8)
    with Cluster(tmp_path, hosts, lease=3, together=1) as cluster:
        cluster.start_redis()
        cluster.start_writer()
        cluster.start_crawler("one")
        cluster.start_crawler("two")
        wait_until(lambda: cluster.stored() >= 2, 60)
        cluster.kill("one")
        cluster.kill("writer")
        cluster.kill("redis")
        cluster.start_redis()
        cluster.start_writer()
        wait_until(lambda: cluster.stored() == 16, 60)
        assert cluster.stop("two") == 0
        assert cluster.stop("writer") == 0
    assert cluster.ask("SELECT count(DISTINCT url) FROM articles") == 16
    assert cluster.ask("SELECT count(*) FROM versions") == 0
    assert cluster.ask("SELECT sum(amount) FROM run_sources WHERE what = 'stored'") == 16
    assert min(host.shortest_gap() for host in hosts) > 0.3
