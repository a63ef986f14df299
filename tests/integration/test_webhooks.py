"""Deliveries over real connections: taken, refused, cut; and the whole way from a case to a partner."""

import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from central.core.clock import Clock
from central.core.exchange import Party, Wants, target_of
from central.core.values import CaseSource
from central.gateway.deliverer import Deliverer
from central.notify.channel import Permanent, Retryable
from central.notify.name_lookup import NameLookup, resolved
from central.notify.webhook import Webhook
from central.services.exchange import Exchange
from tests.support.casework import Staff
from tests.support.central_stores import OPERATOR, Counter, sqlite_stores
from tests.support.documented_check import documented_check
from tests.support.hook_receiver import HookReceiver
from tests.support.need import need_program
from tests.support.ports import LOOPBACK, free_port
from tests.support.until import until

PLAIN = (LOOPBACK, "localhost")


@pytest.fixture
def receiver() -> Iterator[HookReceiver]:
    with HookReceiver() as receiver:
        yield receiver


def send(receiver: HookReceiver, path: str, total_s: float = 15.0) -> None:
    """Send something there."""
    Webhook(total_s=total_s).send(target_of(receiver.url(path), PLAIN), {"X": "1"}, b"{}")


def test_what_is_taken_is_taken(receiver: HookReceiver) -> None:
    send(receiver, "take?token=x")
    ((headers, body),) = receiver.taken
    assert (headers["X"], headers["Host"], body) == ("1", f"{LOOPBACK}:{receiver.port}", b"{}")


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422])
def test_a_refusal_is_of_this_one(status: int, receiver: HookReceiver) -> None:
    with pytest.raises(Permanent, match=f"answered {status}"):
        send(receiver, f"status/{status}")


@pytest.mark.parametrize("status", [301, 302, 307, 308, 408, 425, 429, 500, 503])
def test_a_partner_that_is_not_there_is_tried_later_and_no_redirect_is_followed(
    status: int, receiver: HookReceiver
) -> None:
    with pytest.raises(Retryable, match=f"answered {status}"):
        send(receiver, f"status/{status}")
    assert (receiver.paths, receiver.taken) == ([f"/status/{status}"], [])


def test_a_partner_that_never_ends_is_cut(receiver: HookReceiver) -> None:
    with pytest.raises(Retryable, match=r"no answer within 0\.5 s"):
        send(receiver, "drip", total_s=0.5)
    send(receiver, "flood", total_s=5)
    with pytest.raises(Retryable, match="no HTTP"):
        send(receiver, "rubbish")


def test_nobody_there_is_said_without_the_path() -> None:
    target = target_of(f"http://{LOOPBACK}:{free_port()}/s3cret-path", PLAIN)
    with pytest.raises(Retryable, match="connection refused") as failed:
        Webhook().send(target, {}, b"{}")
    assert "s3cret" not in str(failed.value)


def test_this_machine_is_no_partner_unless_it_is_listed(receiver: HookReceiver) -> None:
    target = target_of(f"https://localhost:{receiver.port}/take", ())
    with pytest.raises(Retryable, match="is this machine"):
        Webhook().send(target, {}, b"{}")
    assert receiver.paths == []


def test_a_name_server_that_never_answers_holds_up_nobody(receiver: HookReceiver) -> None:
    is_over = threading.Event()

    def silent(host: str, port: int) -> list[str]:
        if host == "silent.example":
            is_over.wait()
            raise socket.gaierror(socket.EAI_AGAIN, "no name server has answered")
        return resolved(host, port)

    webhook = Webhook(names=NameLookup(silent, within_s=0.05, hanging_max=2))
    target = target_of("https://silent.example/s3cret", ())
    began_s = time.monotonic()
    for _ in range(3):
        with pytest.raises(Retryable, match="could not be looked up in time") as failed:
            webhook.send(target, {}, b"{}")
        assert "s3cret" not in str(failed.value)
    assert time.monotonic() - began_s < 5
    is_over.set()
    until(lambda: not any(one.name == "name lookup" for one in threading.enumerate()), within_s=5, what="they end")
    webhook.send(target_of(receiver.url("take"), PLAIN), {}, b"{}")
    assert receiver.paths == ["/take"]


def test_a_name_that_no_name_server_is_asked_for_is_told() -> None:
    with pytest.raises(Retryable, match="its name is not known"):
        Webhook().send(target_of(f"https://{'a' * 64}.example/", ()), {}, b"{}")


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    key, certificate = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with HookReceiver() as receiver:
        receiver.speak_tls(context)
        target = target_of(f"https://localhost:{receiver.port}/take", PLAIN)
        with pytest.raises(Retryable, match="certificate is not trusted"):
            Webhook().send(target, {}, b"{}")
        Webhook(ssl.create_default_context(cafile=str(certificate))).send(target, {}, b"{}")
        assert len(receiver.taken) == 1


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Write a key and a certificate for localhost that nothing trusts by itself."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    form = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    named = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    words = (need_program("openssl"), "req", *form, *named, "-keyout", key, "-out", certificate)
    subprocess.run([str(word) for word in words], check=True, capture_output=True)
    return key, certificate


def test_from_a_report_to_a_partner_that_checks_the_signature(tmp_path: Path, receiver: HookReceiver) -> None:
    with sqlite_stores(tmp_path) as stores:
        exchange, staff = Exchange(stores, PLAIN), Staff(stores)
        secret = exchange.add_partner(
            "police", Party.POLICE, receiver.url("take"), Wants.CASES,
            actor=OPERATOR, now=staff.now, random=Counter(),
        ).get_secret_value()  # fmt: skip
        case = staff.report(CaseSource.HOTLINE).case
        Deliverer(exchange, Webhook(), Clock(lambda: datetime.now(UTC), lambda: 0.0)).step()
        (view,) = exchange.partners()
    ((headers, body),) = receiver.taken
    is_genuine = documented_check()
    assert is_genuine(secret, headers, body)  # type: ignore[operator]
    assert not is_genuine("gwh_" + "x" * 43, headers, body)  # type: ignore[operator]
    told = json.loads(body)
    assert (told["seq"], told["subject"], told["data"]["case"]["place"]) == (1, case.id, "东大街 5 号")
    assert (view.backlog.waiting, view.origin) == (0, f"http://{LOOPBACK}:{receiver.port}")
