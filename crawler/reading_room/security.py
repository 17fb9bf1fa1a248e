"""The door: which requests come in, and which headers go out with every answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Nothing from elsewhere, no script in a page, no frame around one of ours.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"
)
#: Datasette's own pages write style sheets into the page; what is a script there does not run.
DATASETTE_POLICY = CONTENT_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
#: Pages of Datasette for its operator, which nobody needs here; some name the file's place on the disk.
_CLOSED = (
    *("/-/databases", "/-/threads", "/-/auth-token", "/-/logout", "/-/messages", "/-/permissions"),
    *("/-/allow-debug", "/-/patterns", "/_internal", "/_memory"),
)
_LOOPBACK = ("localhost", "127.", "::1")


def guard(app: App, *, own_pages: Callable[[str], bool], loopback: bool) -> App:
    """The application behind the door: GET and HEAD alone, and safe headers on each answer.

    *own_pages* tells by its path a page of ours from one of Datasette's. With *loopback* only requests that
    name this machine come in: a page elsewhere cannot read the room under a name of its own (DNS rebinding).
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        path = scope["path"]
        policy = CONTENT_POLICY if own_pages(path) else DATASETTE_POLICY

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                said = {name.lower() for name, _ in headers}
                wanted = {**HEADERS, "content-security-policy": policy}
                headers += [
                    (name.encode(), value.encode())
                    for name, value in wanted.items()
                    if name.encode() not in said
                ]
                message = {**message, "headers": headers}
            await send(message)

        if scope["method"] not in {"GET", "HEAD"}:
            await _refuse(send_safe, 405, "Only GET and HEAD are answered here.", (b"allow", b"GET, HEAD"))
        elif loopback and not _is_loopback(_host(scope)):
            await _refuse(send_safe, 421, "This room is open to this machine alone.")
        elif path.startswith(_CLOSED):
            await _refuse(send_safe, 404, "There is no such page.")
        else:
            await app(scope, receive, send_safe)

    return guarded


async def _refuse(send: Send, status: int, words: str, *headers: tuple[bytes, bytes]) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind, *headers]})
    await send({"type": "http.response.body", "body": words.encode()})


def _host(scope: Scope) -> str:
    for name, value in scope.get("headers", []):
        if name == b"host":
            try:
                return urlsplit(f"//{value.decode('latin-1')}").hostname or ""
            except ValueError:
                return ""
    return ""


def _is_loopback(host: str) -> bool:
    return host.startswith(_LOOPBACK[1]) or host in _LOOPBACK


def is_loopback(host: str) -> bool:
    """Whether a server at this address is reached from this machine alone."""
    return _is_loopback(host.strip("[]").lower())
