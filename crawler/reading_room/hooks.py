"""Where the room meets Datasette: its plugin hooks. Other instances in the process are left alone."""

from __future__ import annotations

import re
import sqlite3
import sys
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

import datasette as plugins
from datasette import Response
from datasette.handle_exception import handle_exception as datasette_failure
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

from crawler.reading_room import security
from crawler.reading_room.answering import Route, answer, failure, finish, navigation, read_request
from crawler.reading_room.routes import ROUTES
from crawler.reading_room.text import FILTERS
from pipelines.database.asking.sql import LIMITS

Hook = TypeVar("Hook", bound=Callable[..., Any])

PLUGIN = "warta"
hookimpl: Callable[[Hook], Hook] = plugins.hookimpl
_PATTERNS = [re.compile(f"{route.pattern}$") for route in ROUTES]


def is_ours(datasette: Any) -> bool:
    """Whether this instance of Datasette is a reading room."""
    return bool(datasette.plugin_config(PLUGIN))


def is_own_page(path: str) -> bool:
    """Whether the path is one of our pages."""
    return any(pattern.match(path) for pattern in _PATTERNS)


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    return [(f"{route.pattern}$", _view(route)) for route in ROUTES] if is_ours(datasette) else []


def _view(route: Route) -> Any:
    async def view(request: Any, datasette: Any) -> Response:
        return await answer(datasette, request, route.view)

    return view


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    if is_ours(datasette):
        env.filters.update(FILTERS)
        env.globals["navigation"] = navigation(ROUTES)
        env.globals["data_address"] = datasette.urls.database(datasette.get_database().name)


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:
    """Bounds on what SQL in an address can ask for; the file is opened for reading alone besides."""
    if is_ours(datasette) and database != "_internal":
        conn.execute("PRAGMA query_only = ON")
        for limit, value in LIMITS.items():
            conn.setlimit(limit, value)


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    if not is_ours(datasette):
        return lambda app: app
    loopback = bool(datasette.plugin_config(PLUGIN)["loopback"])
    return lambda app: security.guard(app, own_pages=is_own_page, loopback=loopback)


@hookimpl
def forbidden(datasette: Any, request: Any, message: str) -> Any:
    """A page of ours for what is not allowed."""
    if not is_ours(datasette):
        return None

    async def told() -> Response:
        asked = read_request(request)
        return await finish(datasette, request, asked, failure(asked, 403, asked.language("page.forbidden")))

    return told


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """A page of ours for what is not there or failed; a fault of the program is written to the terminal."""
    if not is_ours(datasette):
        return datasette_failure(datasette, request, exception)

    async def told() -> Response:
        asked = read_request(request)
        status, message = _told(exception)
        if status == 500:
            traceback.print_exception(exception, file=sys.stderr)
            message = asked.language("page.fault")
        elif status == 404:
            message = asked.language("page.not_found", what=request.path[:200])
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "status": status, "error": str(message)}, status=status)
        return await finish(datasette, request, asked, failure(asked, status, message))

    return told


def _told(exception: Exception) -> tuple[int, str]:
    match exception:
        case Base400():
            return exception.status, str(exception.args[0]) if exception.args else ""
        case DatasetteError():
            return exception.status, re.sub(r"<[^>]*>", "", str(exception.message))
    return 500, ""
