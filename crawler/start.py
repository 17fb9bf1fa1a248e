"""Where our processes begin: Ctrl-C ends them in a line while the rest is imported, and pandas stays out."""

from __future__ import annotations

import os
import runpy
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_INTERRUPTED = 130


@contextmanager
def interruptible() -> Iterator[None]:
    """Within, Ctrl-C ends the process at once: raised inside of an import it may become another error.

    Nothing may be open or half written within.
    """
    try:
        before = signal.getsignal(signal.SIGINT)
        if before is not signal.default_int_handler:  # ignored, or somebody's own
            yield
            return
        signal.signal(signal.SIGINT, _end)
    except ValueError:  # only the main thread may
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, b"warta: interrupted\n")
    os._exit(_INTERRUPTED)


def main() -> None:
    """``warta``."""
    _spare_pandas()
    with interruptible():
        from crawler.cli import main as program  # noqa: PLC0415
    program(prog_name="warta")


def run(module: str) -> None:
    """A module of ours as the program of a child process."""
    _spare_pandas()
    runpy.run_module(module, run_name="__main__")


def _spare_pandas() -> None:
    """sqlite-utils loads pandas wherever it is installed: a quarter of a second and 95 MB for each process.

    No command needs it; programs that import us get it as ever.
    """
    sys.modules["pandas"] = None  # type: ignore[assignment]


if __name__ == "__main__":
    main()
