"""The gateway's parts that need no network: access files, mailboxes, inbox, rhythm, pauses."""

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.access import BrokerCredential
from central.core.values import Delivery
from central.gateway.broker.credentials import (
    CENTRAL_PERMISSIONS,
    box_permissions,
    central_secret,
    ensure_credentials,
    hash_password,
    parse_permissions,
    permissions_text,
    verify_password,
    write_credentials,
)
from central.gateway.broker.hardened.access import FileAccess, covers, matches
from central.gateway.broker.hardened.mailbox import Letter, Mailbox
from central.gateway.broker.limits import INFLIGHT_MAX
from central.gateway.broker.lock import Holder, RunsAlready, holder, take_lock
from central.gateway.broker.mosquitto import config_text
from central.gateway.inbox import Inbox, Incoming
from central.gateway.scheduler import Job, Scheduler
from central.gateway.subscriber import RETRY_S_MAX, RETRY_S_MIN, retry_pause_s
from central.stores.ports import StoreUnavailable

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SALT = b"0123456789ab"


@pytest.mark.parametrize(
    ("topic_filter", "topic", "expected"),
    [
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("a/+/c", "a/b/c", True),
        ("a/+", "a/b/c", False),
        ("a/b", "a/b", True),
        ("a/b", "a/bc", False),
        ("a/b/c", "a/b", False),
        ("+/+/#", "a/b", True),
    ],
)
def test_filters_match_topics(topic_filter: str, topic: str, *, expected: bool) -> None:
    assert matches(topic_filter, topic) is expected


LEVELS = st.lists(st.sampled_from(["a", "b", "+"]), min_size=1, max_size=4)
FILTERS = st.builds(lambda levels, end: "/".join(levels + end), LEVELS, st.sampled_from([[], ["#"]]))


@given(FILTERS, FILTERS, st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=5))
def test_a_covered_filter_matches_nothing_more(outer: str, inner: str, topic: list[str]) -> None:
    if covers(outer, inner) and matches(inner, "/".join(topic)):
        assert matches(outer, "/".join(topic))


def test_passwords_are_kept_as_hashes_that_fit_one_password() -> None:
    kept = hash_password("right", SALT)
    assert verify_password("right", kept)
    assert not verify_password("wrong", kept)
    assert "right" not in kept


@pytest.mark.parametrize(
    "kept",
    ["", "right", "$6$101$c2FsdA==$aGFzaA==", "$7$0$c2FsdA==$aGFzaA==", "$7$x$y$z", "$7$9999999$c2FsdA==$aGFzaA=="],
)
def test_no_password_fits_a_broken_hash(kept: str) -> None:
    assert not verify_password("right", kept)


def test_permission_files_are_read_as_written_and_broken_lines_refused() -> None:
    credentials = [
        BrokerCredential("b1", "s1", hash_password("x", SALT)),
        BrokerCredential("b2", "s2", hash_password("y", SALT)),
    ]
    read = parse_permissions(permissions_text(credentials))
    assert read == {
        "central": CENTRAL_PERMISSIONS,
        "b1": box_permissions("s1", "b1"),
        "b2": box_permissions("s2", "b2"),
    }
    for broken in ("topic read x", "user a b", "user a\ntopic readwrite #", "pattern read #"):
        with pytest.raises(ValueError, match="permission"):
            parse_permissions(broken)


def test_names_that_would_break_the_files_are_left_out() -> None:
    good = hash_password("x", SALT)
    bad = [
        BrokerCredential("central", "s1", good),
        BrokerCredential("b 1", "s1", good),
        BrokerCredential("b1\nuser x", "s1", good),
        BrokerCredential("b1", "+", good),
        BrokerCredential("b2", "s1", good + "\nroot:x"),
    ]
    assert permissions_text(bad) == permissions_text([])


