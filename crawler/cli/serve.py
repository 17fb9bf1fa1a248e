"""``warta serve``: the reading room, pages in a browser over a database."""

from __future__ import annotations

import asyncio
import signal
import socket
import webbrowser
from pathlib import Path
from typing import Any

import click

from crawler.cli.options import database_option
from crawler.cli.terminal import complain
from crawler.errors import WartaError
from pipelines.extras import import_extra

DEFAULT_PORT = 8765
_GRACE_SECONDS = 3
#: For answers that are under way when the room is closed.


@click.command()
@database_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=DEFAULT_PORT,
    show_default=True,
    help="The port; 0 for a free one.",
)
@click.option("--sql", is_flag=True, help="Let visitors ask with SELECTs of their own.")
@click.option("--open", "opened", is_flag=True, help="Open the page in a browser.")
def serve(database: Path, *, host: str, port: int, sql: bool, opened: bool) -> None:
    """Open the reading room: search and read the database in a browser, until Ctrl-C.

    It only reads, and is reached from this machine alone unless --host says otherwise.
    """
    import_extra("datasette", "serve")
    # Imported when called for: both need the extra.
    from crawler.reading_room.app import open_room  # noqa: PLC0415
    from crawler.reading_room.security import is_loopback  # noqa: PLC0415

    loopback = is_loopback(host)
    with _listening(host, port) as sock:
        datasette = open_room(database, sql=sql, loopback=loopback)
        address = _address(host, sock)
        if not loopback:
            complain("whoever reaches this machine can read the database: --host is not a loopback address.")
        click.echo(f"The reading room of {database} is open at {address} until Ctrl-C.")
        if opened:
            webbrowser.open(address)
        try:
            _run(datasette.app(), sock)
        finally:
            datasette.reading_room.close()


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens; :class:`WartaError` where the address cannot be had."""
    try:
        return socket.create_server((host, port), family=_family(host))
    except OSError as error:
        raise WartaError(
            f"{host} port {port} cannot be served at: {error.strerror or error}; try --port 0."
        ) from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _address(host: str, sock: socket.socket) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{sock.getsockname()[1]}/"


def _run(app: Any, sock: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, which let the answers under way come to an end."""
    uvicorn = import_extra("uvicorn", "serve")
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="on",
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )

    def close(*_: object) -> None:
        server.should_exit = True

    # The server takes both signals itself while it runs, and raises them again when it has ended.
    before = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        asyncio.run(server.serve(sockets=[sock]))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
