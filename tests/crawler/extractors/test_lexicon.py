"""The words the extractors know, and the phrases that surround a story."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.lexicon import alternation, fold, load_lexicon

WORDS = load_lexicon()
PARAGRAPH = (
    "Warga kampung itu bergotong royong memperbaiki jembatan kayu yang roboh diterjang banjir pekan lalu, "
    "sementara anak-anak menyeberang dengan rakit. "
)


def test_languages_are_merged_with_indonesian_words_first():
    assert WORDS.languages == ("id", "ms", "en")
    assert WORDS.months["agustus"] == WORDS.months["ogos"] == WORDS.months["august"] == 8
    assert WORDS.day_first == {"id": True, "ms": True}


def test_one_language_alone_knows_only_its_own_words():
    english = load_lexicon(("en",))
    assert "agustus" not in english.months
    assert english.months["august"] == 8


def test_a_lexicon_is_loaded_once():
    assert load_lexicon() is load_lexicon()


def test_a_language_without_a_file_is_an_error():
    with pytest.raises(FileNotFoundError):
        load_lexicon(("xx",))


def test_folding_evens_out_case_spaces_and_typography():
    assert fold("  “Jum’at”\u00a0 —  PAGI ") == '"jum\'at" - pagi'


@given(st.lists(st.text(alphabet="abc :'(", min_size=1, max_size=6), min_size=1, max_size=12))
def test_an_alternation_matches_each_of_its_phrases_whole(phrases):
    pattern = re.compile(alternation(phrases))
    assert all(pattern.fullmatch(phrase) for phrase in phrases)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Baca Juga", "related"),
        ("BACA JUGA :", "related"),
        ("Tinggalkan Balasan", "comment_prompt"),
        ("12 Komentar", "comment_prompt"),
        ("ADVERTISEMENT", "ad_marker"),
        ("SCROLL TO CONTINUE WITH CONTENT", "ad_marker"),
        ("2 dari 4 halaman", "pagination"),
        ("Halaman 2/3", "pagination"),
        ("(abc/def)", "credit"),
        ("(***)", "credit"),
        ("Penulis: Siti Rahma", "credit"),
        ("Bagikan:", "share"),
        ("15 Shares", "share"),
        ("Tag: jembatan, banjir", "tags"),
        ("#jembatan #banjir", "tags"),
        ("Copyright © 2026 Warta Kampung", "copyright"),
        ("Ikuti berita Warta Kampung di Google News", "follow"),
        ("Foto: Dok. Desa Sukamaju", "caption"),
        ("[Gambas:Video Warta]", "video"),
        ("Artikel berkaitan", "related"),
        ("Sign up for our newsletter", "subscribe"),
        ("Home » Daerah » Sukamaju", "breadcrumb"),
    ],
)
def test_phrases_tell_the_kind_of_boilerplate(text, kind):
    hit = WORDS.boilerplate_kind(text)
    assert hit is not None
    assert hit.kind == kind


def test_a_prefix_leaves_the_rest_as_printed():
    hit = WORDS.boilerplate_kind("Baca juga:  Jembatan Baru di Sukamaju")
    assert hit is not None
    assert (hit.how, hit.rest) == ("prefix", "Jembatan Baru di Sukamaju")
    assert 0 < hit.share < 0.5


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Berita Terkait", "topical"),
        ("Baca juga", "topical"),
        ("Terpopuler", "general"),
        ("Rekomendasi untuk Anda", "general"),
        ("Most Read", "general"),
        ("Komentar", None),
    ],
)
def test_lists_about_the_story_are_told_from_general_lists(text, scope):
    hit = WORDS.boilerplate_kind(text)
    assert hit is not None
    assert hit.scope == scope


@pytest.mark.parametrize(
    "text",
    [
        "",
        PARAGRAPH,
        "Bacaan anak-anak kini makin beragam.",
        "Ilustrasi itu dibuat oleh pelukis muda asal kampung tersebut.",
        "Editor senior itu menolak berkomentar tentang naskahnya.",
        "Foto keluarga itu tergantung di ruang tamu rumahnya.",
        "Menurut ketua panitia (ratas), rapat ditunda.",
        "Topik rapat malam itu adalah harga pupuk.",
    ],
)
def test_story_sentences_are_no_boilerplate(text):
    assert WORDS.boilerplate_kind(text) is None


def test_a_mention_inside_a_long_paragraph_condemns_nothing():
    mention = "Pengumuman itu juga dibagikan melalui saluran WhatsApp warga."
    hit = WORDS.boilerplate_kind(mention)
    assert hit is not None
    assert hit.how == "contains"
    assert WORDS.boilerplate_kind(PARAGRAPH * 4 + mention) is None


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text):
    hit = WORDS.boilerplate_kind(text)
    assert hit is None or 0 < hit.share <= 1


def test_long_texts_cost_no_more_than_their_length():
    started = time.perf_counter()
    for text in ("baca juga " * 20_000, "a " * 100_000, "(" * 100_000, "# " * 50_000):
        WORDS.boilerplate_kind(text)
    assert time.perf_counter() - started < 2
