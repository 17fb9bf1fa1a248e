"""Where a story begins and ends: what is said only at its end, what stands beside it, what follows it."""

from __future__ import annotations

import pytest
from newsprint import (
    FIFTH,
    FOURTH,
    HEADLINE,
    LEDE,
    SECOND,
    STORY,
    THIRD,
    body_of,
    kept,
    page,
    paragraphs,
    read,
)

from crawler.extractors import extract

OTHER = "Nelayan Teluk Randu Kembali Melaut Setelah Badai"
OTHER_STORY = [
    "Puluhan perahu kembali turun ke laut setelah angin kencang mereda pada akhir pekan lalu.",
    "Hasil tangkapan hari pertama dijual di pelelangan dengan harga dua kali harga bulan lalu.",
    "Sebagian nelayan masih memperbaiki perahu mereka yang pecah dihantam gelombang tinggi.",
]
BYLINE = '<div class="byline">Laras Wulandari</div><div>Senin, 9 Maret 2026 10:15 WITA</div>'

# --- what is said only at a story's end

NOTES = [
    ("Artikel ini disusun dengan bantuan AI dan ditinjau oleh redaksi.", "credit"),
    ("Konten ini adalah kerja sama Kabar Pesisir dengan Dinas Kelautan.", "credit"),
    ("Ralat: jumlah karung yang benar 4.000, bukan 400. Redaksi memohon maaf.", "credit"),
    ("Dilaporkan oleh wartawan Kabar Pesisir, Laras Wulandari.", "credit"),
    ("**Tulisan ini sudah melalui penyuntingan redaksi", "credit"),
    ("*) Penulis buku tentang pesisir, tinggal di Teluk Randu", "credit"),
    ("-lw-", "credit"),
    ("Kunjungi terus Kabar Pesisir untuk berita terbaru.", "follow"),
    ("Silakan klik di sini untuk mengikuti saluran kami.", "follow"),
    ("Terima kasih sudah membaca sampai akhir.", "follow"),
    ("Jika Anda menyukai berita ini, dukung kerja jurnalistik kami.", "subscribe"),
    ("Dukungan Anda menambah semangat kami menyajikan berita yang bermanfaat.", "subscribe"),
    ("Berikut video selengkapnya:", "video"),
    ("Hak jawab dan koreksi dapat dikirim kepada redaksi.", "copyright"),
    ("Our Standards: how the newsroom works.", "credit"),
    ("With reporting by Jane Doe.", "credit"),
    ("Have a tip? Write to the newsroom.", "follow"),
    ("Sila klik pautan di bawah untuk berita lanjut.", "follow"),
]


@pytest.mark.parametrize(("note", "kind"), NOTES)
def test_a_note_at_the_storys_end_is_kept_by_kind_and_is_none_of_it(note: str, kind: str):
    article = read(paragraphs(*STORY, note))
    assert body_of(article) == STORY
    assert note in kept(article, kind)


@pytest.mark.parametrize(
    "opening",
    ["Artikel ini ditulis", "Catatan:", "Kunjungi terus", "Isi tulisan", "Hak jawab", "Jika Anda menyukai"],
)
def test_what_speaks_at_a_storys_end_says_nothing_among_its_paragraphs(opening: str):
    sentence = f"{opening} kata itu terpampang di papan pengumuman desa sejak tanggul mulai dibangun warga."
    assert sentence in read(paragraphs(LEDE, SECOND, sentence, THIRD, FOURTH)).body


def test_a_footnote_that_explains_a_word_is_the_storys():
    note = "*karung yang diisi pasir sampai penuh, kata warga setempat ketika itu"
    assert note in read(paragraphs(*STORY, note)).body


@pytest.mark.parametrize("stars", ["***", " ***", "*"])
def test_stars_behind_the_last_sentence_are_no_part_of_it(stars: str):
    article = read(paragraphs(*STORY[:-1], STORY[-1] + stars))
    assert body_of(article) == STORY
    assert stars.strip() in kept(article, "credit")


@pytest.mark.parametrize("line", ["Rujukan:", "Tonton videonya di sini:"])
def test_a_label_under_which_nothing_is_left_is_none_of_the_story(line: str):
    assert body_of(read(paragraphs(*STORY, line))) == STORY


def test_a_heading_under_which_nothing_is_left_is_none_of_the_story():
    poll = '<h3>Apakah Anda setuju tanggul dibuat permanen?</h3><label><input type="radio">Setuju</label>'
    assert body_of(read(paragraphs(), below=poll)) == STORY


def test_a_note_that_begins_with_the_authors_name_is_a_biography():
    note = "Laras Wulandari mengajar teknik kelautan di Universitas Randu dan menulis tentang pesisir."
    article = read(paragraphs(*STORY, note), before=BYLINE)
    assert article.authors == ["Laras Wulandari"]
    assert body_of(article) == STORY
    assert note in kept(article, "credit")


def test_a_last_paragraph_that_begins_with_anothers_name_is_the_storys():
    last = "Marzuki Lating mengatakan tanggul itu akan dijaga bergantian oleh warga setiap malam."
    assert body_of(read(paragraphs(*STORY, last), before=BYLINE)) == [*STORY, last]


# --- what stands beside it


def test_what_a_form_within_the_story_says_is_none_of_it():
    form = "<form><h4>Kabar Pagi</h4><p>Terima berita pilihan di kotak surat Anda setiap pagi.</p></form>"
    article = read(paragraphs(LEDE, SECOND) + form + paragraphs(THIRD, FOURTH))
    assert body_of(article) == [LEDE, SECOND, THIRD, FOURTH]
    assert "Terima berita pilihan di kotak surat Anda setiap pagi." in kept(article, "subscribe")


