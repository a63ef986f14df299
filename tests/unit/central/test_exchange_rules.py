"""What partners are told and where it may go: addresses, pauses, signatures."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.exchange import BadTarget, Change, ChangeKind, Partner, Party, Wants, body_of, target_of, wants
from central.core.exchange.delivery import (
    Delivery,
    DeliveryPolicy,
    DeliveryState,
    after_answer,
    after_refusal,
    after_silence,
)
from central.core.exchange.signing import headers_of
from central.core.exchange.targets import check_address
from tests.support.documented_check import documented_check

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
PLAIN = ("bus.local", "127.0.0.1", "::1")
CHANGE = Change("change-1", ChangeKind.CASE, "case-1", NOW, {"place": "人民路"}, 7)


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("https://a.example/hook", "https://a.example:443", "/hook"),
        ("https://A.example:8443?t=s3cret", "https://a.example:8443", "/?t=s3cret"),
        ("http://bus.local/x", "http://bus.local:80", "/x"),
        ("http://[::1]:9000/x", "http://[::1]:9000", "/x"),
        ("https://10.1.2.3/x", "https://10.1.2.3:443", "/x"),
    ],
)
def test_addresses_that_are_allowed(url: str, origin: str, path: str) -> None:
    target = target_of(url, PLAIN)
    assert (target.origin, target.path) == (origin, path)
    assert "s3cret" not in repr(target)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "ftp://a.example/",
        "file:///etc/passwd",
        "gopher://bus.local/",
        "http://a.example/",
        "http://bus.local.evil.example/",
        "https://user:s3cret@a.example/",
        "https://@a.example/",
        "https://a.example/#x",
        "https://a.example:0/",
        "https://a.example:99999/",
        "https://a.example/\r\nHost: b",
        "https://a.example/ x",
        "https://市.example/",
        "https:///x",
        "https://[::1/",
        f"https://a.example/{'x' * 600}",
    ],
)
def test_addresses_that_are_not(url: str) -> None:
    with pytest.raises(BadTarget) as refused:
        target_of(url, PLAIN)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "address", "is_allowed"),
    [
        ("a.example", "203.0.113.7", True),
        ("a.example", "10.20.30.40", True),
        ("a.example", "fd00::7", True),
        ("a.example", "127.0.0.1", False),
        ("a.example", "127.8.9.1", False),
        ("a.example", "::1", False),
        ("a.example", "::ffff:127.0.0.1", False),
        ("a.example", "::ffff:169.254.169.254", False),
        ("a.example", "2002:7f00:1::", False),
        ("a.example", "169.254.169.254", False),
        ("a.example", "fe80::1%eth0", False),
        ("a.example", "0.0.0.0", False),  # noqa: S104 - what nothing may be sent to
        ("a.example", "::", False),
        ("a.example", "224.0.0.1", False),
        ("bus.local", "127.0.0.1", True),
        ("bus.local", "::ffff:127.0.0.1", True),
        ("bus.local", "169.254.169.254", False),
    ],
)
def test_what_a_name_may_stand_for(host: str, address: str, *, is_allowed: bool) -> None:
    target = target_of(f"https://{host}/", PLAIN)
    if is_allowed:
        check_address(target, address)
    else:
        with pytest.raises(BadTarget):
            check_address(target, address)


PARTNER = Partner("police", Party.POLICE, "https://a.example/", Wants.CASES, NOW, "wang", NOW)


@given(st.integers(0, 10_000))
def test_pauses_grow_and_are_bounded(failures: int) -> None:
    policy, partner = DeliveryPolicy(), PARTNER
    for _ in range(min(failures, 40)):
        after = after_silence(partner, "x" * 999, NOW, policy)
        pause, before = after.next_attempt_at - NOW, partner.next_attempt_at - NOW
        assert before <= pause <= timedelta(seconds=policy.retry_s_max)
        assert len(after.error) == 300
        partner = after
    assert after_answer(partner, NOW) == PARTNER


def test_a_change_that_is_refused_again_and_again_dies() -> None:
    policy = DeliveryPolicy(refusals_max=3)
    delivery = Delivery("police", CHANGE, DeliveryState.WAITING, NOW, NOW)
    states = []
    for _ in range(3):
        delivery = after_refusal(delivery, "it answered 400", NOW, policy)
        states.append((delivery.state, delivery.next_attempt_at - NOW))
    waiting = DeliveryState.WAITING
    assert states == [
        (waiting, timedelta(seconds=5)),
        (waiting, timedelta(seconds=10)),
        (DeliveryState.DEAD, timedelta(seconds=20)),
    ]


@pytest.mark.parametrize("wanted", Wants)
@pytest.mark.parametrize("kind", ChangeKind)
@pytest.mark.parametrize("is_transferred", [True, False])
def test_who_is_sent_what(wanted: Wants, kind: ChangeKind, *, is_transferred: bool) -> None:
    partner = Partner("p", Party.OTHER, "https://a.example/", wanted, NOW, "wang", NOW)
    change = Change("c", kind, "s", NOW, {})
    expected = {
        Wants.EVERYTHING: True,
        Wants.CASES: kind is ChangeKind.CASE,
        Wants.CAMERAS: kind is ChangeKind.CAMERA,
        Wants.TRANSFERRED: is_transferred,
    }
    assert wants(partner, change, is_transferred=is_transferred) == expected[wanted]
    silent = Partner("p", Party.OTHER, "", wanted, NOW, "wang", NOW)
    assert not wants(silent, change, is_transferred=is_transferred)


def test_the_documented_check_knows_what_is_genuine() -> None:
    is_genuine, body, stamp = documented_check(), body_of(CHANGE), int(time.time())
    headers = headers_of("gwh_secret", stamp, body)
    assert is_genuine("gwh_secret", headers, body)  # type: ignore[operator]
    for secret, told, sent in (
        ("gwh_other", headers, body),
        ("gwh_secret", headers, body + b" "),
        ("gwh_secret", {**headers, "Gridwarden-Timestamp": str(stamp + 1)}, body),
        ("gwh_secret", headers_of("gwh_secret", stamp - 400, body), body),
    ):
        assert not is_genuine(secret, told, sent)  # type: ignore[operator]
