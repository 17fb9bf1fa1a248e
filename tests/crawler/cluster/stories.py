"""Stories as a crawl notes them."""

from __future__ import annotations

from typing import Any

from crawler.items import Article, Boilerplate, Dateline, Image, Link


def story(number: int, **changes: Any) -> Article:
    url = f"https://www.lamau.example/berita/{number}/panen-garam"
    values: dict[str, Any] = {
        "url": url,
        "canonical_url": url,
        "source": "lamau",
        "headline": f"Panen Garam {number}",
        "body": f"Petani garam di Teluk Lamau memanen untuk kali ke-{number}. " * 12,
        "published": "2026-07-04T09:30:00+07:00",
    }
    return Article(**values | changes)


def full_story() -> Article:
    """With a value in every field that is no plain text."""
    return story(
        1,
        dateline=Dateline("TELUK LAMAU, Lamau.example -", "TELUK LAMAU", "Lamau.example", None),
        tags=["garam", "kemarau"],
        related=[Link("Harga Garam Naik", "https://www.lamau.example/berita/7/harga-garam")],
        boilerplate=[Boilerplate("related", "Baca juga", [Link("Harga", "https://lamau.example/7")])],
        images=[Image("https://foto.lamau.example/1.jpg", "Petani garam", "Foto: Made")],
        complete=False,
        evidence={"headline": "h1"},
        warnings=["two dates differ"],
    )
