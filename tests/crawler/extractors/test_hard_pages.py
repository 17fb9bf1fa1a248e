"""Where pages are hard: shapes of article page that mislead a reader, and what the record says of each."""

from __future__ import annotations

import json

import pytest
from newsprint import (
    FIFTH,
    FOURTH,
    HEADLINE,
    LEDE,
    SECOND,
    STORY,
    THIRD,
    URL,
    body_of,
    kept,
    page,
    paragraphs,
    read,
)

from crawler.extractors import extract

OTHER = "Nelayan Teluk Randu Kembali Melaut Setelah Sepekan"
OTHER_URL = "https://pesisir.example/berita/nelayan-teluk-randu-melaut"
LINK = f'<a href="{OTHER_URL}">{OTHER}</a>'


# --- the story's own shape


@pytest.mark.parametrize("gap", ["<br>", "<br><br>", "<br/>\n<br/>"])
def test_a_story_split_by_line_breaks_has_its_paragraphs(gap: str):
    assert body_of(read(gap.join(STORY))) == STORY


def test_a_sentence_that_a_line_break_cuts_is_put_together():
    cut = LEDE.replace("membangun tanggul", "membangun<br>tanggul")
    assert body_of(read("<br>".join([cut, *STORY[1:]]))) == STORY


def test_a_story_in_nested_divs_is_found():
    story = "".join(f'<div class="par"><div><span>{text}</span></div></div>' for text in STORY)
    assert body_of(read(story)) == STORY


def test_a_story_in_a_layout_table_is_found():
    story = (
        f'<table width="100%"><tr><td class="isi"><font '
        f'size="2">{"<br><br>".join(STORY)}</font></td></tr></table>'
    )
    assert body_of(read(story)) == STORY


def test_later_pages_that_are_not_displayed_belong_to_the_story():
    story = (
        paragraphs(*STORY[:3]) + f'<div class="halaman" style="display:none">{paragraphs(*STORY[3:])}</div>'
    )
    assert body_of(read(story)) == STORY


def test_a_paragraph_that_recurs_stands_once():
    assert body_of(read(paragraphs(*STORY[:3], *STORY[2:]))) == STORY


def test_sub_headings_and_list_items_belong_to_the_story():
    items = ["Karung pasir dan sekop", "Bambu sepanjang empat meter"]
    story = (
        paragraphs(*STORY[:3])
        + "<h3>Yang dibutuhkan warga</h3><ul>"
        + "".join(f"<li>{i}</li>" for i in items)
    )
    article = read(story + "</ul>" + paragraphs(*STORY[3:]))
    assert body_of(article) == [*STORY[:3], "Yang dibutuhkan warga", *items, *STORY[3:]]


def test_a_quotation_is_part_of_the_story():
    quote = (
        "“Kami tidak bisa menunggu lebih lama lagi karena air sudah masuk ke dapur setiap malam,” "
        "kata Marzuki."
    )
    story = paragraphs(*STORY[:3]) + f"<blockquote><p>{quote}</p></blockquote>" + paragraphs(*STORY[3:])
    assert quote in body_of(read(story))


@pytest.mark.parametrize(
    "sentence",
    [
        (
            "“Baca juga surat yang kami kirim bulan lalu, di situ semua permintaan warga sudah "
            "tertulis,” ujar Marzuki."
        ),
        "Marzuki meminta warga bagikan informasi itu kepada tetangga yang belum mengungsi ke balai desa.",
        (
            "Editor peta kebencanaan di universitas itu, Salma Wirda, menghitung kenaikan air mencapai "
            "14 sentimeter."
        ),
        (
            "Ia tidak berkomentar ketika ditanya apakah iklan lowongan relawan itu dipasang oleh "
            "pemerintah desa."
        ),
        (
            "Penulis buku sejarah pesisir itu, Halim Sadewa, sudah mengingatkan bahaya abrasi sejak dua "
            "puluh tahun lalu."
        ),
    ],
)
def test_sentences_that_look_like_boilerplate_stay_in_the_story(sentence: str):
    assert body_of(read(paragraphs(*STORY[:3], sentence, *STORY[3:]))) == [*STORY[:3], sentence, *STORY[3:]]


