"""Pages that want proof that we are no robot, told from pages."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse, Response

from crawler.middlewares.challenges import is_challenge

URL = "https://lamau.example/berita/7"


@pytest.mark.parametrize(
    "html",
    [
        b"<html><head><title>Just a moment...</title></head><body></body></html>",
        b"<script>window._cf_chl_opt={cvId:'3'};</script>",
        b'<script src="/_Incapsula_Resource?SWUDNSAI=31&xinfo=9"></script>',
        b"<script data-cfasync=\"false\">var dd={'host':'geo.captcha-delivery.com'}</script>",
        b'<div id="px-captcha"></div>',
    ],
)
def test_challenges_are_known_by_what_their_makers_write(html: bytes) -> None:
    assert is_challenge(HtmlResponse(URL, body=html))


def test_a_challenge_may_say_so_itself() -> None:
    assert is_challenge(Response(URL, headers={"cf-mitigated": "challenge"}))


def test_a_page_behind_the_same_protection_is_a_page() -> None:
    script = b'<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
    assert not is_challenge(HtmlResponse(URL, body=b"<h1>Panen Garam</h1><p>Petani memanen.</p>" + script))


def test_a_story_about_challenges_is_a_page() -> None:
    story = (
        b"<h1>Cara Kerja Captcha</h1>" + b"<p>Attention Required! | Cloudflare, begitu tertulis.</p>" * 1_000
    )
    assert not is_challenge(HtmlResponse(URL, body=story))
