"""Small news pages for tests: sentences written for them, and the frame of a plain article page."""

from __future__ import annotations

from typing import Any

from crawler.extractors import extract
from crawler.items import Article

URL = "https://pesisir.example/berita/tanggul-darurat-teluk-randu"
HEADLINE = "Warga Teluk Randu Bangun Tanggul Darurat dari Karung Pasir"
LEDE = (
    "Ratusan warga Desa Teluk Randu bergotong royong membangun tanggul darurat sepanjang 600 meter "
    "setelah air laut merendam permukiman mereka tiga malam berturut-turut."
)
SECOND = (
    "Kepala desa setempat, Marzuki Lating, mengatakan pekerjaan itu dimulai pada Senin pagi dan diperkirakan "
    "selesai sebelum puncak pasang berikutnya pada akhir pekan."
)
THIRD = (
    "Menurut dia, sedikitnya 4.000 karung pasir telah disusun oleh warga, nelayan, dan pelajar "
    "yang diliburkan "
    "karena ruang kelas mereka ikut tergenang air setinggi lutut."
)
FOURTH = (
    "Dinas pekerjaan umum berjanji mengirim dua alat berat untuk memperkuat tanggul itu, tetapi "
    "jalan menuju desa "
    "masih terputus sehingga kendaraan besar belum dapat melintas."
)
FIFTH = (
    "Warga berharap pemerintah membangun tanggul permanen tahun ini, sebab setiap musim angin "
    "barat puluhan rumah "
    "di tepi pantai selalu rusak diterjang ombak."
)
STORY = [LEDE, SECOND, THIRD, FOURTH, FIFTH]


def paragraphs(*texts: str) -> str:
    """Each text as a ``p`` element; the whole story where none is given."""
    return "\n".join(f"<p>{text}</p>" for text in texts or STORY)


def page(
    story: str = "", *, head: str = "", above: str = "", before: str = "", below: str = "", heading: str = ""
) -> bytes:
    """An article page: the story in its container, ``above`` and ``before`` around the heading."""
    heading = heading or f"<h1>{HEADLINE}</h1>"
    return f"""<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>{HEADLINE} - Kabar Pesisir</title>
<meta property="og:title" content="{HEADLINE}">
<meta property="og:site_name" content="Kabar Pesisir">{head}
</head><body><header><a href="/">Kabar Pesisir</a></header>
<nav><ul><li><a href="/daerah">Daerah</a></li><li><a href="/ekonomi">Ekonomi</a></li></ul></nav>
<main><article>{above}{heading}{before}
<div class="article-body">{story or paragraphs()}</div>
{below}</article></main>
<footer><p>© 2026 Kabar Pesisir. <a href="/redaksi">Redaksi</a></p></footer></body></html>""".encode()


def read(story: str = "", *, url: str = URL, source: Any = None, **frame: str) -> Article:
    """The record of such a page."""
    return extract(page(story, **frame), url, source=source)


def body_of(article: Article) -> list[str]:
    return article.body.split("\n\n")


def kept(article: Article, kind: str) -> list[str]:
    """The texts of an article's boilerplate of one kind."""
    return [block.text for block in article.boilerplate if block.kind == kind]