def test_a_table_of_figures_is_kept_with_the_page():
    rows = (
        "<tr><th>Desa</th><th>Rumah</th></tr><tr><td>Teluk Randu</td><td>212</td></tr><tr><td>Muara "
        "Sedap</td><td>87</td></tr>"
    )
    article = read(paragraphs(*STORY[:3]) + f"<table>{rows}</table>" + paragraphs(*STORY[3:]))
    assert [text for text in body_of(article) if text in STORY] == STORY
    everything = article.body + " ".join(block.text for block in article.boilerplate)
    assert all(figure in everything for figure in ("212", "87", "Muara Sedap"))


def test_the_captions_of_a_gallery_with_counters_are_captions():
    photos = "".join(
        (
            f"<figure><img src='/f{n}.jpg' alt=''><figcaption>{n}/3 Warga menyusun karung pasir di bibir "
            f"pantai.</figcaption></figure>"
        )
        for n in (1, 2, 3)
    )
    article = read(paragraphs(*STORY[:3]) + photos + paragraphs(*STORY[3:]))
    assert body_of(article) == STORY
    assert len(kept(article, "caption")) == 3


def test_a_numbered_listicle_keeps_its_order():
    parts = []
    for number, text in enumerate(STORY, start=1):
        parts += [f"<h2>{number}. Langkah warga</h2>", f"<p>{text}</p>"]
    body = body_of(read("".join(parts)))
    assert [text for text in body if text in STORY] == STORY
    assert "2. Langkah warga" in body


def test_an_embedded_tweet_does_not_end_the_story():
    tweet = (
        '<blockquote class="twitter-tweet"><p>Air pasang di Teluk Randu mulai surut pagi '
        "ini.</p>&mdash; Posko Randu "
        '(@poskorandu) <a href="https://social.example/1">January 30, 2026</a></blockquote><script '
        'src="/w.js"></script>'
    )
    assert [
        t for t in body_of(read(paragraphs(*STORY[:3]) + tweet + paragraphs(*STORY[3:]))) if t in STORY
    ] == STORY


def test_a_fact_check_box_leaves_the_story_whole():
    box = (
        '<div class="cek-fakta"><strong>Klaim</strong><p>Tanggul dibangun dengan uang '
        "asing.</p><strong>Kesimpulan</strong><p>Salah.</p></div>"
    )
    article = read(box + paragraphs())
    assert [text for text in body_of(article) if text in STORY] == STORY


def test_a_live_blogs_entries_are_the_story():
    entries = "".join(
        (
            f'<div class="live-entry"><time datetime="2026-01-30T0{n}:15:00+07:00">0{n}.15 '
            f"WIB</time><p>{text}</p></div>"
        )
        for n, text in enumerate(STORY, start=1)
    )
    assert [text for text in body_of(read(entries)) if text in STORY] == STORY


# --- dateline


def test_a_dateline_is_cut_from_the_first_paragraph():
    article = read(paragraphs(f"<strong>TELUK RANDU, KABAR PESISIR -</strong> {LEDE}", *STORY[1:]))
    assert article.dateline is not None
    assert (article.dateline.place, article.dateline.outlet) == ("TELUK RANDU", "KABAR PESISIR")
    assert body_of(article) == STORY


def test_a_dateline_may_be_loose_text_before_the_first_paragraph():
    article = read(f"<strong>Demak</strong> - {LEDE}<p></p>{paragraphs(*STORY[1:])}")
    assert article.dateline is not None
    assert article.dateline.place == "Demak"
    assert body_of(article) == STORY


def test_a_dateline_may_stand_in_a_paragraph_of_its_own():
    article = read(paragraphs("<b>DEMAK, KABAR PESISIR -</b>", *STORY))
    assert article.dateline is not None
    assert article.dateline.place == "DEMAK"
    assert body_of(article) == STORY


def test_a_dateline_may_follow_a_deck_in_the_body():
    article = read(f"<h2>Air laut merendam desa tiga malam</h2>{paragraphs(f'Demak - {LEDE}', *STORY[1:])}")
    assert article.dateline is not None
    assert body_of(article) == STORY
    assert article.deck == "Air laut merendam desa tiga malam"


def test_an_advertorial_rubric_in_the_datelines_place_is_no_place():
    article = read(paragraphs(f"<strong>INFO NASIONAL</strong> - {LEDE}", *STORY[1:]))
    assert article.dateline is None or article.dateline.place is None


