"""Pages that ask a visitor to prove that he is no robot, in place of the page that was asked for.

Some hosts send them with status 200: read as pages they would be settled as no article.
"""

from __future__ import annotations

import re

from scrapy.http import HtmlResponse, Response

CHALLENGE = "challenge page"
#: The reason that the summary gives.

_LARGEST = 100_000
#: Bytes; challenges are small, and real pages may carry parts of the same scripts.

_MARKS = re.compile(
    rb"""
    _cf_chl_opt | id=["']challenge-(?:form|running|error) | <title>\s*Just\ a\ moment\.\.\.
    | Attention\ Required!\s*\|\s*Cloudflare | Checking\ your\ browser\ before\ accessing
    | _Incapsula_Resource[^"']*(?:CWUDNSAI|SWJIYLWA) | /_sec/cp_challenge/ | geo\.captcha-delivery\.com
    | px-captcha | /\.well-known/sgcaptcha | gokuProps | DDoS\ protection\ by | ddos-guard/js-challenge
    """,
    re.VERBOSE,
)
#: Cloudflare, Imperva, Akamai, DataDome, HUMAN, SiteGround, AWS WAF, DDoS-Guard.


def is_challenge(response: Response) -> bool:
    """Whether an answer is a challenge rather than the page.

    >>> is_challenge(HtmlResponse("https://x.example/", body=b"<title>Just a moment...</title>"))
    True
    """
    if response.headers.get("cf-mitigated") == b"challenge":
        return True
    if not isinstance(response, HtmlResponse) or len(response.body) > _LARGEST:
        return False
    return _MARKS.search(response.body) is not None
