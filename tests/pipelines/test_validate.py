import pytest
from newsroom import full_story, story

from crawler.items import Boilerplate, Dateline, Image
from pipelines.validate import reason_against

BARE = {"published": None, "source": None}
FLASH = (
    "Gempa bermagnitudo 4,1 mengguncang Teluk Lamau pada Sabtu pagi. Badan penanggulangan bencana "
    "menyatakan belum ada laporan kerusakan dan gempa tidak berpotensi tsunami."
)
TEASERS = "\n\n".join(
    [
        "Harga Garam Naik Dua Kali Lipat di Pesisir",
        "3 jam yang lalu",
        "Nelayan Tirta Kembali Melaut",
        "Daerah",
        "Festival Perahu Hias Digelar Pekan Depan",
        "Olahraga",
        "Klub Sagara Menang Tipis di Kandang Lawan",
    ]
)


def test_a_story_is_an_article() -> None:
    assert reason_against(full_story()) is None


def test_a_long_story_without_date_or_author_is_an_article() -> None:
    assert reason_against(story(**BARE)) is None


def test_a_dated_flash_of_two_sentences_is_an_article() -> None:
    assert reason_against(story(body=FLASH)) is None


def test_a_flash_with_a_dateline_is_an_article() -> None:
    dateline = Dateline("TELUK LAMAU -", "TELUK LAMAU")
    assert reason_against(story(body=FLASH, **BARE, dateline=dateline)) is None


def test_a_flash_that_nothing_speaks_for_is_none() -> None:
    assert reason_against(story(body=FLASH, **BARE)) == "no story"


@pytest.mark.parametrize(
    "shown",
    [
        {"images": [Image("https://foto.example/1.jpg", "Perahu hias berlayar di Teluk Lamau, Sabtu")]},
        {"boilerplate": [Boilerplate("caption", "Perahu hias berlayar di Teluk Lamau, Sabtu")]},
        {"boilerplate": [Boilerplate("video", "Tonton: perahu hias berlayar di teluk")]},
    ],
)
def test_a_dated_photo_or_video_with_a_caption_is_an_article(shown: dict) -> None:
    assert reason_against(story(body="", **shown)) is None
    assert reason_against(story(body="", **shown, **BARE)) == "no story"


def test_a_page_without_a_headline_is_none() -> None:
    assert reason_against(story(headline="  ")) == "no headline"


def test_a_page_without_a_story_is_none() -> None:
    assert reason_against(story(body="")) == "no story"


@pytest.mark.parametrize(
    "headline",
    [
        "404",
        "404 Not Found",
        "Error 404",
        "Galat 404: halaman tidak ada",
        "Halaman tidak ditemukan",
        "Maaf, halaman yang Anda cari tidak ditemukan!",
        "Oops! Halaman Tidak Ditemukan | Kabar Lamau",
        "Artikel tidak ditemukan",
        "Halaman tidak dijumpai",
        "Page not found - Kabar Lamau",
        "Sorry, the page you requested could not be found.",
        "403 Forbidden",
        "503 Service Unavailable",
        "Access Denied",
        "Just a moment...",
        "Attention Required! | Penjaga",
    ],
)
def test_an_error_served_as_a_page_is_no_article(headline: str) -> None:
    assert reason_against(story(headline=headline)) == "error page"


@pytest.mark.parametrize(
    "headline",
    [
        "404 Rumah Rusak akibat Gempa",
        "500 Personel Diterjunkan ke Teluk Lamau",
        "Korban Tanah Longsor Tidak Ditemukan",
        "Akses Ditolak Warga, Alat Berat Mundur",
        "Terjadi Kesalahan Teknis pada Kapal Feri",
        "Page Two of the Treaty Is Not Found in the Archive",
    ],
)
def test_a_headline_about_errors_is_no_error(headline: str) -> None:
    assert reason_against(story(headline=headline)) is None


@pytest.mark.parametrize("url", ["https://lamau.example", "https://www.lamau.example/"])
def test_a_front_page_is_no_article(url: str) -> None:
    assert reason_against(story(url=url)) == "front page"


def test_an_article_addressed_by_a_parameter_is_on_no_front_page() -> None:
    assert reason_against(story(url="https://lamau.example/?p=512")) is None


def test_a_list_of_teasers_is_no_article() -> None:
    assert reason_against(story(body=TEASERS, **BARE)) == "list of articles"


@pytest.mark.parametrize("path", ["daerah", "daerah/", "berita/daerah"])
def test_a_section_front_is_none_though_a_teaser_lent_it_a_date(path: str) -> None:
    assert reason_against(story(url=f"https://lamau.example/{path}", body=TEASERS)) == "list of articles"


def test_a_dated_story_that_is_a_list_is_an_article() -> None:
    assert reason_against(story(body=TEASERS)) is None


def test_a_story_in_a_file_is_an_article() -> None:
    assert reason_against(story(url="file:///simpanan/1.html")) is None
    assert reason_against(story(url="")) is None