def test_a_dash_in_the_first_sentence_makes_no_dateline():
    lede = (
        "Tanggul darurat — dibangun dari ribuan karung pasir — akhirnya selesai sebelum pasang "
        "tertinggi tiba di desa itu."
    )
    article = read(paragraphs(lede, *STORY[1:]))
    assert article.dateline is None
    assert body_of(article)[0] == lede


# --- "Baca juga"


RELATED_SHAPES = {
    "a paragraph": f"<p>Baca juga: {LINK}</p>",
    "a bold paragraph": f"<p><strong>Baca Juga: {LINK}</strong></p>",
    "label inside the link": f'<p><a href="{OTHER_URL}">Baca juga: {OTHER}</a></p>',
    "a table": f'<table class="linksisip"><tr><td><b>Baca juga:</b> {LINK}</td></tr></table>',
    "a list": f"<p>Baca juga:</p><ul><li>{LINK}</li></ul>",
    "a box": f'<div class="bacajuga"><div class="judul">Baca Juga</div><div>{LINK}</div></div>',
    "a heading": f"<h4>Lihat juga</h4><div class='item'>{LINK}</div>",
    "brackets": f"<p>(Baca juga: {LINK})</p>",
}


@pytest.mark.parametrize("shape", RELATED_SHAPES)
def test_a_related_link_between_paragraphs_is_no_story(shape: str):
    article = read(paragraphs(*STORY[:3]) + RELATED_SHAPES[shape] + paragraphs(*STORY[3:]))
    assert body_of(article) == STORY
    assert [(link.title, link.url) for link in article.related] == [(OTHER, OTHER_URL)]
    assert kept(article, "related")


@pytest.mark.parametrize("shape", RELATED_SHAPES)
def test_a_related_link_after_the_story_is_no_story(shape: str):
    article = read(paragraphs() + RELATED_SHAPES[shape])
    assert body_of(article) == STORY
    assert [(link.title, link.url) for link in article.related] == [(OTHER, OTHER_URL)]


def test_a_related_link_set_off_by_line_breaks_is_no_story():
    gap = "<br><br>"
    article = read(gap.join([*STORY[:3], f"<b>Baca juga: {LINK}</b>", *STORY[3:]]))
    assert body_of(article) == STORY
    assert [link.title for link in article.related] == [OTHER]


def test_a_related_title_without_link_is_still_no_story():
    article = read(paragraphs(*STORY[:3], f"<b>Baca juga: {OTHER}</b>", *STORY[3:]))
    assert body_of(article) == STORY
    assert [link.title for link in article.related] == [OTHER]


def test_english_and_malay_labels_count_too():
    for label in ("READ ALSO:", "Baca juga:", "Lihat juga:"):
        article = read(paragraphs(*STORY[:3], f"{label} {LINK}", *STORY[3:]))
        assert body_of(article) == STORY, label


def test_an_inline_link_to_another_story_stays_in_its_sentence():
    linked = THIRD.replace("karung pasir", f'<a href="{OTHER_URL}">karung pasir</a>')
    article = read(paragraphs(LEDE, SECOND, linked, FOURTH, FIFTH))
    assert body_of(article) == STORY
    assert article.related == []


def test_a_general_list_of_the_outlet_is_not_related():
    links = "".join(
        f'<li><a href="/berita/{n}">Pasar ikan kota ramai pengunjung hari ke-{n}</a></li>' for n in range(8)
    )
    article = read(below=f'<div class="popular"><h3>Terpopuler</h3><ul>{links}</ul></div>')
    assert article.related == []


def test_a_related_title_is_told_from_the_date_and_the_count_in_its_line():
    entry = f"<div>Selasa, 7 Juli 2026 10:59 WIB {LINK} <span>1.204 kali dibaca</span></div>"
    article = read(below=f'<div class="terkait"><h4>Berita Terkait</h4>{entry}</div>')
    assert [(link.title, link.url) for link in article.related] == [(OTHER, OTHER_URL)]


def test_a_list_whose_heading_speaks_of_something_else_is_not_related():
    report = '<a href="/lapor/1">Lampu Jalan Padam di Simpang Empat</a>'
    article = read(below=f'<div class="related"><h3>Laporan Warga</h3><div>{report}</div></div>')
    assert article.related == []


