"""``warta serve``: it opens, it closes when it is told to, and says why where it cannot."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from command_line import WARTA


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_and_ends_cleanly(news: Path, number: signal.Signals) -> None:
    command = [*WARTA, "serve", "--db", str(news), "--port", "0"]
    with subprocess.Popen(
        command,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            assert process.stdout
            address = process.stdout.readline().split(" open at ")[1].split()[0]
            assert address.startswith("http://127.0.0.1:")
            with urllib.request.urlopen(f"{address}?q=jembatan", timeout=30) as answer:
                assert "Jembatan Kali Tirta" in answer.read().decode()
            process.send_signal(number)
            out, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, out, errors) == (0, "", "")


def test_a_port_in_use_is_told(warta: Callable[..., Result], news: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = warta("serve", "--db", news, "--port", port)
    assert result.exit_code == 1
    assert f"127.0.0.1 port {port} cannot be served at" in result.output
    assert "--port 0" in result.output


def test_a_host_that_is_none_is_told(warta: Callable[..., Result], news: Path) -> None:
    result = warta("serve", "--db", news, "--host", "198.51.100.7", "--port", "0")
    assert result.exit_code == 1
    assert "cannot be served at" in result.output


def test_a_missing_database_is_told(warta: Callable[..., Result]) -> None:
    result = warta("serve", "--db", "none.db", "--port", "0")
    assert result.exit_code == 3
    assert "there is no database" in result.output


def test_without_the_extra_it_says_how_it_is_had(
    warta: Callable[..., Result], news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "datasette", None)
    result = warta("serve", "--db", news)
    assert result.exit_code == 2
    assert "pip install 'warta[serve]'" in result.output
