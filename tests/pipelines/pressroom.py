"""Pages of imaginary outlets as they would come, for tests of what keeps them."""

from __future__ import annotations

import random
from typing import Any

from crawler.items import RawPage

WORDS = [f"kata{number:04}" for number in range(3000)]


def markup(outlet: str, *, size: int = 20_000) -> str:
    """What all pages of an outlet share, hard to pack alone."""
    chosen = random.Random(outlet)
    return " ".join(f'<div class="{chosen.getrandbits(64):x}">' for _ in range(size // 32))


def html(outlet: str, number: int, *, words: int = 200) -> bytes:
    story = " ".join(random.Random(f"{outlet} {number}").choices(WORDS, k=words))
    return f"<!doctype html><html>{markup(outlet)}<h1>Berita {number}</h1><p>{story}</p></html>".encode()


def raw(number: int = 1, *, outlet: str = "lamau", **changes: Any) -> RawPage:
    values: dict[str, Any] = {
        "url": f"https://www.{outlet}.example/berita/{number}",
        "fetched_at": "2026-07-04T05:00:00+00:00",
        "body": html(outlet, number),
        "content_type": "text/html; charset=utf-8",
        "headers": {"x-robots-tag": "max-snippet:50"},
    }
    return RawPage(**values | changes)