@pytest.mark.parametrize("base", ["", '<base href="https://arsip.pesisir.example/lama/">'])
def test_relative_links_start_where_the_page_says(base: str):
    linked = f'<p>Baca juga: <a href="../melaut">{OTHER}</a></p>'
    article = extract(page(paragraphs(*STORY[:2]) + linked, head=base), "https://pesisir.example/a/b/banjir")
    expected = "https://arsip.pesisir.example/melaut" if base else "https://pesisir.example/a/melaut"
    assert [link.url for link in article.related] == [expected]


def test_a_related_title_is_kept_where_nothing_tells_the_pages_address():
    linked = f'<p>Baca juga: <a href="/melaut">{OTHER}</a></p>'
    article = extract(page(paragraphs(*STORY[:2]) + linked + paragraphs(*STORY[2:])), "")
    assert [(link.title, link.url) for link in article.related] == [(OTHER, "")]


def test_a_pointer_to_the_outlets_list_names_no_related_story():
    article = read(paragraphs() + '<p>Baca juga Berita lainnya di <a href="/berita/">News Page</a></p>')
    assert body_of(article) == STORY
    assert article.related == []
    assert kept(article, "related") == ["Baca juga Berita lainnya di News Page"]


# --- what ends a story


@pytest.mark.parametrize("initials", ["(abc/def)", "(abc)", "[abc/xyz]", "(mrz/hal)"])
@pytest.mark.parametrize("gap", [" ", ""])
def test_initials_glued_to_the_last_word_are_a_credit(initials: str, gap: str):
    article = read(paragraphs(*STORY[:4], FIFTH + gap + initials))
    assert body_of(article) == STORY
    assert kept(article, "credit") == [initials]
    assert article.authors == []


def test_initials_in_a_paragraph_of_their_own_are_a_credit():
    article = read(paragraphs(*STORY, "<strong>(abc/def)</strong>"))
    assert body_of(article) == STORY
    assert kept(article, "credit") == ["(abc/def)"]


def test_a_bracket_that_belongs_to_the_sentence_stays():
    last = (
        "Aturan itu sudah berlaku sejak lama dan tertulis dalam Undang-Undang Penanggulangan Bencana "
        "(UU Nomor 24 Tahun 2007)."
    )
    assert body_of(read(paragraphs(*STORY, last)))[-1] == last


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Tinggalkan Balasan", "comment_prompt"),
        ("Editor: Salma Wirda", "credit"),
        ("Halaman selanjutnya", "pagination"),
        ("ADVERTISEMENT", "ad_marker"),
        ("Ikuti kami di Google News", "follow"),
        ("© 2026 Kabar Pesisir. Hak cipta dilindungi undang-undang", "copyright"),
        ("Simak video di bawah ini:", "video"),
    ],
)
def test_lines_after_the_story_are_kept_by_kind(line: str, kind: str):
    article = read(paragraphs(*STORY, line))
    assert body_of(article) == STORY
    assert line in kept(article, kind)


def test_an_advertisements_marker_inside_the_story_is_taken_out():
    article = read(paragraphs(*STORY[:2], "ADVERTISEMENT", "SCROLL TO CONTINUE WITH CONTENT", *STORY[2:]))
    assert body_of(article) == STORY
    assert len(kept(article, "ad_marker")) == 2


def test_a_thread_of_comments_is_no_story():
    thread = "".join(
        f'<li class="comment"><b>Pembaca {n}</b><p>Semoga tanggul itu cukup kuat, di kampung kami '
        f"yang seperti ini "
        f"hanya bertahan dua musim lalu hanyut terbawa ombak besar.</p></li>"
        for n in range(6)
    )
    article = read(below=f'<section class="comments"><h3>6 Komentar</h3><ol>{thread}</ol></section>')
    assert body_of(article) == STORY


def test_an_about_the_author_box_is_no_story():
    box = (
        '<div class="author-box"><h4>Tentang Penulis</h4><p>Salma Wirda meliput pesisir sejak 2014 '
        "dan pernah belajar kelautan di Makassar.</p></div>"
    )
    assert body_of(read(below=box)) == STORY


def test_a_repeated_deck_is_not_taken_for_the_first_paragraph():
    deck = (
        "Air laut merendam permukiman tiga malam berturut-turut, warga menolak menunggu bantuan alat berat."
    )
    article = read(before=f'<p class="deck">{deck}</p><div class="summary">{deck}</div>')
    assert article.deck == deck
    assert body_of(article) == STORY


