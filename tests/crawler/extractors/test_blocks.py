"""A page as the sequence of blocks that a reader sees."""

from __future__ import annotations

import pytest

from crawler.extractors.blocks import Flow, clean
from crawler.extractors.tree import parse_tree
from crawler.extractors.walk import MAX_BLOCKS, read_blocks


def flow(markup: str) -> Flow:
    root, _ = parse_tree(markup.encode())
    assert root is not None
    return read_blocks(root)


def texts(markup: str) -> list[str]:
    return [block.text for block in flow(markup).blocks]


def test_paragraphs_and_list_items_are_blocks():
    assert texts("<p>Satu.</p><ul><li>Dua</li><li>Tiga</li></ul>") == ["Satu.", "Dua", "Tiga"]


def test_inline_elements_do_not_part_a_block():
    assert texts("<p>Harga <b>cabai</b> <i>naik</i> lagi<sup>1</sup>.</p>") == ["Harga cabai naik lagi1."]


def test_text_beside_elements_is_a_block_of_its_own():
    assert texts("<div>lepas<p>dalam</p>sesudah</div>") == ["lepas", "dalam", "sesudah"]


def test_a_line_break_parts_blocks_and_is_remembered():
    blocks = flow("<div>Satu.<br>Dua.<br><br>Tiga.</div>").blocks
    assert [(block.text, block.after_break) for block in blocks] == [
        ("Satu.", False),
        ("Dua.", True),
        ("Tiga.", True),
    ]


def test_a_line_break_in_a_heading_is_a_blank():
    assert texts("<h1>Harga Cabai<br>Naik Lagi</h1>") == ["Harga Cabai Naik Lagi"]


@pytest.mark.parametrize(
    "tag", ["script", "style", "noscript", "template", "iframe", "svg", "select", "textarea"]
)
def test_what_no_reader_sees_is_no_block(tag: str):
    assert texts(f"<p>Sebelum</p><{tag}>tersembunyi</{tag}><p>sesudah</p>") == ["Sebelum", "sesudah"]


def test_text_after_a_skipped_element_is_kept():
    assert texts("<p>Sebelum <script>x()</script>sesudah</p>") == ["Sebelum sesudah"]


def test_white_space_is_folded_and_invisible_characters_fall():
    assert texts("<p>\n  Warga\u00a0desa\u200b \u00adpulang\ufeff </p>") == ["Warga desa pulang"]


def test_empty_elements_are_no_blocks():
    assert texts("<p></p><p> &nbsp; </p><div><span></span></div>") == []


def test_links_of_a_block_are_kept_with_their_share():
    block = flow('<p><a href="/a">Banjir di Demak</a> surut</p>').blocks[0]
    assert [(link.text, link.href) for link in block.links] == [("Banjir di Demak", "/a")]
    assert block.link_share == pytest.approx(15 / 21)


def test_a_link_around_paragraphs_belongs_to_each():
    blocks = flow('<a href="/a"><h3>Banjir di Demak</h3><p>Air mulai surut.</p></a>').blocks
    assert [[link.href for link in block.links] for block in blocks] == [["/a"], ["/a"]]


def test_an_anchor_without_address_is_no_link():
    assert flow('<p><a name="atas">Banjir</a></p>').blocks[0].links == []


def test_neighbouring_spans_are_set_apart():
    assert texts("<p><span>Siti Rahma</span><span>Selasa</span></p>") == ["Siti Rahma Selasa"]


def test_a_drop_cap_stays_with_its_word():
    assert texts("<p><b>W</b>arga pulang</p>") == ["Warga pulang"]


def test_bold_blocks_are_told():
    assert [
        block.bold for block in flow("<p><b>Tanya jawab</b></p><p><b>A</b> dan seterusnya</p>").blocks
    ] == [True, False]


def test_a_time_elements_moment_is_kept():
    assert (
        flow('<p><time datetime="2026-01-30T10:00:00+07:00">Jumat</time></p>').blocks[0].time
        == "2026-01-30T10:00:00+07:00"
    )


@pytest.mark.parametrize("style", ["display:none", "display : none !important", "visibility:hidden"])
def test_hidden_containers_are_known_and_still_read(style: str):
    block = flow(f'<div style="{style}"><p>Halaman dua.</p></div>').blocks[0]
    assert block.text == "Halaman dua."
    assert block.box.hidden


def test_the_nearest_landmark_is_known():
    assert [
        block.box.apart for block in flow("<nav><p>a</p></nav><aside><div>b</div></aside><p>c</p>").blocks
    ] == ["nav", "aside", ""]


def test_a_box_spans_the_blocks_inside():
    read = flow("<p>a</p><div><p>b</p><p>c</p></div><p>d</p>")
    div = next(box for box in read.boxes if box.tag == "div")
    assert (div.first, div.end) == (1, 3)


def test_the_names_of_inline_elements_that_begin_a_block_are_kept():
    assert (
        flow('<p><span class="Penulis" itemprop="author">Siti</span></p>').blocks[0].inner == "penulis author"
    )


def test_pictures_know_the_block_after_them_and_their_lazy_address():
    picture = flow(
        '<p>a</p><img src="data:x" data-src="/foto.jpg" alt=" Warga " width="800"><p>b</p>'
    ).pictures[0]
    assert (picture.before, picture.url, picture.alt, picture.width) == (1, "/foto.jpg", "Warga", "800")


def test_a_page_with_more_blocks_than_the_limit_is_cut():
    read = flow("<p>a</p>" * (MAX_BLOCKS + 50))
    assert read.truncated
    assert len(read.blocks) <= MAX_BLOCKS + 1


def test_unclosed_elements_end_with_the_page():
    assert texts("<div><p>Satu <b>dua<p>Tiga <a href=/x>empat") == ["Satu dua", "Tiga empat"]


def test_a_page_without_a_body_element_is_read():
    assert texts("<p>Halo</p>") == ["Halo"]


def test_a_namespaced_element_is_inline():
    assert texts("<p>Jakarta <o:p>baru</o:p> saja</p>") == ["Jakarta baru saja"]


@pytest.mark.parametrize(
    ("text", "cleaned"), [("", ""), ("\u200b\u200f", ""), ("a\u00a0 b\n", "a b"), ("re\u00adkan", "rekan")]
)
def test_cleaning_folds_blanks(text: str, cleaned: str):
    assert clean(text) == cleaned
