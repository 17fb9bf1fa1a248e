"""The application: a Datasette over one file, with its settings, and our pages in front of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.plugins import pm

from crawler.reading_room import hooks
from crawler.reading_room.room import Room

_HERE = Path(__file__).parent

#: Of Datasette; facets and suggestions take seconds in a large file, and streams have no end.
SETTINGS = {
    "sql_time_limit_ms": 1_000,
    "max_returned_rows": 500,
    "default_page_size": 50,
    "suggest_facets": False,
    "allow_facet": False,
    "allow_download": False,
    "allow_csv_stream": False,
    "truncate_cells_html": 300,
    "template_debug": False,
    "trace_debug": False,
    "num_sql_threads": 3,
}


def open_room(
    path: Path, *, sql: bool = False, loopback: bool = True, now: Callable[[], datetime] | None = None
) -> Any:
    """A :class:`datasette.app.Datasette` over the database at *path*, which it only reads.

    ``.app()`` is its ASGI application, ``.client`` asks it within the process, ``.reading_room`` is its
    :class:`Room`, to be closed at the end. With *sql* visitors may write SELECTs of their own; with
    *loopback* only requests that name this machine are answered. Raises
    :class:`crawler.errors.DatabaseError` where the file cannot be read.
    """
    room = Room(path, sql=sql, **({"now": now} if now else {}))
    _register()
    datasette = Datasette(
        [str(room.path)],
        settings=SETTINGS | {"default_allow_sql": sql},
        metadata={"plugins": {hooks.PLUGIN: {"loopback": loopback}}, "title": "Warta"},
        template_dir=str(_HERE / "templates"),
        static_mounts=[("-/room", str(_HERE / "static"))],
    )
    _rename(datasette)
    _leave_uncounted(datasette.get_database())
    datasette.reading_room = room
    return datasette


def _register() -> None:
    """Our hooks, once in a process. Datasette's own report of a failure prints all there is in memory."""
    if not pm.is_registered(hooks):
        pm.register(hooks, hooks.PLUGIN)
        pm.unregister(sys.modules["datasette.handle_exception"])


def _rename(datasette: Any) -> None:
    """A file whose name is a page's of ours goes by another in addresses."""
    name = datasette.get_database().name
    if hooks.is_own_page(f"/{name}"):
        database = datasette.databases[name]
        datasette.remove_database(name)
        datasette.add_database(database, name=f"{name}-file")


def _leave_uncounted(database: Any) -> None:
    """Datasette's page of the file counts every table, each for a tenth of a second in a large one."""

    async def uncounted(limit: int = 10) -> dict[str, None]:
        return dict.fromkeys(await database.table_names())

    database.table_counts = uncounted
