"""What receivers do on purpose or by accident: each ends soon, with a sentence, and harms nothing."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from ipaddress import ip_network
from pathlib import Path

import pytest
import trustme
from django.conf import settings

from labeling import addresses
from labeling.errors import LabelyardError
from labeling.services.webhook_checks import url_check
from labeling.stack.ports import free_port
from tests.webhooks.receiver import Handler, Receiver, Responder, answers, receiving
from workers.webhooks.sending import ANSWER_BYTES, ANSWER_SECONDS, Answer, Sender

TIMEOUT = 1.0
# Seconds that a busy machine may take beyond a limit; without the limit the answer never ends.
BUSY = 60


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch, loopback_allowed: None) -> None:
    monkeypatch.setattr(settings, "WEBHOOK_TIMEOUT_SECONDS", TIMEOUT)


def post(url: str) -> Answer:
    with closing(Sender(url)) as sender:
        return sender.post(b"{}", {"Content-Type": "application/json"})


def answer_of(receiver: Receiver, respond: Responder) -> Answer:
    receiver.respond = respond
    return post(receiver.url)


def test_of_an_answer_of_10_gigabytes_only_the_beginning_is_read(receiver: Receiver) -> None:
    written: list[int] = []

    def respond(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(10 * 1024**3))
        handler.end_headers()
        while not handler.receiver.closing.is_set():
            written.append(handler.wfile.write(b"x" * 65536))

    answer = answer_of(receiver, respond)
    assert answer.delivered
    assert len(answer.body) == ANSWER_BYTES
    assert "only the first 16 KiB" in answer.sentence
    assert sum(written) < 100 * 1024**2


def dripping(handler: Handler, piece: bytes) -> None:
    """Send a byte every tenth of the time that a request has, for ever."""
    while not handler.receiver.closing.wait(TIMEOUT / 10):
        handler.wfile.write(piece)
        handler.wfile.flush()


def test_an_answer_of_one_byte_at_a_time_is_delivered_and_left(receiver: Receiver) -> None:
    def respond(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        dripping(handler, b"x")

    begun = time.monotonic()
    answer = answer_of(receiver, respond)
    assert time.monotonic() - begun < ANSWER_SECONDS + BUSY
    assert answer.delivered
    assert "came too slowly" in answer.sentence


def test_headers_of_one_byte_at_a_time_run_into_the_deadline(receiver: Receiver) -> None:
    def respond(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        dripping(handler, b"x")

    begun = time.monotonic()
    answer = answer_of(receiver, respond)
    assert time.monotonic() - begun < TIMEOUT + BUSY
    assert (answer.code, answer.status) == ("timeout", None)
    assert answer.sentence == "127.0.0.1 did not answer within 1 seconds."


def test_a_receiver_that_says_nothing_runs_into_the_deadline(receiver: Receiver) -> None:
    answer = answer_of(receiver, lambda handler: dripping(handler, b""))
    assert answer.code == "timeout"


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with receiving() as elsewhere:
        answer = answer_of(receiver, answers(307, Location=elsewhere.url))
        assert elsewhere.heard == []
    assert (answer.code, answer.status) == ("redirect", 307)
    assert elsewhere.url in answer.sentence


@pytest.mark.parametrize(
    "respond",
    [
        lambda handler: handler.wfile.write(b"what is HTTP?\r\n\r\n"),
        lambda handler: handler.connection.shutdown(socket.SHUT_RDWR),
        lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 10**6),
    ],
    ids=["no HTTP", "hangs up", "a header of a megabyte"],
)
def test_what_is_no_answer_is_a_failure(receiver: Receiver, respond: Callable[[Handler], None]) -> None:
    def once(handler: Handler) -> None:
        respond(handler)
        handler.close_connection = True

    answer = answer_of(receiver, once)
    assert answer.code in ("broken_answer", "unreachable")
    assert "127.0.0.1" in answer.sentence


def test_zeros_and_other_bytes_of_an_answer_can_be_stored(receiver: Receiver) -> None:
    answer = answer_of(receiver, answers(200, b"\x00\xff\xfe ok", X_Odd="é"))
    assert "\x00" not in answer.body
    assert answer.body.endswith(" ok")


def test_a_port_where_nobody_listens() -> None:
    answer = post(f"http://127.0.0.1:{free_port()}/")
    assert (answer.code, answer.sentence) == ("unreachable", "127.0.0.1 refused the connection.")


def test_a_name_without_an_address() -> None:
    answer = post("http://nobody.invalid/")
    assert answer.code == "unresolved"


class Certificates:
    """An authority of the tests and what it signed for ``host``."""

    def __init__(self, folder: Path, host: str) -> None:
        authority = trustme.CA()
        self.file = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.file))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(self.context)


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    with receiving(tls=Certificates(tmp_path, "localhost").context, host="localhost") as receiver:
        answer = post(receiver.url)
        assert receiver.heard == []
    assert answer.code == "bad_certificate"
    assert "localhost failed: " in answer.sentence
    assert "certificate" in answer.sentence


def test_a_certificate_of_another_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificates = Certificates(tmp_path, "elsewhere.example")
    monkeypatch.setattr(settings, "WEBHOOK_CERTIFICATES", str(certificates.file))
    with receiving(tls=certificates.context, host="localhost") as receiver:
        answer = post(receiver.url)
        assert receiver.heard == []
    assert answer.code == "bad_certificate"
    assert "localhost" in answer.sentence


def test_a_certificate_of_the_operators_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificates = Certificates(tmp_path, "localhost")
    monkeypatch.setattr(settings, "WEBHOOK_CERTIFICATES", str(certificates.file))
    with receiving(tls=certificates.context, host="localhost") as receiver:
        assert post(receiver.url).delivered
        assert len(receiver.heard) == 1


PRIVATE = (
    "127.0.0.1", "localhost", "[::1]", "10.1.2.3", "192.168.0.1", "172.16.0.1", "0.0.0.0",  # noqa: S104
    "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "[fd00::1]", "100.64.0.1",
)  # fmt: skip
CLOUDS = ("169.254.169.254", "168.63.129.16", "fd00:ec2::254", "100.100.100.200", "::ffff:169.254.169.254")


@pytest.mark.parametrize("host", PRIVATE)
def test_nothing_is_sent_to_private_addresses(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(settings, "WEBHOOK_PRIVATE_HOSTS", [])
    port = receiver.url.rsplit(":", 1)[1]
    answer = post(f"http://{host}:{port}")
    assert answer.code in ("private_address", "unresolved")
    assert receiver.heard == []
    if answer.code == "private_address":
        assert "LABELYARD_WEBHOOK_PRIVATE_HOSTS" in answer.sentence


def test_a_name_that_changes_its_address_is_not_followed_inside(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public when it is looked at, loopback a moment later: the connection goes where was looked."""
    monkeypatch.setattr(settings, "WEBHOOK_PRIVATE_HOSTS", [])
    public, inside = "93.184.215.14", "127.0.0.1"
    looked_up = iter([public, inside, inside, inside])
    really = socket.getaddrinfo

    def look_up(host: str, *rest: object, **options: object) -> object:
        return really(next(looked_up) if host == "rebind.example" else host, *rest, **options)  # type: ignore[arg-type]

    connected: list[str] = []

    def connect(address: tuple[str, int], *rest: object, **options: object) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    url = receiver.url.replace("127.0.0.1", "rebind.example")
    assert post(url).code == "unreachable"
    assert connected == [public]
    answer = post(url)
    assert answer.code == "private_address"
    assert "rebind.example is at 127.0.0.1, a private address" in answer.sentence
    assert connected == [public]
    assert receiver.heard == []


