"""From a request to a view and back: what was asked, in which language, and every failure as a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from datasette import Response

from crawler.errors import DatabaseError, QuestionError
from crawler.reading_room.languages import Language, catalogues, choose
from crawler.reading_room.room import Room, TooSlowError

LANGUAGE_COOKIE = "warta_language"
_LONGEST_VALUE = 4_000
#: Characters of a parameter; more is nobody's question.

_MOST_PARAMETERS = 50


@dataclass(slots=True, frozen=True)
class Asked:
    """What a view needs to know of a request."""

    path: str
    parameters: Mapping[str, str]
    #: Of the query string; of a name that comes twice the last.

    names: Mapping[str, str]
    #: What the route's pattern named: ``(?P<id>…)``.

    language: Language

    origin: str = ""
    #: Scheme and host that the visitor used: ``http://127.0.0.1:8765``.

    def get(self, name: str) -> str:
        """A parameter without space around it; empty where it is not given."""
        return self.parameters.get(name, "").strip()

    def whole(self, name: str, default: int, *, least: int = 1, most: int = 1_000) -> int:
        """A parameter as a whole number; :class:`QuestionError` where it is none within these bounds."""
        text = self.get(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit()) or len(text) > 9 or not least <= int(text) <= most:
            raise QuestionError(f"{name} is a whole number from {least} to {most}")
        return int(text)

    def address(self, path: str | None = None, /, **changes: object) -> str:
        """This page's address, or that of *path* with the same parameters, with some changed.

        What is null or empty is left out.
        """
        merged = {**self.parameters, **changes}
        kept = {name: value for name, value in merged.items() if value not in (None, "")}
        return (path or self.path) + ("?" + urlencode(kept) if kept else "")


@dataclass(slots=True, frozen=True)
class Page:
    """What a view answers with: a template under ``templates/room`` and what stands in it."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"


class NotFoundError(Exception):
    """There is no such page; its words are what was looked for."""


View = Callable[[Room, Asked], Awaitable[Page | Response]]


@dataclass(slots=True, frozen=True)
class Route:
    """A page and where it is found."""

    pattern: str
    #: Regular expression on the whole path, with ``(?P<name>…)``.

    view: View
    nav: str | None = None
    #: Where the page stands in the navigation: its path. Its words are ``nav.NAME`` of the catalogues.


async def answer(datasette: Any, request: Any, view: View) -> Response:
    """The view's page, or what is to be said in its place."""
    asked = read_request(request)
    try:
        page = await view(datasette.reading_room, asked)
    except NotFoundError as error:
        page = failure(asked, 404, asked.language("page.not_found", what=str(error)))
    except TooSlowError as error:
        page = failure(asked, 503, str(error))
    except QuestionError as error:
        page = failure(asked, 400, str(error))
    except DatabaseError as error:
        page = failure(asked, 503, str(error))
    return await finish(datasette, request, asked, page)


async def finish(datasette: Any, request: Any, asked: Asked, page: Page | Response) -> Response:
    """The page as an answer, with the language kept that it was asked for in."""
    if isinstance(page, Page):
        html = await datasette.render_template(f"room/{page.template}", _frame(asked, page), request=request)
        page = Response(html, page.status, dict(page.headers), page.content_type)
    if isinstance(page, Response) and asked.parameters.get("lang") == asked.language.code:
        page.set_cookie(
            LANGUAGE_COOKIE, asked.language.code, max_age=31_536_000, httponly=True, samesite="lax"
        )
    return page


def failure(asked: Asked, status: int, message: str) -> Page:
    """A page that says in a sentence why there is no other."""
    return Page("failure.html", {"message": message, "section": None}, status)


def read_request(request: Any) -> Asked:
    """What a request asks for; what is too long is cut, and what is no text is replaced."""
    # Cut before it is read: a query string may be as long as the server lets it be.
    raw = request.query_string[: _LONGEST_VALUE * 8].encode("latin-1").decode("utf-8", "replace")
    pairs = parse_qsl(raw, keep_blank_values=True, errors="replace")[:_MOST_PARAMETERS]
    parameters = {name[:100]: value[:_LONGEST_VALUE].replace("\x00", "") for name, value in pairs}
    language = choose(
        parameters.get("lang"),
        request.cookies.get(LANGUAGE_COOKIE),
        request.headers.get("accept-language", ""),
    )
    return Asked(request.path, parameters, request.url_vars, language, f"{request.scheme}://{request.host}")


def _frame(asked: Asked, page: Page) -> dict[str, Any]:
    """What every template may use."""
    return {
        "t": asked.language,
        "asked": asked,
        "languages": [
            (code, other.messages["form.name"], asked.address(lang=code))
            for code, other in catalogues().items()
        ],
        "web_address": web_address,
        **page.values,
    }


def web_address(url: str | None) -> str | None:
    """The URL where a browser may follow it, http or https alone; else null.

    >>> web_address("javascript:alert(1)"), web_address("https://lamau.example/1")
    (None, 'https://lamau.example/1')
    """
    if not url or not url.lower().startswith(("http://", "https://")):
        return None
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~-._")


def navigation(routes: Sequence[Route]) -> list[tuple[str, str]]:
    """Path and key of the words for each page that stands in the navigation."""
    return [(route.nav, f"nav.{route.nav.strip('/') or 'search'}") for route in routes if route.nav]
