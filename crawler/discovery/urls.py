"""URLs in one spelling: as fetched (``normalise``), and as articles are told apart (``article_key``)."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit

from w3lib.url import canonicalize_url, safe_url_string

from crawler.sources import Source

MAX_LENGTH = 2000
#: Characters; longer URLs are traps or carry a page's state, and bound what patterns have to search.

_BLANKS = "".join(map(chr, range(0x21))) + "\u00a0\u200b\ufeff"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")
_SLASHES = re.compile(r"/{2,}")
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Only names that no site uses to choose what it shows; "cid", "id" or "session" may do so and stay.
_TRACKING = re.compile(
    r"(?:utm|mtm|matomo|pk|piwik|itm|hsa|stm)_\w+|_ga|_gl|_hsenc|_hsmi|_openstat|"
    r"fbclid|fb_action_ids|fb_action_types|fb_source|fb_ref|"
    r"gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|"
    r"igshid|igsh|mc_cid|mc_eid|mkt_tok|oly_anon_id|oly_enc_id|vero_id|wickedid|"
    r"cmpid|ocid|ncid|ref|ref_src|ref_url|source|spm|tblci|dicbo|share_id|shared_via",
    re.IGNORECASE,
)

_TWIN_HOST = re.compile(r"^(?:(?:www\d?|m|mobile|wap|amp)\.)+(?=[^.]+\.[^.])")
_TWIN_QUERY = re.compile(
    r"(?:page|showpage)=all|page=1|single=1|amp(?:=1|=true|=)?|output(?:type)?=amp", re.I
)
_AMP_PATH = re.compile(r"^(?:/amp)+(?=/.)|(?<=.)(?:/amp)+/?$", re.IGNORECASE)


def normalise(url: str, base: str | None = None) -> str | None:
    """The URL as it is fetched and stored: absolute, http or https, without tracking or fragment.

    Lowercases scheme and host, drops the default port, empty fragments and doubled slashes, and
    percent-encodes what needs it. The order of the query and the trailing slash stay as they are,
    since servers may care. Normalising twice changes nothing.

    Returns None for what is no web page: nothing at all, other schemes, credentials, a bad host, more than
    ``MAX_LENGTH`` characters.

    >>> normalise("/berita/1?utm_source=x&page=2#atas", "HTTPS://Contoh.id:443/")
    'https://contoh.id/berita/1?page=2'
    """
    url = _CONTROL.sub("", url.strip(_BLANKS)).replace("&amp;", "&")
    if not url or len(url) > MAX_LENGTH:
        return None
    try:
        if not url.lower().startswith(("http://", "https://")):
            if base is None or (_SCHEME.match(url) and not url.lower().startswith(("http:", "https:"))):
                return None
            url = urljoin(base, url)
        parts = urlsplit(safe_url_string(url))
        return _assemble(parts)
    except ValueError:  # brackets that hold no IPv6 address, a port that is no number, a bad IDN label
        return None


def article_key(url: str, source: Source | None = None) -> str:
    """What two addresses of one article share; for comparing, not for fetching.

    Beyond ``normalise``: http and https, a ``www.``, ``m.``, ``mobile.``, ``wap.`` or ``amp.`` host,
    a leading or trailing ``/amp``, the trailing slash, ``page=all``, ``page=1``, ``single=1``,
    ``amp=1`` and the order of the query make no difference. The source's own whole-story parameter
    or suffix is dropped too. ``?page=2`` stays: it is another part of the story, with other text.
    Other subdomains stay apart, since editions reuse paths.

    A URL that cannot be normalised is its own key.

    >>> article_key("http://m.contoh.id/amp/berita/1/?page=all")
    'https://contoh.id/berita/1'
    """
    clean = normalise(url)
    if clean is None:
        return url
    key = _without_twins(clean, source)
    # What is cut can bare more of the same: "/amp/;/" ends in another slash without its ";".
    while (shorter := _without_twins(key, source)) != key and len(shorter) < len(key):
        key = shorter
    return key


def whole_story_url(url: str, source: Source) -> str:
    """The article's URL with the outlet's whole-story parameter or suffix, once; else the URL itself."""
    parts = urlsplit(url)
    if source.single_page_suffix and not parts.path.endswith(source.single_page_suffix):
        parts = parts._replace(path=parts.path.rstrip("/") + source.single_page_suffix)
    if source.single_page_query:
        name = source.single_page_query.partition("=")[0]
        kept = [pair for pair in parts.query.split("&") if pair and pair.partition("=")[0] != name]
        parts = parts._replace(query="&".join([*kept, source.single_page_query]))
    return parts.geturl()


def _without_twins(url: str, source: Source | None) -> str:
    parts = urlsplit(canonicalize_url(url))
    host = parts.netloc.removesuffix(":443")
    if not _is_address(parts):
        host = _TWIN_HOST.sub("", host)
    path = _AMP_PATH.sub("", parts.path).rstrip("/") or "/"
    if source is not None and source.single_page_suffix:
        path = path.removesuffix(source.single_page_suffix) or "/"
    own = source.single_page_query if source is not None else None
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and pair != own and not _TWIN_QUERY.fullmatch(pair)
    )
    return f"https://{host}{path}" + (f"?{query}" if query else "")


def _assemble(parts: SplitResult) -> str | None:
    scheme, host, port = parts.scheme.lower(), (parts.hostname or "").rstrip("."), parts.port
    if ":" in host:
        host = f"[{host}]"
    if scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or "@" in parts.netloc:
        return None
    netloc = host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    # An archived page's path holds another URL, whose two slashes are its own.
    path = parts.path if "://" in parts.path else _SLASHES.sub("/", parts.path)
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair.partition("=")[0])
    )
    url = f"{scheme}://{netloc}{path or '/'}" + (f"?{query}" if query else "")
    return url if len(url) <= MAX_LENGTH else None


def _is_address(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    return ":" in host or host.rpartition(".")[2].isdigit()
