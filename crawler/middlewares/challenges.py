"""Pages that ask a visitor to prove that he is no robot, in place of the page that was asked for.

Some hosts send them with status 200: read as pages they would be settled as no article.
"""

from __future__ import annotations

from scrapy.http import HtmlResponse, Response

CHALLENGE = "challenge page"
#: The reason that the summary gives.

_LARGEST = 50_000
#: Bytes; challenges are small, and real pages may carry parts of the same scripts.

_MARKS = (
    *(b"_cf_chl_opt", b'id="challenge-form"', b"<title>Just a moment...</title>"),
    *(b"Attention Required! | Cloudflare", b"Checking your browser before accessing"),  # Cloudflare
    *(b"_Incapsula_Resource?SWUDNSAI", b"_Incapsula_Resource?CWUDNSAI"),  # Imperva
    b"/_sec/cp_challenge/",  # Akamai
    b"captcha-delivery.com",  # DataDome
    b"px-captcha",  # HUMAN
    b"/.well-known/sgcaptcha",  # SiteGround
    b"gokuProps",  # AWS WAF
    *(b"DDoS protection by", b"ddos-guard/js-challenge"),
)


def is_challenge(response: Response) -> bool:
    """Whether an answer is a challenge rather than the page.

    >>> is_challenge(HtmlResponse("https://x.example/", body=b"<title>Just a moment...</title>"))
    True
    """
    if response.headers.get("cf-mitigated") == b"challenge":
        return True
    if not isinstance(response, HtmlResponse) or len(response.body) > _LARGEST:
        return False
    return any(mark in response.body for mark in _MARKS)