def test_credential_files_are_private_stable_and_read_again_when_changed(tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    ensure_credentials(folder, bytes(32))
    secret = central_secret(folder, b"other random bytes are not used now")
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    access = FileAccess(folder)
    assert access.admits("central", secret)
    assert not access.admits("b1", "x")
    box = BrokerCredential("b1", "s1", hash_password("x", SALT))
    assert write_credentials(folder, secret, [box])
    assert not write_credentials(folder, secret, [box])
    assert access.admits("b1", "x")
    assert access.may_write("b1", "gw/v1/s1/b1/up/event")
    assert not access.may_subscribe("b1", "gw/v1/+/+/down/#")
    (folder / "acl").write_text("nonsense\n")
    assert access.admits("b1", "x"), "a broken file leaves the last good one in force"


def test_the_lock_tells_who_holds_it(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    take_lock(tmp_path, is_ours=True)
    held = holder(tmp_path)
    assert isinstance(held, Holder)
    assert held.is_ours
    with pytest.raises(RunsAlready):
        take_lock(tmp_path, is_ours=False)


def test_mosquitto_is_told_to_be_strict(tmp_path: Path) -> None:
    lines = config_text(tmp_path, "127.0.0.1", 1883, "gw").splitlines()
    for line in ("listener 1883 127.0.0.1", "allow_anonymous false", "use_username_as_clientid true", "user gw"):
        assert line in lines
    assert not any(line in ("max_queued_bytes 0", "max_queued_messages 0") for line in lines)


def test_a_mailbox_keeps_order_window_and_bounds() -> None:
    async def story() -> None:
        box = Mailbox(messages_max=INFLIGHT_MAX + 2, bytes_max=10_000)
        letters = [Letter("t", b"%d" % number, 1) for number in range(INFLIGHT_MAX + 2)]
        assert all(box.offer(letter) for letter in letters)
        assert not box.offer(letters[0])
        taken = [await box.take() for _ in range(INFLIGHT_MAX)]
        assert [letter for letter, _ in taken] == letters[:INFLIGHT_MAX]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(box.take(), 0.01)
        box.acknowledge(taken[0][1] or 0)
        box.acknowledge(60_000)
        assert (await box.take())[0].data == letters[INFLIGHT_MAX].data
        box.rewind()
        again, _ = await box.take()
        assert (again.data, again.again) == (b"1", True)
        assert len(box) == INFLIGHT_MAX + 1
        assert not box.offer(Letter("t", bytes(10_001), 1))
        assert box.dropped == 2

    asyncio.run(story())


def incoming(number: int, qos: int = 1) -> Incoming:
    return Incoming(Delivery("t", b"%d" % number, NOW), number, qos, 1)


def test_an_inbox_gives_batches_in_order_and_sheds_only_what_may_be_lost() -> None:
    inbox = Inbox(waiting_max=3)
    for number in range(3):
        inbox.put(incoming(number))
    inbox.put(incoming(9, qos=0))
    assert inbox.shed == 1
    assert [each.mid for each in inbox.take(2, 0, 0, lambda: 0.0)] == [0, 1]
    assert [each.mid for each in inbox.take(9, 0, 0, lambda: 0.0)] == [2]
    assert inbox.take(9, 0, 0, lambda: 0.0) == []


def test_a_full_inbox_holds_the_sender_until_there_is_room_or_it_closes() -> None:
    inbox = Inbox(waiting_max=1)
    inbox.put(incoming(1))
    sender = threading.Thread(target=lambda: [inbox.put(incoming(number)) for number in (2, 3)])
    sender.start()
    assert [each.mid for each in inbox.take(1, 1, 0, lambda: 0.0)] == [1]
    assert [each.mid for each in inbox.take(1, 1, 0, lambda: 0.0)] == [2]
    inbox.put(incoming(4, qos=0))
    inbox.close()
    sender.join(5)
    assert not sender.is_alive()


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_retry_pauses_grow_within_their_bounds(attempt: int, draw: float) -> None:
    assert RETRY_S_MIN <= retry_pause_s(attempt, draw) <= RETRY_S_MAX
    assert retry_pause_s(attempt, draw) <= retry_pause_s(attempt + 1, draw)


def test_jobs_keep_their_rhythm_whatever_one_of_them_does(capfd: pytest.CaptureFixture[str]) -> None:
    now = [100.0]
    done: list[str] = []

    def fail() -> None:
        done.append("bad")
        raise StoreUnavailable("disk is full")

    def break_down() -> None:
        done.append("worse")
        raise KeyError("rtsp://me:s3cret@camera/")

    jobs = [Job("bad", 1.0, fail), Job("worse", 1.0, break_down), Job("good", 2.0, lambda: done.append("good"))]
    scheduler = Scheduler(jobs, lambda: now[0])
    for _ in range(4):
        assert 0 < scheduler.step() <= 0.5
        now[0] += 0.5
    assert done == ["bad", "worse", "good", "bad", "worse"]
    assert "s3cret" not in "".join(capfd.readouterr())