@pytest.mark.parametrize("address", CLOUDS)
def test_the_services_of_a_cloud_are_no_endpoints_even_where_the_operator_allows_the_address(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    host = f"[{address}]" if ":" in address else address
    monkeypatch.setattr(settings, "WEBHOOK_PRIVATE_HOSTS", [address])
    with pytest.raises(LabelyardError, match="cloud's own services") as refusal:
        url_check(f"http://{host}/latest/meta-data")
    assert refusal.value.code == "private_address"


def test_an_allowed_name_that_leads_to_the_services_of_a_cloud_is_told_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The peer itself is looked at: loopback stands for such a service, which no test can be."""
    monkeypatch.setattr(addresses, "METADATA", (ip_network("127.0.0.1/32"),))
    for tls in (None, Certificates(tmp_path, "localhost").context):
        with receiving(tls=tls, host="localhost") as receiver:
            answer = post(receiver.url)
            assert (answer.code, receiver.heard) == ("private_address", [])
        assert "localhost (127.0.0.1) is an address of a cloud's own services" in answer.sentence


def test_what_nobody_can_allow_is_not_said_to_be_the_operators_to_allow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "WEBHOOK_PRIVATE_HOSTS", [])
    answer = post("http://169.254.169.254/")
    assert answer.code == "private_address"
    assert "nothing is ever sent there" in answer.sentence


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.org/", "invalid_address"),
        ("https://", "invalid_address"),
        ("example.org/hook", "invalid_address"),
        ("https://user:secret@example.org/", "invalid_address"),
        ("https://example.org/#there", "invalid_address"),
        ("https://example.org:99999/", "invalid_address"),
        ("https://example.org/a b", "invalid_address"),
        ("https://" + "a" * 3000, "invalid_address"),
        ("http://169.254.169.254/latest/meta-data", "private_address"),
        ("http://[::1]/", "private_address"),
        ("http://here.localhost/", "private_address"),
    ],
)
def test_addresses_that_are_refused_when_they_are_entered(url: str, code: str) -> None:
    with pytest.raises(LabelyardError) as refusal:
        url_check(url)
    assert refusal.value.code == code
    assert "secret" not in refusal.value.sentence


@pytest.mark.parametrize("url", ["https://example.org", "http://example.org:8080/hook?project=1"])
def test_addresses_that_are_taken(url: str) -> None:
    url_check(url)
