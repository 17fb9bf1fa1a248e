"""Alerts by mail: what a message says, and handing it to a mail server."""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

logger = logging.getLogger(__name__)

SECONDS = 10.0
TRIES = 3
#: A server is asked so often, with pauses of one and two seconds between.

SUBJECT = 150
#: Characters of it at most.

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


@dataclass(slots=True, frozen=True)
class Mail:
    """Which server takes alerts, from whom and to whom."""

    host: str
    port: int
    sender: str
    recipients: Sequence[str]
    security: str = "starttls"
    #: ``starttls``, ``tls`` or ``none``.

    user: str = ""
    password: str = ""


def read_mail(settings: Mapping[str, Any]) -> Mail | None:
    """Mail as the settings under ``alerts.mail`` say, by key; null where they name no server."""
    own = {
        name: settings[f"alerts.mail.{name}"]
        for name in Mail.__dataclass_fields__
        if name not in ("host", "port")
    }
    server = settings["alerts.mail.server"]
    if not server:
        return None
    match = re.fullmatch(r"\[?(?P<host>[^\]]*?)\]?(?::(?P<port>\d+))?", server)
    assert match is not None  # noqa: S101 (any text matches)
    return Mail(host=match["host"], port=int(match["port"] or _PORTS[own["security"]]), **own)


def compose(mail: Mail, alert: Mapping[str, Any]) -> EmailMessage:
    """The message of an alert. What outlets say stands in no header but the subject, on one line."""
    message = EmailMessage()
    over = " is over" if alert["event"] == "ended" else ""
    message["Subject"] = _one_line(f"Warta: {alert['source']}: {alert['what']}{over}")[:SUBJECT]
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.recipients)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=mail.sender.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody answers it by a machine
    lines = [f"{alert['source']}: {alert['what']}{over}, since {alert['since']}"]
    if told := alert.get("told"):
        lines += ["", told]
    lines += ["", *alert["examples"]] if alert.get("examples") else []
    message.set_content("\n".join(_one_line(line) for line in lines) + "\n")
    return message


def send(mail: Mail, alert: Mapping[str, Any]) -> bool:
    """Whether the server took it for all recipients."""
    message = compose(mail, alert)
    why = ""
    for attempt in range(TRIES):
        time.sleep(attempt)
        try:
            refused = _hand_over(mail, message)
            if refused:
                logger.warning("mail to %s was refused", ", ".join(sorted(refused)))
            return not refused
        except smtplib.SMTPResponseException as error:
            why = f"{error.smtp_code} {_one_line(_text(error.smtp_error))}"
            if error.smtp_code >= 500:
                break
        except smtplib.SMTPRecipientsRefused as error:
            why = "; ".join(
                f"{who}: {code} {_one_line(_text(said))}" for who, (code, said) in error.recipients.items()
            )
            if all(code >= 500 for code, _ in error.recipients.values()):
                break
        except smtplib.SMTPNotSupportedError as error:
            why = f"{error}; see alerts.mail.security"
            break
        except (OSError, smtplib.SMTPException) as error:
            why = str(getattr(error, "strerror", None) or error)
    logger.error("the mail server %s failed: %s", mail.host, why)
    return False


def _hand_over(mail: Mail, message: EmailMessage) -> Mapping[str, tuple[int, bytes]]:
    context = ssl.create_default_context() if mail.security != "none" else None
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)
    with server:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, mail.password)
        refused: Mapping[str, tuple[int, bytes]] = server.send_message(message, mail.sender, mail.recipients)
    return refused


def _one_line(text: object) -> str:
    return " ".join(_CONTROL.sub(" ", str(text)).split())


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
