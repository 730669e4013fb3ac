import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import delete, select

from kierto import clock
from kierto.database import reading, session, writing
from kierto.events.catalogue.meetings import MeetingBooked
from kierto.events.models import Event, QueuedEvent
from kierto.messages import actions, transport
from kierto.messages.models import Message, MessageState
from kierto.messages.ways import Ways
from kierto.settings import Settings
from kierto.sign_in.models import Channel
from kierto.worker.delivery import Delivery
from tests.cast import Cast
from tests.smtp import OK, Sink, listening

LEASE = timedelta(minutes=5)
EVERYONE = ("host", "other_host", "coordinator", "neighbour")


@pytest.fixture
def sink() -> Iterator[Sink]:
    with listening(Sink()) as running:
        yield running


@pytest.fixture
def due(cast: Cast) -> None:
    """The cast's four bookings have become four messages; what else the cast has done is told to nobody."""
    with writing():
        booked = select(Event.id).where(Event.kind == MeetingBooked.kind)
        session.execute(delete(QueuedEvent).where(QueuedEvent.event_id.not_in(booked)))
        assert actions.fan_out(100).events == 4


def sending_to(app: Flask, sink: Sink) -> Settings:
    settings: Settings = app.config["KIERTO"]
    return replace(settings, mail_url=f"smtp://127.0.0.1:{sink.port}")


def states() -> dict[str, tuple[MessageState, int, str | None]]:
    session.remove()
    with reading():
        return {
            (message.person and message.person.email) or "": (message.state, message.attempts, message.fault)
            for message in session.scalars(select(Message))
        }


@pytest.mark.usefixtures("due")
def test_mail_arrives_whole(app: Flask, cast: Cast, sink: Sink) -> None:
    Delivery(sending_to(app, sink), LEASE).run(lambda: True)
    assert sorted(mail["To"] for mail in sink.mails) == sorted(map(cast.email, EVERYONE))
    assert {state for state, _attempts, _fault in states().values()} == {MessageState.SENT}
    for mail in sink.mails:
        assert mail["From"] == "Kierto <kierto@localhost>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        assert "/meetings/" in mail.iter_parts().__next__().get_content()
        assert not mail.defects
    assert len({mail["Message-ID"] for mail in sink.mails}) == 4


@pytest.mark.usefixtures("due")
def test_a_refused_recipient_is_given_up_at_once_and_the_others_get_theirs(app: Flask, cast: Cast, sink: Sink) -> None:
    host = cast.email("host")
    sink.rcpt = lambda address: f"550 5.1.1 <{address}> is nobody here" if address == host else OK
    Delivery(sending_to(app, sink), LEASE).run(lambda: True)
    assert states().pop(host) == (MessageState.FAILED, 1, "SMTP 550 5.1.1"), "the fault names nobody"
    assert len(sink.mails) == 3


@pytest.mark.usefixtures("due")
@pytest.mark.parametrize("answer", ["451 4.7.1 Greylisted", "552 Mailbox full"])
def test_a_deferred_recipient_is_tried_again_later_with_the_same_message_id(
    app: Flask, cast: Cast, sink: Sink, answer: str
) -> None:
    host = cast.email("host")
    sink.rcpt = lambda address: answer if address == host else OK
    delivery = Delivery(sending_to(app, sink), LEASE)
    delivery.run(lambda: True)
    delivery.run(lambda: True)
    state, attempts, fault = states()[host]
    assert (state, attempts) == (MessageState.DUE, 1), "not before its wait is over"
    assert (fault or "").startswith(f"SMTP {answer[:3]}")
    sink.rcpt = lambda _address: OK
    with clock.at(clock.now() + timedelta(seconds=61)):
        delivery.run(lambda: True)
    assert states()[host] == (MessageState.SENT, 2, None)
    assert sink.mails[-1]["To"] == host


