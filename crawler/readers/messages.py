"""What passes between the crawl and a reader: pickled calls one way, results the other, each with its length.

Both ends are the same program and nobody else can write to the pipes. An outlet's declaration is sent to a
reader once and named by its slug after that.
"""

from __future__ import annotations

import io
import pickle
import struct
from collections.abc import Callable, Mapping
from typing import Any

from crawler.sources import Source

LENGTH = struct.Struct(">Q")

Call = tuple[Callable[..., Any], tuple[Any, ...], Mapping[str, Any]]
Result = tuple[Any, str | None, str]
#: What a call returned; or, where it raised, the exception's name and its traceback.


def frame(message: bytes) -> bytes:
    """A message as it is sent: its length before it."""
    return LENGTH.pack(len(message)) + message


class CallPickler:
    """Pickles calls for one reader."""

    def __init__(self) -> None:
        self._sent: dict[str, Source] = {}

    def pack(self, call: Call) -> bytes:
        buffer = io.BytesIO()
        pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
        pickler.persistent_id = self._declared  # type: ignore[method-assign]
        pickler.dump(call)
        return buffer.getvalue()

    def _declared(self, value: object) -> tuple[str, bytes | None] | None:
        if not isinstance(value, Source):
            return None
        if self._sent.get(value.slug) is value:
            return value.slug, None
        self._sent[value.slug] = value
        return value.slug, pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


class CallUnpickler:
    """Reads the calls of one :class:`CallPickler`."""

    def __init__(self) -> None:
        self._declared: dict[str, Source] = {}

    def unpack(self, message: bytes) -> Call:
        unpickler = pickle.Unpickler(io.BytesIO(message))  # noqa: S301 (only the crawl writes here)
        unpickler.persistent_load = self._find  # type: ignore[method-assign]
        call: Call = unpickler.load()
        return call

    def _find(self, named: tuple[str, bytes | None]) -> Source:
        slug, declaration = named
        if declaration is not None:
            self._declared[slug] = pickle.loads(declaration)  # noqa: S301
        return self._declared[slug]
