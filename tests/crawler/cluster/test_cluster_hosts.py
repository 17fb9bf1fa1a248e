"""What hosts asked for, kept for the next crawl."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from crawler.cluster.connection import connect
from crawler.cluster.hosts import Asked, note_host, read_hosts


async def asked_after(client: Any, *said: tuple[float | None, float | None]) -> Asked:
    for seconds, delay in said:
        await note_host(client, "m.lamau.example", seconds=seconds, delay=delay)
    return (await read_hosts(client, ["lamau.example"]))["m.lamau.example"]


def hosts_after(url: str, *said: tuple[float | None, float | None]) -> Asked:
    async def work() -> Asked:
        client = connect(url, asynchronous=True)
        try:
            return await asked_after(client, *said)
        finally:
            await client.aclose()

    return asyncio.run(work())


@pytest.mark.usefixtures("client")
def test_a_pause_outlives_the_crawl_that_heard_of_it_and_no_shorter_one_cuts_it(redis_url: str) -> None:
    asked = hosts_after(redis_url, (120, None), (5, None))
    assert 118 < asked.not_before - time.monotonic() <= 120


@pytest.mark.usefixtures("client")
def test_the_next_crawl_waits_a_hosts_delay_before_its_first_request(redis_url: str) -> None:
    asked = hosts_after(redis_url, (None, 30))
    assert asked.delay == 30
    assert 29 < asked.not_before - time.monotonic() <= 30
