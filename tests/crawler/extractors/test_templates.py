"""What the templates of Indonesian news sites put around, between and into a story's paragraphs."""

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
    paragraphs,
    read,
)

OTHER = "Nelayan Teluk Randu Kembali Melaut"
LINK = f'<a href="/berita/nelayan-melaut">{OTHER}</a>'
MORE = '<a href="/berita/dapur-umum">Dapur Umum Teluk Randu Kehabisan Beras</a>'


def titles(article):
    return [link.title for link in article.related]


# --- links to other stories


@pytest.mark.parametrize(
    "aside",
    [
        f"<strong>Baca juga: {LINK}</strong>",
        f"Baca Juga: {LINK}",
        f"(Baca juga: {LINK})",
        f'(<a href="/berita/nelayan-melaut">Baca juga: {OTHER}</a>)',
        f"[Simak juga: “{LINK}”]",
    ],
)
def test_a_link_inside_a_paragraph_is_related_and_the_paragraph_stays_whole(aside: str):
    article = read(paragraphs(LEDE, f"{SECOND} {aside} {THIRD}", FOURTH))
    assert body_of(article) == [LEDE, f"{SECOND} {THIRD}", FOURTH]
    assert titles(article) == [OTHER]
    assert kept(article, "related")


def test_a_link_at_a_paragraphs_end_is_no_part_of_it():
    article = read(paragraphs(LEDE, f"{SECOND} Baca juga: {LINK}", THIRD))
    assert (body_of(article), titles(article)) == ([LEDE, SECOND, THIRD], [OTHER])


def test_a_sentence_that_speaks_of_reading_keeps_its_link():
    quote = f"Guru meminta muridnya baca juga buku berjudul {LINK} sebelum ujian akhir semester dimulai."
    article = read(paragraphs(LEDE, quote, THIRD))
    assert OTHER in article.body
    assert not article.related


def test_links_under_a_heading_within_a_paragraph_are_related():
    inner = f"{LEDE}<br><br>{SECOND}<br><br><b>Baca Juga:</b><br>{LINK}<br>{MORE}<br><br>{THIRD}"
    article = read(f"<p>{inner}</p>")
    assert body_of(article) == [LEDE, SECOND, THIRD]
    assert titles(article) == [OTHER, "Dapur Umum Teluk Randu Kehabisan Beras"]


def test_links_under_a_heading_are_related_though_their_box_is_called_after_topics():
    box = f'<div class="topiksisip"><a href="/t">Pilihan Redaksi</a><ul><li>{LINK}</li></ul></div>'
    assert titles(read(paragraphs(LEDE, SECOND) + box + paragraphs(THIRD, FOURTH))) == [OTHER]


def test_a_container_named_after_the_tool_that_wrote_it_is_no_byline():
    text = f'{paragraphs(LEDE, SECOND)}<div class="box"><p>Baca juga:</p><ul><li>{LINK}</li></ul></div>'
    article = read(f'<div class="content-text-editor">{text}{paragraphs(THIRD, FOURTH)}</div>')
    assert titles(article) == [OTHER]


def test_arrows_and_pictures_before_a_phrase_do_not_hide_it():
    article = read(paragraphs(LEDE, f"➡️ Baca Juga: {LINK}", SECOND, f"👉🏻 Simak juga: {MORE}", THIRD))
    assert body_of(article) == [LEDE, SECOND, THIRD]
    assert len(article.related) == 2


# --- before the first paragraph


@pytest.mark.parametrize("heading", ["Ringkasan Berita:", "Intinya sih...", "Poin Penting", "Baca 10 detik"])
def test_a_summary_before_the_story_is_none_of_it(heading: str):
    points = "<ul><li>Tanggul sepanjang 600 meter dibangun warga</li><li>Sekolah diliburkan</li></ul>"
    article = read(f"<p><b>{heading}</b></p>{points}<p>TELUK RANDU - {LEDE}</p>{paragraphs(SECOND, THIRD)}")
    assert body_of(article) == [LEDE, SECOND, THIRD]
    assert article.dateline is not None
    assert len(kept(article, "other")) == 3


def test_a_sub_heading_may_be_called_a_summary():
    story = paragraphs(LEDE, SECOND) + "<h2>Ringkasan</h2>" + paragraphs(THIRD, FOURTH)
    assert body_of(read(story)) == [LEDE, SECOND, "Ringkasan", THIRD, FOURTH]


@pytest.mark.parametrize("line", ["Oleh Laras Wulandari *)", "Oleh Laras Wulandari", "By Laras Wulandari"])
def test_a_byline_may_be_set_as_a_paragraph(line: str):
    article = read(paragraphs(line, *STORY, "*) Penulis adalah dosen teknik kelautan di Universitas Randu."))
    assert article.authors == ["Laras Wulandari"]
    assert body_of(article) == STORY
    assert any("Penulis adalah" in text for text in kept(article, "credit"))


