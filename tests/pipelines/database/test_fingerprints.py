import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.database.fingerprints import MIN_WORDS_ALONE, site_of, text_fingerprint, url_key, words_of


@given(st.text())
def test_a_key_is_its_own_key(url: str) -> None:
    assert url_key(url_key(url)) == url_key(url)


@given(
    st.sampled_from(["lamau.example", "127.0.0.11:8765"]),
    st.text("abc/-.%é ", max_size=12),
    st.lists(st.sampled_from(["id=4", "page=2", "utm_medium=rss", "fbclid=x", "q="]), unique=True),
)
def test_a_web_address_has_a_lasting_key(host: str, path: str, query: list[str]) -> None:
    key = url_key(f"http://{host}/{path}?{'&'.join(query)}#akhir")
    assert key == url_key(key)
    assert key == url_key(f"https://{host}/{path}?{'&'.join(reversed(query))}")
    assert "utm_" not in key
    assert ("id=4" in key) == ("id=4" in query)


def test_ports_and_parameters_that_mean_something_are_kept() -> None:
    assert url_key("http://127.0.0.11:8765/a") != url_key("http://127.0.0.11:8766/a")
    assert url_key("https://lamau.example/?p=1") != url_key("https://lamau.example/?p=2")


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://amp.lamau.example/1", "lamau.example"),
        ("https://www.lamau.co.id/1", "lamau.co.id"),
        ("http://127.0.0.11:8765/1", "127.0.0.11:8765"),
        ("http://localhost/1", "localhost"),
        ("file:///simpanan/1.html", ""),
        ("", ""),
        ("http://[rusak", ""),
    ],
)
def test_a_site_is_what_one_publisher_registered(url: str, site: str) -> None:
    assert site_of(url) == site


def test_case_spaces_signs_and_ligatures_are_not_words() -> None:
    assert words_of("Ekspor  “Ikan”\n\nteri — naik!") == words_of("ekspor ikan TERI naik")
    assert words_of("\ufb01lm") == words_of("film")


def test_short_texts_count_with_their_headline() -> None:
    few, many = ["kata"] * (MIN_WORDS_ALONE - 1), ["kata"] * MIN_WORDS_ALONE
    assert text_fingerprint(["satu"], few) != text_fingerprint(["dua"], few)
    assert text_fingerprint(["satu"], many) == text_fingerprint(["dua"], many)


def test_no_text_has_no_fingerprint() -> None:
    assert text_fingerprint(["satu"], []) is None
