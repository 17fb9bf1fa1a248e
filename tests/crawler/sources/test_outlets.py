"""The bundled outlets: what their patterns take for an article, and how fast they decide."""

import re
import time
import tomllib
from pathlib import Path

import pytest

from crawler.discovery import looks_like_article, normalise
from crawler.discovery.urls import MAX_LENGTH
from crawler.sources import Source, load_catalogue
from crawler.sources.platforms import BUNDLED

CATALOGUE = load_catalogue()
SAMPLES = tomllib.loads((Path(__file__).parent / "articles.toml").read_text("utf-8"))

ARTICLES = {
    "detik": [
        "https://news.detik.com/berita/d-7000001/warga-gotong-royong",
        "https://sport.detik.com/sepakbola/liga-indonesia/d-7000002/laga-imbang",
        "https://www.detik.com/jateng/berita/d-7000003/pasar-malam?single=1",
        "http://news.detik.com/berita/2900001/warga-gotong-royong",
    ],
    "kompas": [
        "https://nasional.kompas.com/read/2026/02/01/09300011/rapat-anggaran-ditunda",
        "https://www.kompas.com/tren/read/2026/02/01/103000165/musim-buah?page=all",
    ],
    "tribunnews": [
        "https://www.tribunnews.com/nasional/7700001/rapat-anggaran-ditunda",
        "https://www.tribunnews.com/regional/2026/02/01/pasar-terapung-ramai",
        "https://jabar.tribunnews.com/2026/02/01/kebun-teh-dibuka?page=2",
    ],
    "liputan6": [
        "https://www.liputan6.com/news/read/5500001/rapat-anggaran-ditunda",
        "https://hot.liputan6.com/read/5500002/resep-sederhana",
    ],
    "cnnindonesia": ["https://www.cnnindonesia.com/gaya-hidup/20260201093000-33-1000001/resep-sederhana"],
    "cnbcindonesia": ["https://www.cnbcindonesia.com/news/20260201093000-4-600001/neraca-dagang-surplus"],
    "antaranews": ["https://jatim.antaranews.com/berita/800001/panen-raya"],
    "antaranews-en": ["https://en.antaranews.com/news/340001/harvest-begins"],
    "tempo": [
        "https://www.tempo.co/ekonomi/neraca-dagang-surplus-2000001?page=all",
        "http://gaya.tempo.co/read/news/2015/11/05/060000001/resep-sederhana",
    ],
    "republika": [
        "https://ekonomi.republika.co.id/berita/t9abc1234/neraca-dagang-surplus-lagi",
        "http://ekonomi.republika.co.id/berita/ekonomi/makro/17/01/30/okabc1234-neraca-dagang",
    ],
}

OTHERS = {
    "detik": [
        "https://20.detik.com/detikflash/d-7000001/video-banjir",
        "https://news.detik.com/foto-news/d-7000001/foto-banjir",
        "https://news.detik.com/indeks?page=2",
        "https://news.detik.com/berita",
        "https://bukandetik.com/berita/d-7000001/warga",
    ],
    "kompas": [
        "https://video.kompas.com/read/2026/02/01/09300011/video",
        "https://indeks.kompas.com/?site=all&page=2",
    ],
    "tribunnews": [
        "https://m.tribunnews.com/nasional/7700001/rapat",
        "https://www.tribunnews.com/tag/2026/rapat",
        "https://www.tribunnews.com/index-news?page=2",
        "https://www.tribunnews.com/penulis/12/nama",
    ],
    "liputan6": [
        "https://www.liputan6.com/photo/read/5500001/foto",
        "https://enamplus.liputan6.com/read/5500001/video",
        "https://www.liputan6.com/tag/banjir",
    ],
    "cnnindonesia": ["https://www.cnnindonesia.com/nasional", "https://www.cnnindonesia.com/tag/banjir"],
    "cnbcindonesia": ["https://www.cnbcindonesia.com/tag/surplus", "https://www.cnbcindonesia.com/news/rss"],
    "antaranews": ["https://www.antaranews.com/foto/800001/panen", "https://www.antaranews.com/terkini"],
    "antaranews-en": ["https://en.antaranews.com/tag/rice"],
    "tempo": ["https://www.tempo.co/penulis/nama-orang-12", "https://www.tempo.co/tag/surplus-12"],
    "republika": ["https://www.republika.co.id/indeks", "https://republika.co.id/page/about"],
}


