"""Alerts by mail, taken by a real mail server on this machine."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.configuration import SETTINGS
from crawler.watching import mail
from crawler.watching.mail import Mail, compose, read_mail, send

ALERT = {
    "event": "began",
    "source": "lamau",
    "what": "silent",
    "since": "2026-07-04T03:00:00Z",
    "told": "nothing new for 30 hours",
    "examples": ["https://a.example/1"],
}


class Postbox:
    """What a server was handed, and what it answers first."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.tries = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.tries += 1
        if self.answers:
            return self.answers.pop(0)
        message = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        assert isinstance(message, EmailMessage)
        self.taken.append((envelope.rcpt_tos, message))
        return "250 taken"


class Server(Controller):
    """At a free port of loopback."""

    def __init__(self, box: Postbox, **more: Any) -> None:
        super().__init__(box, hostname="127.0.0.1", port=0, **more)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def mail(self, **more: Any) -> Mail:
        recipients = ["desk@kabar.example", "night@kabar.example"]
        values: dict[str, Any] = {"security": "none"} | more
        return Mail("127.0.0.1", self.port, "warta@kabar.example", recipients, **values)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail.time, "sleep", lambda _: None)


@pytest.fixture
def box() -> Postbox:
    return Postbox()


@pytest.fixture
def server(box: Postbox) -> Iterator[Server]:
    server = Server(box)
    server.start()
    yield server
    server.stop()


def test_an_alert_reaches_all_recipients(server: Server, box: Postbox) -> None:
    assert send(server.mail(), ALERT)
    ((recipients, message),) = box.taken
    assert recipients == ["desk@kabar.example", "night@kabar.example"]
    assert message["Subject"] == "Warta: lamau: silent"
    assert message["From"] == "warta@kabar.example"
    assert "nothing new for 30 hours" in message.get_content()
    assert "https://a.example/1" in message.get_content()


def test_the_end_of_a_finding_is_told_too() -> None:
    written = compose(
        Mail("h", 25, "a@b.example", ["c@d.example"]), {**ALERT, "event": "ended", "told": None}
    )
    assert written["Subject"] == "Warta: lamau: silent is over"


def test_what_a_page_says_adds_no_header_and_no_recipient(server: Server, box: Postbox) -> None:
    bad = "list https://a.example/\r\nBcc: other@else.example\r\n\r\nhello\x00\u2028" + "kata " * 100
    assert send(server.mail(), {**ALERT, "what": bad, "told": f"a\r\n.\r\nQUIT\r\n{bad}"})
    ((recipients, message),) = box.taken
    assert recipients == ["desk@kabar.example", "night@kabar.example"]
    assert message["Bcc"] is None
    assert message["Subject"].startswith(
        "Warta: lamau: list https://a.example/ Bcc: other@else.example hello kata kata"
    )
    assert len(message["Subject"]) == mail.SUBJECT


def test_a_server_in_trouble_is_asked_again(server: Server, box: Postbox) -> None:
    box.answers = ["451 later", "421 later"]
    assert send(server.mail(), ALERT)
    assert (box.tries, len(box.taken)) == (3, 1)


def test_a_server_that_refuses_is_told_and_asked_once(
    server: Server, box: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    box.answers = ["554 no such thing here"]
    assert not send(server.mail(), ALERT)
    assert "the mail server 127.0.0.1 failed: 554 no such thing here" in caplog.text
    assert box.tries == 1


def test_a_server_that_is_not_there_is_told_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert not send(Mail("127.0.0.1", 1, "a@b.example", ["c@d.example"], security="none"), ALERT)
    assert "the mail server 127.0.0.1 failed: Connection refused" in caplog.text


def test_a_server_without_starttls_gets_no_password(
    server: Server, box: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    assert not send(server.mail(security="starttls", user="warta", password="rahasia"), ALERT)
    assert "alerts.mail.security" in caplog.text
    assert box.tries == 0


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """One for 127.0.0.1 that this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    plain = serialization.NoEncryption()
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_it_logs_in_over_a_line_that_is_secured(certificate: ssl.SSLContext, box: Postbox) -> None:
    def authenticate(
        _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any
    ) -> AuthResult:
        knows = (data.login, data.password) == (b"warta", b"rahasia")
        return AuthResult(success=knows, handled=False)

    server = Server(
        box, tls_context=certificate, require_starttls=True, auth_required=True, authenticator=authenticate
    )
    server.start()
    try:
        assert send(server.mail(security="starttls", user="warta", password="rahasia"), ALERT)
        assert not send(server.mail(security="starttls", user="warta", password="salah"), ALERT)
    finally:
        server.stop()
    assert len(box.taken) == 1


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    certificate: ssl.SSLContext,
    box: Postbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    server = Server(box, tls_context=certificate)
    server.start()
    try:
        assert not send(server.mail(security="starttls"), ALERT)
    finally:
        server.stop()
    assert "CERTIFICATE_VERIFY_FAILED" in caplog.text
    assert box.tries == 0


@pytest.mark.parametrize(
    ("server", "security", "place"),
    [
        ("smtp.a.example", "starttls", ("smtp.a.example", 587)),
        ("smtp.a.example", "tls", ("smtp.a.example", 465)),
        ("127.0.0.1:2525", "none", ("127.0.0.1", 2525)),
        ("[::1]", "none", ("::1", 25)),
    ],
)
def test_the_port_goes_by_how_the_line_is_secured(server: str, security: str, place: tuple[str, int]) -> None:
    values = {each.key: each.default for each in SETTINGS}
    read = read_mail(values | {"alerts.mail.server": server, "alerts.mail.security": security})
    assert read is not None
    assert (read.host, read.port) == place


def test_without_a_server_there_is_no_mail() -> None:
    assert read_mail({each.key: each.default for each in SETTINGS}) is None
