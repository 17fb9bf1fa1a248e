"""What `warta cluster` says where something is missing or does not hold."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import pytest
from click.testing import CliRunner, Result
from clustering import free_port

from crawler.cli import main
from crawler.cluster.connection import DUE, LEASE, STREAM, place


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["cluster", *arguments])


def test_redis_is_imported_only_when_it_is_connected_to() -> None:
    code = "import sys, crawler.cli.cluster, crawler.cluster.rounds; print('redis' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


@pytest.mark.parametrize("command", ["crawl", "write", "status"])
def test_without_the_extra_it_says_how_to_install_it(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    result = run(command)
    assert result.exit_code == 2
    assert "pip install 'warta[redis]'" in result.stderr


@pytest.mark.parametrize("command", ["crawl", "write", "status"])
def test_what_is_no_address_of_a_redis_is_told(command: str) -> None:
    result = run(command, "--redis", "127.0.0.1:6379")
    assert result.exit_code == 2
    assert "redis://127.0.0.1:6379/0" in result.stderr


def test_a_redis_that_does_not_answer_is_told_by_status() -> None:
    port = free_port()
    result = run("status", "--redis", f"redis://:rahasia@127.0.0.1:{port}/0")
    assert result.exit_code == 4
    assert f"127.0.0.1:{port}/0 does not answer" in result.stderr
    assert "rahasia" not in result.output


def test_a_password_is_never_told() -> None:
    assert place("rediss://warta:rahasia@redis.example:6380/2") == "redis.example:6380/2"


def test_status_tells_what_waits_and_what_is_leased(redis_url: str, client: Any) -> None:
    client.set(f"{LEASE}lamau.example", 7)
    client.set("warta:crawler:7", "mesin:123")
    client.zadd(DUE, {"lamau": 0, "sinar": time.time() + 60})
    client.xadd(STREAM, {"notes": ""})
    told = json.loads(run("status", "--redis", redis_url, "--json").stdout)
    assert told == {
        "waiting": 1,
        "writer": None,
        "due": 1,
        "leased": {"lamau.example": "mesin:123"},
        "let_alone": {},
    }
