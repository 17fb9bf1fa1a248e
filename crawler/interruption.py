"""Ctrl-C while modules are imported: it ends the process in a line."""

from __future__ import annotations

import os
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