def test_a_page_that_is_all_one_form_is_read():
    html = page().replace(b"<main>", b'<form id="aspnet"><main>').replace(b"</main>", b"</main></form>")
    assert extract(html, "https://pesisir.example/a").body.split("\n\n") == STORY


def test_an_offer_in_a_paywalls_container_is_none_of_the_story():
    wall = (
        '<div class="paywall"><h3>Baca seluruh cerita ini</h3>'
        "<p>Nikmati semua berita mulai dari Rp 20.000 per bulan.</p></div>"
    )
    assert body_of(read(paragraphs(LEDE, SECOND, THIRD) + wall)) == [LEDE, SECOND, THIRD]


def test_a_story_that_stands_all_in_a_paywalls_container_is_read():
    assert body_of(read(f'<div class="paywall">{paragraphs()}</div>')) == STORY


def test_another_story_in_an_aside_is_none_of_this_one():
    aside = f"<aside><h4>{OTHER}</h4>{paragraphs(*OTHER_STORY)}</aside>"
    assert body_of(read(paragraphs(LEDE, SECOND) + aside + paragraphs(THIRD, FOURTH))) == [
        LEDE,
        SECOND,
        THIRD,
        FOURTH,
    ]


def test_a_story_that_stands_in_an_aside_is_read():
    assert body_of(read(f"<aside>{paragraphs()}</aside>")) == STORY


def test_the_next_article_of_an_endless_page_is_none_of_this_one():
    after = (
        f'</article><article class="article"><h1>{OTHER}</h1><p>Johan Patarai | 8 Maret 2026</p>'
        f'<div class="article-body">{paragraphs(*OTHER_STORY)}</div>'
    )
    article = read(before=BYLINE, below=after)
    assert (article.headline, body_of(article)) == (HEADLINE, STORY)
    assert article.authors == ["Laras Wulandari"]


def test_sub_headings_may_be_set_as_h1():
    story = paragraphs(LEDE, SECOND) + "<h1>Dikerjakan bersama oleh warga</h1>" + paragraphs(THIRD, FOURTH)
    assert body_of(read(story)) == [LEDE, SECOND, "Dikerjakan bersama oleh warga", THIRD, FOURTH]


# --- decks


DECK = "Sekolah diliburkan dan jalan terputus, tetapi warga tidak menunggu bantuan datang ke desa mereka."


def test_a_deck_set_off_in_a_container_of_that_name_is_no_paragraph():
    article = read(before=f'<div class="intro"><p>{DECK}</p></div>')
    assert (article.deck, body_of(article)) == (DECK, STORY)


def test_a_first_paragraph_called_lead_is_the_storys_where_a_deck_stands_above():
    story = f'<p class="lead">{LEDE}</p>{paragraphs(SECOND, THIRD, FOURTH, FIFTH)}'
    article = read(story, before=f'<p class="subtitle">{DECK}</p>')
    assert (article.deck, body_of(article)) == (DECK, STORY)


def test_a_deck_in_a_container_of_share_buttons_is_a_deck():
    article = read(before=f'<div class="byline-social"><p class="strapline">{DECK}</p></div>')
    assert article.deck == DECK


# --- lists and captions


def test_a_recipes_lists_belong_to_the_story_wherever_the_template_sets_them():
    goods = ["500 gram ikan tongkol", "2 sdm garam laut", "3 lembar daun jeruk"]
    card = "".join(f'<li class="ingredients__item"><p>{item}</p></li>' for item in goods)
    card = f'<div class="card"><div><div><ul class="ingredients__list">{card}</ul></div></div></div>'
    assert body_of(read(paragraphs(LEDE, SECOND) + card + paragraphs(THIRD, FOURTH))) == [
        LEDE,
        SECOND,
        *goods,
        THIRD,
        FOURTH,
    ]


def test_a_line_under_the_image_of_its_own_paragraph_is_a_caption():
    picture = '<p><img src="/b.jpg"><br><small>Tumpukan karung di balai desa</small></p>'
    article = read(paragraphs(LEDE, SECOND) + picture + paragraphs(THIRD, FOURTH))
    assert body_of(article) == [LEDE, SECOND, THIRD, FOURTH]


def test_a_picture_parts_the_words_before_and_after_it():
    line = '<span>Senin, 9 Maret 2026, 10:15 WITA</span><img src="/a.jpg"><i>Tanggul</i>'
    assert read(before=f"<div>{line}</div>").published == "2026-03-09T10:15:00+08:00"


def test_a_list_under_the_last_heading_goes_on_with_the_story():
    goods = ["Desa Randu - 600 meter", "Desa Lemba - 400 meter", "Desa Tirta - 250 meter"]
    entries = "".join(f"<li>{item}</li>" for item in goods)
    story = f"{paragraphs(*STORY)}<h2>Panjang tanggul tiap desa</h2><ol>{entries}</ol>"
    assert body_of(read(story)) == [*STORY, "Panjang tanggul tiap desa", *goods]


def test_the_headings_of_a_lists_entries_belong_to_the_story():
    names = ["Karung Pasir Rajut", "Sekop Lipat Baja", "Lampu Badai Surya", "Perahu Karet Kecil"]
    entries = "".join(
        f'<div class="product"><h3>{name}</h3><span class="price">Rp 50.000</span></div>{paragraphs(text)}'
        for name, text in zip(names, STORY[1:], strict=True)
    )
    body = body_of(read(paragraphs(LEDE) + entries))
    assert [line for line in body if line in names] == names