def test_what_stands_in_brackets_under_a_byline_is_none_of_the_story():
    article = read(
        paragraphs("Oleh: Prof. Dr. Laras Wulandari, M.T.", "(Guru Besar Teknik Kelautan)", *STORY)
    )
    assert article.authors == ["Laras Wulandari"]
    assert body_of(article) == STORY


def test_a_headline_repeated_as_a_paragraph_is_none_of_the_story():
    assert body_of(read(paragraphs(f"<strong>{HEADLINE}</strong>", *STORY))) == STORY


def test_several_names_in_a_list_under_one_label_are_all_authors():
    before = "<div>Oleh :<ul><li><a>Laras Wulandari</a></li><li><a>Johan Patarai</a></li></ul></div>"
    assert read(before=before).authors == ["Laras Wulandari", "Johan Patarai"]


# --- lists within the story


def test_the_steps_of_a_guide_belong_to_the_story_also_where_they_name_an_app():
    steps = ["Unduh aplikasi Siaga Randu di ponsel", "Masukkan nomor rumah", "Klik tombol Kirim"]
    story = paragraphs(LEDE, SECOND) + "<ol>" + "".join(f"<li>{s}</li>" for s in steps) + "</ol>"
    assert body_of(read(story + paragraphs(THIRD))) == [LEDE, SECOND, *steps, THIRD]


def test_a_recipes_ingredients_and_steps_belong_to_the_story():
    goods = ["1 ekor ayam kampung", "2 batang serai", "2 liter air"]
    steps = ["Rebus ayam hingga empuk, lalu suwir.", "Tumis bumbu sampai harum.", "Masukkan ke dalam kuah."]
    story = (
        paragraphs(LEDE, SECOND)
        + f"<h2>Bahan-bahan:</h2><ul>{''.join(f'<li>{item}</li>' for item in goods)}</ul>"
        + f"<h2>Cara membuat:</h2><ol>{''.join(f'<li>{step}</li>' for step in steps)}</ol>"
        + paragraphs(THIRD)
    )
    whole = [LEDE, SECOND, "Bahan-bahan:", *goods, "Cara membuat:", *steps, THIRD]
    assert body_of(read(story)) == whole


# --- after the last paragraph


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("(mcr8/jpn)", "credit"),
        ("/fa", "credit"),
        ("(Laras)", "credit"),
        ("Konten ini telah tayang di Pesisir.example dengan judul Tanggul Darurat", "credit"),
        ("Penulis adalah pegiat lingkungan yang tinggal di Teluk Randu.", "credit"),
        ("Jangan lupa ikuti update berita lainnya di akun Google News kami.", "follow"),
        ("Add Kabar Pesisir as a preferred source on Google", "follow"),
        ("Jangan ketinggalan berita terbaru dari kami setiap hari.", "follow"),
        ("Isi tulisan ini merupakan pendapat pribadi penulis.", "copyright"),
    ],
)
def test_notes_at_a_storys_end_are_none_of_it(note: str, kind: str):
    article = read(paragraphs(*STORY, note))
    assert body_of(article) == STORY
    assert any(note in text for text in kept(article, kind))


def test_the_beginning_of_the_next_page_under_its_link_is_none_of_this_one():
    teaser = f"<div><h4>Halaman Selanjutnya</h4><p>{FIFTH[:70]}…</p></div>"
    article = read(paragraphs(*STORY[:4]) + teaser)
    assert body_of(article) == STORY[:4]
    assert f"{FIFTH[:70]}…" in kept(article, "pagination")


# --- what the template states


@pytest.mark.parametrize(
    ("keywords", "tags"),
    [
        ("berita hari ini, berita terkini, Teluk Randu, tanggul darurat", ["Teluk Randu", "tanggul darurat"]),
        ("YOUR KEYWORDS HERE", []),
        (HEADLINE.replace(" ", ","), []),
        ("gosip artis, resep masakan, zodiak", []),
    ],
)
def test_keywords_of_every_page_and_sentences_cut_up_are_no_tags(keywords: str, tags: list[str]):
    assert read(head=f'<meta name="keywords" content="{keywords}">').tags == tags


def test_titles_of_other_stories_in_a_box_of_tags_are_no_tags():
    box = (
        f'<div class="tags"><a href="/tag/rob">Banjir Rob</a> {LINK} {MORE} <a href="/tag/a">Randu</a></div>'
    )
    assert read(below=box).tags == ["Banjir Rob", "Randu"]


@pytest.mark.parametrize("word", ["Article", "Detail Berita", "Uncategorized"])
def test_a_templates_word_for_a_page_is_no_section(word: str):
    assert read(head=f'<meta property="article:section" content="{word}">').section is None


def test_an_indonesian_story_is_indonesian_whatever_its_neighbours_share():
    story = ["Ketika hujan turun, warga turut menjaga tanggul itu apabila air naik dan mereka tidak tidur."]
    assert read(paragraphs(*story, *STORY)).language == "id"


# --- times


def stated(time: str) -> str:
    return f'<meta property="article:published_time" content="{time}">'


def test_an_offset_of_a_server_far_away_is_not_taken_for_the_places_own():
    article = read(head=stated("2026-03-09T10:15:00-07:00"))
    assert article.published == "2026-03-09T10:15:00"


