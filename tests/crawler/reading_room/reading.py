"""A visitor of the reading room, within this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from crawler.reading_room.app import open_room

Visit = Callable[..., Any]


def visitor(room: Any) -> Visit:
    """``visit(path)`` gets a page of the room; an ``httpx.Response``."""

    def visit(path: str, method: str = "GET", **options: Any) -> Any:
        return asyncio.run(room.client.request(method, path, **options))

    return visit


__all__ = ["Visit", "open_room", "visitor"]
