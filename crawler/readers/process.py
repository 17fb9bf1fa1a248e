"""The reader itself: a process that takes calls from its standard input and answers on its standard output.

It ends when its input does, so none outlives a crawl that was killed.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import pickle
import sys
import traceback
from typing import BinaryIO

import feedparser  # noqa: F401 (these are loaded before the first call, not during it)

import crawler.discovery
import crawler.extractors  # noqa: F401
from crawler.readers.messages import LENGTH, CallUnpickler, Result, frame

READY = b"ready"

COLLECT_EVERY = (20_000, 20, 50)
#: Trees of pages are let go as a whole: looking for cycles among them as often as Python does by itself costs
#: one twentieth of all reading.


def serve(calls: BinaryIO, answers: BinaryIO) -> None:
    """Answer calls until there are no more."""
    unpickler = CallUnpickler()
    _send(answers, READY)
    while len(head := calls.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        message = calls.read(length)
        if len(message) < length:
            return
        _send(answers, pickle.dumps(_answer(unpickler, message), pickle.HIGHEST_PROTOCOL))


def _answer(unpickler: CallUnpickler, message: bytes) -> Result:
    try:
        function, arguments, named = unpickler.unpack(message)
        return function(*arguments, **named), None, ""
    except Exception as fault:  # it is told with the page it came of
        return None, type(fault).__name__, traceback.format_exc()


def _send(answers: BinaryIO, message: bytes) -> None:
    answers.write(frame(message))
    answers.flush()


def main() -> None:
    # What a library prints must not land among the answers, nor its log in the terminal.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.disable(logging.CRITICAL)
    gc.freeze()
    gc.set_threshold(*COLLECT_EVERY)
    with contextlib.suppress(BrokenPipeError):  # the crawl was killed
        serve(sys.stdin.buffer, answers)
    os._exit(0)


if __name__ == "__main__":
    main()
