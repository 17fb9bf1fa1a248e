"""Tells what changed at an outlet to a command, a web address or by mail, each thing once.

What was told stands in the database until it is over, so that a restart tells nothing twice. Where a hook
fails the alert is told again after the next round.
"""

from __future__ import annotations

import json
import logging
import shlex
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from crawler.errors import SettingError
from crawler.watching.mail import Mail, send
from pipelines.database.outlets import alerts
from pipelines.database.outlets.health import Finding

logger = logging.getLogger(__name__)

COMMAND_SECONDS = 30.0
WEBHOOK_SECONDS = 10.0
TRIES = 3
#: A web address is asked so often, with pauses of one and two seconds between.


@dataclass(slots=True, frozen=True)
class Hooks:
    """Where alerts go."""

    command: Sequence[str] = ()
    #: Program and arguments; run without a shell, the alert as JSON on its standard input.

    webhook: str | None = None
    #: Asked by POST with the alert as JSON.

    mail: Mail | None = None
    #: Sent through this server.


def read_hooks(command: str | None, webhook: str | None, mail: Mail | None = None) -> Hooks:
    """Hooks from the settings alerts.command and alerts.webhook, and those under alerts.mail.

    Raises SettingError where a command has open quotes or an address is none of http or https.
    """
    try:
        words = shlex.split(command or "")
    except ValueError as error:
        raise SettingError(f"alerts.command cannot be read: {error}.") from error
    parts = urlsplit(webhook or "")
    if webhook and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise SettingError("alerts.webhook is no address that begins with http:// or https://.")
    return Hooks(words, webhook or None, mail)


def tell_changes(
    db: Database, sources: Iterable[str], findings: Sequence[Finding], hooks: Hooks, now: str
) -> None:
    """Tell what began and what ended at the outlets since the last time; *now* in ISO 8601, UTC."""
    known = alerts.standing(db, sources)
    found = {(finding.source, finding.what): finding for finding in findings}
    for key, finding in found.items():
        if key in known:
            continue
        logger.warning("%s: %s: %s", finding.source, finding.what, finding.told, extra=_of(finding.source))
        if _send(hooks, {"event": "began", **asdict(finding)}):
            alerts.begin(db, *key, finding.since, now)
    for (source, what), since in known.items():
        if (source, what) in found:
            continue
        logger.info("%s: %s: over", source, what, extra=_of(source))
        if _send(hooks, {"event": "ended", "source": source, "what": what, "since": since}):
            alerts.end(db, source, what)


def _of(source: str) -> dict[str, Any]:
    return {"outlets": [source]}


def _send(hooks: Hooks, alert: dict[str, Any]) -> bool:
    """Whether all hooks took it."""
    body = json.dumps(alert).encode()
    # Each is asked, also where one before it fails.
    taken = [_run(hooks.command, body) if hooks.command else True]
    taken.append(_post(hooks.webhook, body) if hooks.webhook else True)
    taken.append(send(hooks.mail, alert) if hooks.mail else True)
    return all(taken)


def _run(command: Sequence[str], body: bytes) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 (the operator's own command; nothing of a page is in it)
            command, input=body, timeout=COMMAND_SECONDS, stdout=subprocess.DEVNULL, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        why = error.strerror if isinstance(error, OSError) else f"took more than {COMMAND_SECONDS:.0f} s"
        logger.error("the alert command %s failed: %s", command[0], why)
        return False
    if done.returncode:
        logger.error("the alert command %s ended with code %d", command[0], done.returncode)
    return done.returncode == 0


def _post(address: str, body: bytes) -> bool:
    why = ""
    for attempt in range(TRIES):
        time.sleep(attempt)
        request = urllib.request.Request(  # noqa: S310 (http or https: read_hooks)
            address, body, {"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=WEBHOOK_SECONDS):  # noqa: S310
                return True
        except urllib.error.HTTPError as error:
            why = f"http {error.code}"
            if error.code < 500 and error.code not in {408, 429}:
                break
        except OSError as error:  # URLError and timeouts are such
            why = str(getattr(error, "reason", error))
    # Its path may be a secret.
    logger.error("the alert webhook at %s failed: %s", urlsplit(address).hostname, why)
    return False
