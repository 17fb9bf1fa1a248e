"""Outlet rules: they add what the reader did not find, and take nothing away that they do not keep."""

from datetime import UTC, date, datetime

import pytest

from crawler.extractors import explain, extract
from crawler.items import Article
from crawler.sources import Rule, Source

URL = "https://kabarpesisir.example/berita/kapal-kayu"

SENTENCES = [
    "Perajin kapal kayu di Teluk Mutiara menyelesaikan tiga perahu pesanan nelayan pada awal pekan ini.",
    "Mereka bekerja sejak pagi di galangan yang menghadap laut, dibantu beberapa murid sekolah pelayaran.",
    "Kayu ulin didatangkan dari pulau seberang karena persediaan di desa itu sudah lama menipis.",
    "Ketua kelompok mengatakan satu perahu memerlukan waktu hampir empat bulan sebelum dapat dilayarkan.",
    "Pesanan berikutnya datang dari koperasi nelayan yang ingin mengganti kapal-kapal tua mereka.",
]
STORY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
PAGE = """<html lang="id"><head><title>Kapal Kayu Teluk Mutiara Kembali Dipesan</title></head><body>
<article><h1>Kapal Kayu Teluk Mutiara Kembali Dipesan</h1>{head}<div class="isi">{body}</div>{foot}</article>
</body></html>"""


def page(*, head: str = "", body: str = STORY, foot: str = "") -> bytes:
    return PAGE.format(head=head, body=body, foot=foot).encode()


def read(html: bytes, *rules: Rule, fetched_at: datetime | None = None) -> Article:
    source = Source("pesisir", "Kabar Pesisir", ("kabarpesisir.example",), rules=rules)
    return extract(html, URL, source=source, fetched_at=fetched_at)


def test_a_rule_gives_the_author_that_the_reader_does_not_see() -> None:
    html = page(foot='<div class="x9" data-a="1"><i>dari meja</i><b>Ratna Wulandari</b></div>')
    assert read(html).authors == []
    article = read(html, Rule({"byline": ".x9 b"}))
    assert (article.authors, article.evidence["authors"]) == (["Ratna Wulandari"], "rule")


def test_a_line_with_labels_gives_author_and_editor() -> None:
    html = page(
        foot='<table><tr><td class="k">Reporter: Ratna Wulandari | Editor: Yusuf Lamadike</td></tr></table>'
    )
    article = read(html, Rule({"byline": ".k"}))
    assert (article.authors, article.editors) == (["Ratna Wulandari"], ["Yusuf Lamadike"])


def test_what_the_reader_found_stays() -> None:
    html = page(head='<div class="penulis">Oleh Ratna Wulandari</div><div class="lain">Damar Wulan</div>')
    rule = Rule({"byline": ".lain", "headline": ".lain"})
    article = read(html, rule)
    assert article.authors == ["Ratna Wulandari"]
    assert article.headline == "Kapal Kayu Teluk Mutiara Kembali Dipesan"
    assert "rule" not in article.evidence.values()


def test_a_rule_gives_a_date_in_the_outlets_zone() -> None:
    html = page(foot='<footer><span data-x class="q" content="2026-02-01 09:30"></span></footer>')
    assert read(html).published is None
    article = read(html, Rule({"date": "span.q"}))
    assert (article.published, article.published_from) == ("2026-02-01T09:30:00+07:00", "rule")


def test_rules_give_deck_section_and_tags() -> None:
    html = page(foot='<b class="d">Perahu ramai</b><i class="s">Bahari</i><u class="t">kapal, laut</u>')
    article = read(html, Rule({"deck": ".d", "section": ".s", "tags": ".t"}))
    assert (article.deck, article.section, article.tags) == ("Perahu ramai", "Bahari", ["kapal", "laut"])
    assert [article.evidence[key] for key in ("deck", "section", "tags")] == ["rule"] * 3


def test_a_headline_is_taken_where_the_page_states_none() -> None:
    html = (
        f'<html><body><div class="j">Kapal Kayu Dipesan Lagi</div><div>{STORY}</div></body></html>'.encode()
    )
    assert read(html, Rule({"headline": ".j"})).headline == "Kapal Kayu Dipesan Lagi"


def test_what_a_rule_removes_is_kept_as_boilerplate() -> None:
    aside = '<div class="z">Kapal pinisi tetap dicari wisatawan yang datang dari berbagai kota besar.</div>'
    html = page(body=STORY.replace("</p><p>", f"</p>{aside}<p>", 1))
    assert "pinisi" in read(html).body
    article = read(html, Rule({"remove": ".z"}))
    assert "pinisi" not in article.body
    assert [item.text for item in article.boilerplate if "pinisi" in item.text]
    assert article.body == "\n\n".join(SENTENCES)


def test_the_kind_of_what_is_removed_is_told_by_its_words() -> None:
    rows = explain(
        page(body=STORY + '<p class="z">Baca juga: Nelayan Menunggu Musim Teduh</p><p>Selesai sudah.</p>'),
        URL,
        source=Source("p", "P", ("kabarpesisir.example",), rules=(Rule({"remove": ".z"}),)),
    )
    assert [row.role for row in getattr(rows, "blocks", rows) if "Baca juga" in row.text] == ["related"]


def test_a_removal_that_fits_most_of_the_story_is_not_believed() -> None:
    assert read(page(), Rule({"remove": ".isi"})).body == "\n\n".join(SENTENCES)


def test_a_selector_that_fits_nothing_changes_nothing() -> None:
    keys = ("headline", "deck", "byline", "editor", "date", "body", "section", "tags", "remove")
    assert read(page(), Rule(dict.fromkeys(keys, ".tidak-ada"))) == read(page())


def test_a_rule_shows_where_a_doubtful_story_stands() -> None:
    menu = "".join(f'<a href="/{n}">Kabar bahari nomor {n} dari desa pesisir</a> ' for n in range(30))
    items = "".join(f'<div class="comment">{sentence}</div>' for sentence in SENTENCES)
    html = (
        f'<html><body><div>{menu}</div><div class="isi comments">{items}</div>{menu}</body></html>'.encode()
    )
    assert "nomor 29" in read(html).body
    article = read(html, Rule({"body": ".isi"}))
    assert (article.body, article.evidence["body"]) == ("\n\n".join(SENTENCES), "rule")


def test_a_rule_that_shows_no_prose_is_not_followed() -> None:
    html = f"<html><body><ul class='isi'>{'<li><a href=/x>Kabar bahari</a></li>' * 30}</ul></body></html>"
    assert read(html.encode(), Rule({"body": ".isi"})).evidence.get("body") != "rule"


@pytest.mark.parametrize(("day", "authors"), [("2022-01-31", ["Ratna Wulandari"]), ("2024-01-31", [])])
def test_an_old_rule_serves_pages_of_its_time_only(day: str, authors: list[str]) -> None:
    html = page(foot='<footer><b class="lama">Ratna Wulandari</b></footer>')
    rule = Rule({"byline": ".lama"}, until=date(2023, 6, 1))
    fetched_at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert read(html, rule, fetched_at=fetched_at).authors == authors


def test_an_old_article_that_is_fetched_today_may_still_have_its_old_markup() -> None:
    html = page(
        head='<time datetime="2020-02-01T09:30:00+07:00">1 Februari 2020</time>',
        foot='<footer><b class="lama">Ratna Wulandari</b></footer>',
    )
    rule = Rule({"byline": ".lama"}, until=date(2023, 6, 1))
    assert read(html, rule, fetched_at=datetime(2026, 3, 1, tzinfo=UTC)).authors == ["Ratna Wulandari"]