@pytest.mark.usefixtures("due")
def test_a_mail_taken_by_a_server_that_then_broke_off_is_sent_again_and_known_by_its_id(
    app: Flask, cast: Cast, sink: Sink
) -> None:
    settings = sending_to(app, sink)
    with writing():
        claim = actions.claim(LEASE)
        assert claim is not None
    with Ways(settings) as ways:
        assert Delivery(settings, LEASE)._deliver(claim, ways)
    with writing():  # the worker was killed before it could mark the message
        session.get_one(Message, claim.message_id).state = MessageState.DUE
    Delivery(settings, LEASE).run(lambda: True)
    ids = [mail["Message-ID"] for mail in sink.mails]
    assert len(ids) == 5
    assert len(set(ids)) == 4


@pytest.mark.usefixtures("due")
def test_while_the_server_is_down_nothing_is_lost_and_nothing_hurried(app: Flask, sink: Sink) -> None:
    down = replace(app.config["KIERTO"], mail_url="smtp://127.0.0.1:1")
    delivery = Delivery(down, LEASE)
    delivery.run(lambda: True)
    delivery.run(lambda: True)
    assert sorted(attempts for _state, attempts, _fault in states().values()) == [0, 0, 0, 1], "one try, then a pause"
    assert delivery.pauses[Channel.EMAIL].length == 1
    with clock.at(clock.now() + timedelta(minutes=2)):
        Delivery(sending_to(app, sink), LEASE).run(lambda: True)
    assert len(sink.mails) == 4


@pytest.mark.usefixtures("due")
def test_a_refused_mail_is_given_up_too(app: Flask, cast: Cast, sink: Sink) -> None:
    host = cast.email("host")
    sink.data = lambda address: "554 5.7.1 Not that" if address == host else OK
    Delivery(sending_to(app, sink), LEASE).run(lambda: True)
    assert states()[host] == (MessageState.FAILED, 1, "SMTP 554 5.7.1")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that only those trust who are told to; its key is in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process trusts the server's certificate, as a machine trusts its own authority."""
    monkeypatch.setattr(transport, "_verified", lambda: ssl.create_default_context(cafile=certificate))


def one_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "kierto@localhost", "host@kierto.test", "Kokous"
    mail.set_content("Hei")
    return mail


def send(url: str) -> None:
    with transport.SmtpTransport(urlsplit(url)) as way:
        way.send(one_mail())


def test_starttls_is_used_where_it_is_offered(server_tls: ssl.SSLContext) -> None:
    with listening(Sink(), starttls=server_tls) as sink:
        send(f"smtp://127.0.0.1:{sink.port}")
    assert sink.encrypted == [True]


@pytest.mark.usefixtures("trusted")
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # see tests/smtp.py
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_password_goes_over_tls_with_a_certificate_that_holds(server_tls: ssl.SSLContext, scheme: str) -> None:
    kind = {"smtp": {"starttls": server_tls}, "smtps": {"tls": server_tls}}[scheme]
    with listening(Sink(), login=True, **kind) as sink:
        send(f"{scheme}://ki%40rto:p%40ss%20word@localhost:{sink.port}")
    assert sink.users == ["ki@rto"]
    assert sink.encrypted == [True]


def test_a_password_is_not_given_to_a_server_that_cannot_prove_itself(server_tls: ssl.SSLContext) -> None:
    with listening(Sink(), login=True, starttls=server_tls) as sink, pytest.raises(transport.NotSent) as found:
        send(f"smtp://kierto:p%40ss%20word@localhost:{sink.port}")
    assert found.value.server_down
    assert sink.users == []


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_the_servers_fault_not_the_mails(server_tls: ssl.SSLContext) -> None:
    with listening(Sink(), login=True, starttls=server_tls) as sink, pytest.raises(transport.NotSent) as found:
        send(f"smtp://kierto:wrong@localhost:{sink.port}")
    assert found.value.server_down
    assert not found.value.permanent
    assert found.value.fault.startswith("SMTP 535")