def test_the_same_minute_by_another_clock_tells_the_outlets_zone():
    head = stated("2026-03-09T20:15:08+00:00") + '<meta name="date" content="2026-03-10T04:15:08">'
    assert read(head=head).published == "2026-03-10T04:15:08+08:00"


def test_a_day_in_the_address_counts_where_nothing_else_tells_one():
    article = read(url="https://pesisir.example/2026/03/09/tanggul-darurat")
    assert (article.published, article.published_from) == ("2026-03-09", "url")
    assert read(url="https://pesisir.example/berita/2026/99/09/a").published is None


def test_a_date_may_stand_in_a_list_of_details_inside_the_story():
    details = "<dl><dt>Tanggal:</dt><dd>9 Maret 2026</dd><dt>Sumber:</dt><dd>Dinas Kelautan</dd></dl>"
    assert read(details + paragraphs()).published == "2026-03-09"


# --- who wrote it


TIME = "<div>Senin, 9 Maret 2026 10:15 WITA</div>"
PAGE = '<a href="/author/laras-wulandari">Laras Wulandari</a>'


@pytest.mark.parametrize("name", ["latest-by", "related-author-row", "image-row"])
def test_a_name_that_leads_to_its_bearers_page_is_a_byline_whatever_its_container_is_called(name: str):
    assert read(before=f'<div class="{name}">{PAGE}</div>{TIME}').authors == ["Laras Wulandari"]


def test_a_name_in_the_authors_own_box_under_the_story_is_its_author():
    box = f'<div class="author">{PAGE}<p>Meliput pesisir sejak 2015.</p></div>'
    assert read(before=TIME, below=box).authors == ["Laras Wulandari"]


def test_names_below_a_label_that_stands_before_the_first_are_all_authors():
    names = "".join(f'<p class="byline__name">{name}</p>' for name in ("Laras Wulandari", "Johan Patarai"))
    stated_names = '{"@type":"Person","name":["Laras Wulandari","Johan Patarai"]}'
    head = (
        '<script type="application/ld+json">'
        f'{{"@type":"NewsArticle","headline":"{HEADLINE}","author":{stated_names}}}</script>'
    )
    article = read(head=head, before=f'<div class="byline"><p>By</p>{names}</div>{TIME}')
    assert article.authors == ["Laras Wulandari", "Johan Patarai"]


def test_a_name_glued_to_what_is_printed_behind_it_is_known_by_the_pages_statement():
    head = (
        '<script type="application/ld+json">'
        f'{{"@type":"NewsArticle","headline":"{HEADLINE}","author":{{"name":"Laras Wulandari"}}}}</script>'
    )
    before = f'<div class="byline">By: Laras Wulandariarchive page</div>{TIME}'
    assert read(head=head, before=before).authors == ["Laras Wulandari"]


def test_names_on_a_line_of_their_own_above_the_date_are_a_byline():
    article = read(paragraphs("Laras Wulandari and Johan Patarai", "March 9, 2026 | 10:15 a.m.", *STORY))
    assert article.authors == ["Laras Wulandari", "Johan Patarai"]
    assert body_of(article) == STORY


def test_a_dateline_in_a_line_of_its_own_is_nobodys_name():
    story = f"<strong>Lembah Sari</strong> - {paragraphs()}"
    article = read(story, before=f'<div class="author">Laras Wulandari</div>{TIME}')
    assert article.authors == ["Laras Wulandari"]


# --- around the headline


def test_a_follow_button_above_the_headline_is_kept():
    article = read(above='<div class="btn">Follow kabarpesisir Like</div>')
    assert kept(article, "follow") == ["Follow kabarpesisir Like"]


def test_a_picture_above_the_headline_has_no_caption_below_it():
    above = '<img src="/logo.png">'
    article = read(above=above, before=f"<p>Laras Wulandari</p>{TIME}")
    assert not kept(article, "caption")


# --- which links are on the subject


def test_the_next_page_of_the_same_story_is_no_other_story():
    link = '<a href="/berita/tanggul-darurat-teluk-randu?page=2">Tanggul Tahan Sampai Musim Depan</a>'
    assert not read(paragraphs(*STORY[:4]) + f"<p>Baca selanjutnya: {link}</p>").related


def test_a_link_to_a_video_is_no_story():
    link = '<a href="/video/1">Tanggul Teluk Randu dari Udara</a>'
    article = read(paragraphs(LEDE, SECOND) + f"<div>Simak Video: {link}</div>" + paragraphs(THIRD, FOURTH))
    assert not article.related
    assert kept(article, "video")


def test_all_entries_of_a_numbered_list_under_baca_juga_are_related():
    entries = f"<p>Baca juga :</p><ol><li>{LINK}</li><li>{MORE}</li></ol>"
    article = read(paragraphs(LEDE, SECOND, THIRD) + entries + paragraphs(FOURTH, FIFTH))
    assert len(titles(article)) == 2
    assert body_of(article) == STORY
