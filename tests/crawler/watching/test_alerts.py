"""Alerts: each thing once until it is over, to a command and to a web address."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlite_utils import Database

from crawler.errors import SettingError
from crawler.watching import alerts
from crawler.watching.alerts import Hooks, read_hooks, tell_changes
from pipelines.database import open_database
from pipelines.database.outlets.health import Finding

SILENT = Finding(
    "lamau", "silent", "2026-07-04T03:00:00Z", "nothing new for 30 hours", ("https://a.example",)
)
NOW = "2026-07-05T09:00:00Z"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_database(tmp_path / "news.db", create=True)
    yield db
    db.close()


@pytest.fixture
def command(tmp_path: Path) -> Hooks:
    """A command that keeps what it is told, a line each."""
    script = tmp_path / "tell me.py"
    script.write_text(
        "import sys\nopen(sys.argv[1], 'a').write(sys.stdin.read() + '\\n')\nsys.exit(int(sys.argv[2]))\n"
    )
    return Hooks([sys.executable, str(script), str(tmp_path / "told"), "0"])


def told(tmp_path: Path) -> list[dict[str, Any]]:
    path = tmp_path / "told"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    answers: list[int]
    bodies: list[Any]


class Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.answers.pop(0))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener(("127.0.0.1", 0), Handler)
    server.answers, server.bodies = [], []
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def webhook(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> Hooks:
    monkeypatch.setattr(alerts.time, "sleep", lambda _: None)
    return Hooks(webhook=f"http://127.0.0.1:{listener.server_port}/rahasia-77")


def test_a_finding_is_told_once_and_once_more_when_it_is_over(
    db: Database, command: Hooks, tmp_path: Path
) -> None:
    for findings in ([SILENT], [SILENT], [], []):
        tell_changes(db, ["lamau"], findings, command, NOW)
    began, ended = told(tmp_path)
    assert began == {
        "event": "began",
        "source": "lamau",
        "what": "silent",
        "since": "2026-07-04T03:00:00Z",
        "told": "nothing new for 30 hours",
        "examples": ["https://a.example"],
        "before": None,
        "now": None,
        "again": False,
    }
    assert (ended["event"], ended["source"], ended["what"]) == ("ended", "lamau", "silent")


def test_what_was_told_of_other_outlets_is_not_over(db: Database, command: Hooks, tmp_path: Path) -> None:
    tell_changes(db, ["lamau"], [SILENT], command, NOW)
    tell_changes(db, ["sagara"], [], command, NOW)
    assert len(told(tmp_path)) == 1


def test_a_command_that_fails_is_told_again(db: Database, command: Hooks, tmp_path: Path) -> None:
    failing = Hooks([*command.command[:-1], "7"])
    tell_changes(db, ["lamau"], [SILENT], failing, NOW)
    tell_changes(db, ["lamau"], [SILENT], command, NOW)
    tell_changes(db, ["lamau"], [SILENT], command, NOW)
    assert len(told(tmp_path)) == 2


def test_a_command_that_is_not_there_is_told_and_ends_nothing(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    tell_changes(db, ["lamau"], [SILENT], Hooks(["/no/such/program"]), NOW)
    assert "the alert command /no/such/program failed: No such file" in caplog.text


def test_nothing_of_an_alert_reaches_a_shell(db: Database, command: Hooks, tmp_path: Path) -> None:
    words = read_hooks(f"{' '.join(map(repr, command.command[:2]))} {tmp_path / 'told'} 0; touch x", None)
    assert words.command[-3:] == ["0;", "touch", "x"]


def test_a_webhook_gets_the_alert_as_json(db: Database, webhook: Hooks, listener: Listener) -> None:
    listener.answers = [204]
    tell_changes(db, ["lamau"], [SILENT], webhook, NOW)
    assert listener.bodies[0]["told"] == "nothing new for 30 hours"


def test_a_webhook_in_trouble_is_asked_three_times(db: Database, webhook: Hooks, listener: Listener) -> None:
    listener.answers = [503, 429, 200]
    tell_changes(db, ["lamau"], [SILENT], webhook, NOW)
    assert len(listener.bodies) == 3
    tell_changes(db, ["lamau"], [SILENT], webhook, NOW)
    assert len(listener.bodies) == 3


def test_a_webhook_that_refuses_is_told_without_its_path(
    db: Database, webhook: Hooks, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    listener.answers = [403]
    tell_changes(db, ["lamau"], [SILENT], webhook, NOW)
    assert "the alert webhook at 127.0.0.1 failed: http 403" in caplog.text
    assert "rahasia" not in caplog.text
    assert len(listener.bodies) == 1


def test_a_webhook_that_nobody_listens_to_is_told_and_ends_nothing(
    db: Database, webhook: Hooks, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    tell_changes(db, ["lamau"], [SILENT], Hooks(webhook="http://127.0.0.1:1/"), NOW)
    assert "the alert webhook at 127.0.0.1 failed" in caplog.text


@pytest.mark.parametrize(
    ("command", "webhook"),
    [("tell 'me", None), ("", "file:///etc/passwd"), ("", "rahasia"), ("", "http://")],
)
def test_hooks_that_do_not_hold_are_refused(command: str, webhook: str | None) -> None:
    with pytest.raises(SettingError, match="alerts"):
        read_hooks(command, webhook)