def test_a_caption_under_the_top_photo_is_no_story():
    caption = (
        "Warga menyusun karung pasir di bibir pantai Teluk Randu, Senin (26/1/2026). (Foto: Salma Wirda)"
    )
    article = read(before=f'<figure><img src="/tanggul.jpg"><figcaption>{caption}</figcaption></figure>')
    assert body_of(article) == STORY
    assert [(image.url, image.caption) for image in article.images] == [
        ("https://pesisir.example/tanggul.jpg", caption)
    ]


def test_an_articles_own_footer_does_not_end_the_page():
    footer = (
        '<footer class="entry-footer"><span class="tags-links">Tag: <a href="/tag/rob">Banjir '
        "Rob</a></span></footer>"
    )
    related = f'<div class="related-posts"><h3>Berita Terkait</h3><ul><li>{LINK}</li></ul></div>'
    article = read(below=f'{footer}{related}<div id="respond"><h3>Tinggalkan Balasan</h3></div>')
    assert [link.title for link in article.related] == [OTHER]
    assert "Tinggalkan Balasan" in kept(article, "comment_prompt")
    assert kept(article, "tags")


def test_share_buttons_and_tags_are_no_story():
    article = read(
        before='<div class="share"><a href="#">Facebook</a><a href="#">Bagikan</a></div>',
        below=(
            '<div class="tags"><span>Tag:</span><a href="/tag/rob" rel="tag">Banjir Rob</a><a '
            'href="/tag/randu">Teluk Randu</a></div>'
        ),
    )
    assert body_of(article) == STORY
    assert article.tags == ["Banjir Rob", "Teluk Randu"]


# --- legacy and modern frames


def test_markup_of_2013_is_read():
    heading = f'<h1 class="rubrik">Daerah</h1><table><tr><td><h2 class="judul">{HEADLINE}</h2>'
    date = '<div class="tgl">Senin, 26 Januari 2026 | 09:30 WITA</div><b>Laporan: Salma Wirda</b>'
    story = f'<td><p align="justify"><font face="Verdana">{"<br /><br />".join(STORY)}</font></p></td>'
    article = read(story, heading=heading, before=date)
    assert (article.headline, body_of(article), article.authors) == (HEADLINE, STORY, ["Salma Wirda"])
    assert article.published == "2026-01-26T09:30:00+08:00"


def test_a_page_whose_story_is_only_in_its_data_is_still_told_by_its_statements():
    statement = {"@type": "NewsArticle", "headline": HEADLINE, "articleBody": " ".join(STORY)}
    head = f'<script type="application/ld+json">{json.dumps(statement)}</script>'
    article = read("<div id='__next'></div>", head=head)
    assert article.headline == HEADLINE
    assert LEDE in article.body
    assert article.evidence["body"] != "blocks"


def test_an_amp_page_is_read():
    amp = page(paragraphs() + '<amp-img src="/tanggul.jpg" width="800" height="500"></amp-img>').replace(
        b"<html ", b"<html amp "
    )
    assert body_of(extract(amp, URL)) == STORY


def test_an_english_page_is_read():
    english = [
        (
            "Hundreds of villagers built a makeshift sea wall this week after tides flooded their homes "
            "for three nights."
        ),
        (
            "The village head said that the work began on Monday and would be finished before the next "
            "spring tide."
        ),
        (
            "At least four thousand sandbags were laid by fishermen and by pupils whose classrooms were "
            "under water."
        ),
        "The public works office has promised two excavators, but the road to the village is still cut off.",
    ]
    article = read(paragraphs(*english, "READ MORE: <a href='/n/2'>Fishermen return to sea after a week</a>"))
    assert body_of(article) == english
    assert article.language == "en"


def test_a_malay_page_is_read():
    malay = [
        (
            "Ratusan penduduk kampung membina benteng sementara selepas air laut melimpah ke rumah "
            "mereka selama tiga malam."
        ),
        (
            "Ketua kampung itu berkata kerja-kerja tersebut bermula pada Isnin dan dijangka siap sebelum "
            "air pasang berikutnya."
        ),
        (
            "Beliau memberitahu bahawa sekurang-kurangnya empat ribu guni pasir telah disusun oleh "
            "nelayan dan pelajar sekolah."
        ),
        (
            "Jabatan kerja raya berjanji menghantar dua jentera, tetapi jalan ke kampung itu masih "
            "terputus kerana banjir."
        ),
    ]
    article = read(paragraphs(*malay))
    assert body_of(article) == malay
    assert article.language == "ms"
