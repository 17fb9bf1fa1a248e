"""A database in which a wire story travels through outlets, with hostile names among them; for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from crawler.items import Article, Candidate, Dateline, Fetch, Visit
from pipelines.database import Writer, open_database

HOSTILE_OUTLET = "<script>alert(1)</script>"
HOSTILE_AUTHOR = '"><img src=x onerror=alert(1)>\u202e'
HOSTILE_PLACE = "KOTA <b>{{ 7 * 7 }}</b>"

WIRE = [
    f"Kapal penyeberangan {name} kembali berlayar pada pagi {day} setelah cuaca di selat itu membaik dan "
    f"tinggi gelombang turun di bawah dua meter menurut petugas pelabuhan {name} yang berjaga sejak {day}."
    for name, day in (
        ("Lamau", "Senin"),
        ("Tirta", "Selasa"),
        ("Wanamarta", "Rabu"),
        ("Sagara", "Kamis"),
        ("Senandika", "Jumat"),
        ("Kali Rimba", "Sabtu"),
    )
]
OWN = (
    "Warga setempat berharap jadwal tidak lagi berubah tiba-tiba karena banyak pedagang menunggu "
    "berhari-hari dengan sayur yang mulai layu di dermaga."
)

#: Outlet, hour of 4 July, story.
TRAVEL = [
    ("sagara", 1, "\n\n".join(WIRE)),
    ("lamau", 2, "\n\n".join(WIRE)),
    ("wanamarta", 4, "\n\n".join([*WIRE[:5], OWN])),
    ("senandika", 9, "\n\n".join(WIRE[:3])),
    (HOSTILE_OUTLET, 20, "\n\n".join([OWN, *WIRE[:4]])),
]


def fill(path: Path) -> Path:
    """Make the database at *path*."""
    with Writer(open_database(path, create=True)) as writer:
        run = writer.start_run("crawl", ["sagara", "lamau", "wanamarta", "senandika", "tirta"])
        for number, (outlet, hour, body) in enumerate(TRAVEL, 1):
            _store(writer, run, number, outlet, f"2026-07-04T{hour:02d}:00:00+07:00", body)
        for number in range(10, 16):
            body = f"Berita setempat ke-{number} tentang " + " ".join(f"kata{number}x{n}" for n in range(80))
            _store(writer, run, number, "tirta", f"2026-07-{number - 8:02d}T12:00:00+07:00", body)
        writer.count(run, "lamau", "refused", 3, reason="robots.txt")
        writer.finish_run(run, reason="finished", stats={})
    return path


def _store(writer: Writer, run: int, number: int, outlet: str, published: str, body: str) -> None:
    url = f"https://www.{outlet if outlet.isalpha() else 'lain'}.example/berita/{number}"
    hostile = outlet == HOSTILE_OUTLET
    place = HOSTILE_PLACE if hostile else "LAMAU" if number % 2 else "Lamau"
    article = Article(
        url=url,
        canonical_url=url,
        source=outlet,
        headline="Kapal <i>Lamau</i> Berlayar Lagi" if number < 10 else f"Berita Tirta {number}",
        authors=[HOSTILE_AUTHOR if hostile else "Sari Danu"],
        dateline=Dateline(f"{place} -", place=place),
        published=published,
        section="Daerah" if number % 3 else None,
        language="id",
        body=body,
    )
    seen = "2026-07-08T05:00:00+00:00"
    writer.store(Visit(article, Fetch(url, url, seen, 200), Candidate(url, outlet)), run)


def outlet_that_lost_its_authors(path: Path, now: datetime, named: int = 60) -> Path:
    """Make a database of 72 stories of one outlet, two hours apart; only the first *named* have an author."""
    with Writer(open_database(path, create=True)) as writer:
        run = writer.start_run("crawl", ["lamau"])
        for number in range(1, 73):
            published = (now - timedelta(hours=2 * (73 - number))).isoformat(timespec="seconds")
            article = _of_lamau(number, published, named=number <= named)
            fetch = Fetch(article.url, article.url, published, 200)
            writer.store(Visit(article, fetch, Candidate(article.url, "lamau")), run)
        writer.finish_run(run, reason="finished", stats={})
    return path


def outlet_whose_stories_lost_their_authors(path: Path, now: datetime) -> Path:
    """The same outlet, all with an author; of 60 that are asked for again ten have none any more."""
    outlet_that_lost_its_authors(path, now, named=72)
    with Writer(open_database(path)) as writer:
        run = writer.start_run("crawl", ["lamau"])
        for number in range(1, 61):
            url = f"https://www.lamau.example/berita/{number}"
            asked = (now - timedelta(minutes=61 - number)).isoformat(timespec="seconds")
            (published,) = writer.db.execute(
                "SELECT published FROM articles WHERE url = ?", (url,)
            ).fetchone()
            article = _of_lamau(number, published, named=number <= 50)
            writer.store(Visit(article, Fetch(url, url, asked, 200), Candidate(url, "lamau")), run)
        writer.finish_run(run, reason="finished", stats={})
    return path


def _of_lamau(number: int, published: str, *, named: bool) -> Article:
    url = f"https://www.lamau.example/berita/{number}"
    return Article(
        *(url, url, "lamau"),
        headline=f"Berita Lamau {number}",
        authors=["Sari Danu"] if named else [],
        published=published,
        body=" ".join(f"kata{number}x{n}" for n in range(60)),
        confidence=0.9,
    )