FRONTS = """
/ /nasional /nasional/ /ekonomi/ /berita /news /kategori/olahraga /category/news/ /tag/banjir
/tag/gempa-bumi-di-laut-selatan/ /topik/pemilu /indeks /indeks?page=2 /index /search?q=banjir /page/2 /page/2/
/about /redaksi /tentang-kami /pedoman-media-siber /kontak /privacy-policy /author/ratna-wulandari
/penulis/ratna /foto /video /news/nasional /read /login /wp-login.php /feed/ /rss
""".split()

each_outlet = pytest.mark.parametrize("source", list(CATALOGUE), ids=lambda source: source.slug)


@each_outlet
def test_an_outlet_tells_its_articles_from_other_pages(source: Source) -> None:
    for url in ARTICLES.get(source.slug) or [SAMPLES[source.slug]]:
        assert CATALOGUE.match(url) == source
        assert looks_like_article(url, source), url
    for url in OTHERS.get(source.slug, []):
        assert not looks_like_article(url, source), url


@each_outlet
def test_section_fronts_lists_and_other_fixed_pages_are_no_articles(source: Source) -> None:
    assert source.homepage is not None
    root = "/".join(source.homepage.split("/")[:3])
    assert [path for path in FRONTS if looks_like_article(root + path, source)] == []


def test_every_sample_is_of_a_known_outlet() -> None:
    assert SAMPLES.keys() | ARTICLES.keys() == CATALOGUE.sources.keys()
    assert not SAMPLES.keys() & ARTICLES.keys()


@each_outlet
def test_an_outlet_has_a_way_to_find_articles_within_its_domains(source: Source) -> None:
    endpoints = (
        *source.feeds,
        *source.sitemaps,
        *source.index_pages,
        *source.post_pages,
        *source.listing_pages,
    )
    assert endpoints
    for url in (source.homepage, *endpoints):
        assert url is not None
        assert CATALOGUE.match(url) == source
        assert normalise(url.partition("{")[0]) is not None


@each_outlet
def test_patterns_decide_the_longest_urls_quickly(source: Source) -> None:
    host = f"https://www.{source.domains[0]}/"
    for filling in ("a-", "a/", "1", "read/1/", "2026/02/01/", "d-", "berita/", "-1"):
        url = (host + filling * MAX_LENGTH)[: MAX_LENGTH - 1] + "!"
        started = time.perf_counter()
        looks_like_article(url, source)
        assert time.perf_counter() - started < 0.1, filling


def test_gated_outlets_are_off_and_say_why() -> None:
    off = {source.slug for source in CATALOGUE if not source.enabled}
    assert off == {"antaranews", "antaranews-en", "inews", "jakartapost", "kompas"}
    gated = off - {"jakartapost"}
    assert all("permission" in (CATALOGUE.get(slug).reason or "") for slug in gated)


@each_outlet
def test_rules_remove_no_part_of_every_page(source: Source) -> None:
    removed = [css for rule in source.rules for css in rule.selectors.get("remove", "").split(", ")]
    assert [css for css in removed if css and not re.search(r"[.#\[]", css)] == []


def test_every_bundled_platform_serves_two_outlets_or_more() -> None:
    used = [source.platform for source in CATALOGUE if source.platform]
    known = {path.stem for path in BUNDLED.glob("*.toml")}
    assert {slug for slug in known if used.count(slug) >= 2} == known


def test_the_whole_catalogue_loads_quickly() -> None:
    started = time.process_time()
    assert len(load_catalogue()) >= 97
    assert time.process_time() - started < 1
