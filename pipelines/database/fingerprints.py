"""What makes two records the same: the key of a URL, and fingerprints of a text.

Pure functions of strings; the rules that use them stand in :mod:`pipelines.database.recognition`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlsplit, urlunsplit

from courlan import extract_domain
from w3lib.url import canonicalize_url

MIN_WORDS_ALONE = 50
#: A shorter body counts as the same text only together with its headline: photo pages and flash news
#: share sentences like "See the gallery" without being the same story.

_WORD = re.compile(r"\w+")
_TRACKING = re.compile(r"(?:^|&)(?:utm_\w+|fbclid|gclid|dclid|msclkid|igshid|yclid)=[^&]*", re.IGNORECASE)
_HOST = re.compile(r"https?://[^/?#\\\s]+")
_NETLOC = re.compile(r"https://([^/?]*)")
_DEFAULT_PORT = re.compile(r"(?<=[^:]):(?:80|443)$")


@lru_cache(maxsize=4096)
def url_key(url: str) -> str:
    """The form under which a URL is looked up: two spellings of one address have one key.

    >>> url_key("http://News.Example:80/a/?utm_source=x&b=1#top")
    'https://news.example/a?b=1'

    Scheme, default port, fragment, trailing slash, order of parameters and tracking parameters do not
    count. The key is not meant to be fetched. A string that is no URL is its own key.
    """
    url = url.strip().encode("utf-8", "ignore").decode()
    try:
        scheme, netloc, path, query, _ = urlsplit(canonicalize_url(url))
    except ValueError:
        return url
    if scheme not in {"http", "https"}:
        return urlunsplit((scheme, netloc, path, query, "")) if scheme else url
    query = _TRACKING.sub("", query).lstrip("&")
    return urlunsplit(("https", _DEFAULT_PORT.sub("", netloc), path.rstrip("/"), query, ""))


def site_of(url: str) -> str:
    """The site that a URL belongs to: its registered domain, or an address with its port; empty for a file.

    >>> site_of("https://m.news.example/a"), site_of("http://127.0.0.1:8765/a")
    ('news.example', '127.0.0.1:8765')
    """
    host = _HOST.match(url)
    return _site_of(host[0] if host else url)


@lru_cache(maxsize=4096)
def _site_of(url: str) -> str:
    if domain := extract_domain(url):
        return domain
    found = _NETLOC.match(url_key(url))
    netloc = found[1] if found else ""
    name, _, last_label = netloc.rpartition(".")
    # A name under no public suffix (a network of one's own, the reserved ".example"), not a number.
    return f"{name.rpartition('.')[2]}.{last_label}" if name and last_label.isalpha() else netloc


def is_front_page(key: str) -> bool:
    """Whether a URL's key has neither path nor parameters."""
    return _NETLOC.fullmatch(key) is not None


def words_of(text: str) -> list[str]:
    """The words of a text as they count for sameness: no case, accents' encoding, spaces or signs."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def text_fingerprint(headline_words: list[str], body_words: list[str]) -> bytes | None:
    """Equal for exact copies of a story; null where there is no body to compare. 16 bytes."""
    if not body_words:
        return None
    counted = body_words if len(body_words) >= MIN_WORDS_ALONE else [*headline_words, "\n", *body_words]
    return digest(" ".join(counted))


def digest(text: str) -> bytes:
    """BLAKE2b of a text, 16 bytes."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
