from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clustering import answers, free_port, redis_server, wait_until

from crawler.cluster.connection import connect


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of the module's own, with an append-only file."""
    program, directory, port = redis_server(), tmp_path_factory.mktemp("redis"), free_port()
    if program is None:
        pytest.skip("redis-server is missing: apt-get install redis-server")
    settings = f"--port {port} --bind 127.0.0.1 --appendonly yes --dir {directory}".split()
    with Path(directory, "told.txt").open("wb") as told:
        process = subprocess.Popen([program, *settings, "--save", ""], stdout=told)
    try:
        wait_until(lambda: answers(port), 15)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait(10)


@pytest.fixture
def client(redis_url: str) -> Iterator[Any]:
    """An empty Redis."""
    client = connect(redis_url)
    client.flushall()
    yield client
    client.close()
