"""The command line as a process of its own, behind a pipe or in a real terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from crawler.items import Article, Fetch, Visit

WARTA = [sys.executable, "-c", "from crawler.start import main; main()"]


def visit(article: Article) -> Visit:
    return Visit(article, Fetch(article.url, article.url, "2026-03-06T00:00:00+00:00", 200))


def in_terminal(*arguments: object, cwd: Path, columns: int = 100) -> str:
    """What a command prints in a terminal: run in a real one of that width."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"COLUMNS": str(columns), "TERM": "xterm-256color", "NO_COLOR": ""}
    process = subprocess.Popen(
        [*WARTA, *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd, env=environment
    )
    os.close(theirs)
    printed = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # Linux: the last writer is gone
            break
        if not part:
            break
        printed += part
    process.wait(30)
    os.close(ours)
    return printed.decode().replace("\r\n", "\n")
