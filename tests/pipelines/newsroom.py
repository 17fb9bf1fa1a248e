"""Visits of imaginary outlets' stories, for tests."""

from typing import Any

from crawler.items import Article, Boilerplate, Candidate, Dateline, Fetch, Image, Link, Visit

STORY = (
    "Petani garam di Teluk Lamau mulai memanen lebih awal karena kemarau datang tiga pekan lebih cepat. "
    "Harga di tingkat petani naik menjadi seribu dua ratus rupiah per kilogram.\n\n"
    "Ketua koperasi setempat mengatakan gudang baru akan selesai bulan depan. Sampai saat itu garam "
    "disimpan di balai desa dan ditutup terpal agar tidak terkena embun malam. Dinas perikanan berjanji "
    "mengirim dua mesin pencuci garam sebelum panen kedua dimulai."
)


def story(number: int = 1, *, outlet: str = "lamau", **changes: Any) -> Article:
    url = f"https://www.{outlet}.example/berita/{number}/panen-garam"
    values: dict[str, Any] = {
        "url": url,
        "canonical_url": url,
        "source": outlet,
        "headline": f"Panen Garam Lebih Awal {number}",
        "body": f"{STORY}\n\nLaporan ke-{number}.",
        "published": "2026-07-04T09:30:00+07:00",
    }
    return Article(**values | changes)


def full_story(number: int = 1, *, outlet: str = "lamau") -> Article:
    """A story with every field filled."""
    return story(
        number,
        outlet=outlet,
        deck="Kemarau datang lebih cepat",
        byline="Penulis: Sari Danu | Editor: Togar Wibawa",
        authors=["Sari Danu", "Made Puspa"],
        editors=["Togar Wibawa"],
        dateline=Dateline("TELUK LAMAU, Lamau.example -", "TELUK LAMAU", "Lamau.example", None),
        modified="2026-07-04T11:00:00+07:00",
        published_raw="Sabtu, 4 Juli 2026 | 09:30 WIB",
        published_from="visible",
        section="Daerah",
        tags=["garam", "kemarau"],
        language="id",
        related=[Link("Harga Garam Naik", "https://www.lamau.example/berita/7/harga-garam")],
        boilerplate=[
            Boilerplate("related", "Baca juga: Harga Garam Naik", [Link("Harga", "https://lamau.example/7")]),
            Boilerplate("comment_prompt", "Tulis komentar"),
        ],
        images=[Image("https://foto.lamau.example/1.jpg", "Petani garam", "Foto: Made")],
        pages=2,
        complete=False,
        access="free",
        confidence=0.75,
        evidence={"headline": "h1"},
        warnings=["two dates differ"],
        extractor="warta 0.1.0",
    )


def visit(article: Article | None = None, *, at: str = "2026-07-04T05:00:00+00:00", **fetched: Any) -> Visit:
    article = article or story()
    values: dict[str, Any] = {
        "url": article.url,
        "requested_url": article.url,
        "fetched_at": at,
        "status": 200,
        "etag": '"a1"',
        "content_hash": "00" * 32,
    }
    return Visit(article, Fetch(**values | fetched), Candidate(article.url, article.source))
