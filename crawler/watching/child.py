"""The watch's side of a round: starts the process that crawls, waits for its report, and tells it to stop."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from threading import Timer

from crawler.watching.rounds import STOP_SECONDS, Order, Report

KILL_SECONDS = 9.0
#: So long after it was told to stop a crawl is killed.


class Child:
    """A process that crawls; its report goes through a file, since its readers hold its pipes open."""

    def __init__(self, order: Order, module: str = "crawler.watching.rounds") -> None:
        """Start the process; *module* is run as its program and takes the order."""
        self._said, path = tempfile.mkstemp()
        os.unlink(path)
        # A session of its own: Ctrl-C in a terminal reaches the watch alone, which tells the child once.
        self._process = subprocess.Popen(  # noqa: S603 (a module of ours)
            [sys.executable, "-P", "-c", f"from crawler.start import run; run({module!r})"],
            stdin=subprocess.PIPE,
            stdout=self._said,
            start_new_session=True,
        )
        self._timers: list[Timer] = []
        assert self._process.stdin is not None  # noqa: S101
        with contextlib.suppress(BrokenPipeError):  # it died at once, which its report tells
            self._process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
            self._process.stdin.flush()

    def wait(self) -> Report:
        """The report, when the process has ended."""
        code = self._process.wait()
        for timer in self._timers:
            timer.cancel()
        with contextlib.suppress(ProcessLookupError, PermissionError):  # readers of one that was killed
            os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        with os.fdopen(self._said, "rb") as said:
            said.seek(0)
            lines = said.read().splitlines()
        try:
            return Report(**json.loads(lines[-1]))
        except (IndexError, TypeError, ValueError):
            how = f"died ({signal.Signals(-code).name})" if code < 0 else f"ended with code {code}"
            return Report(error=f"the crawl {how}")

    def stop(self) -> None:
        """Let it end: what is on its way is waited for, but not long. Told twice is told once."""
        if self._timers:
            return
        self._signal(signal.SIGTERM)
        for seconds, number in ((STOP_SECONDS, signal.SIGTERM), (KILL_SECONDS, signal.SIGKILL)):
            timer = Timer(seconds, self._signal, (number,))
            timer.daemon = True
            timer.start()
            self._timers.append(timer)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)
