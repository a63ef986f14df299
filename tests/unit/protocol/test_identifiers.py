"""Ids: which are valid, and that derived ones depend on what they must and nothing else."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.identifiers import camera_key, episode_id, is_id, scene_event_id, uuid7

START = datetime(2026, 3, 2, 1, 0, 0, 123_000, tzinfo=UTC)


@pytest.mark.parametrize("text", ["a", "b1", "cam-1", "0", "a" * 32, "east-gate-2"])
def test_valid_ids(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize("text", ["", "-a", "a-", "A", "a_b", "a/b", "a b", "+", "#", "a" * 33, "盒", "a\n", "$a"])
def test_invalid_ids(text: str) -> None:
    assert not is_id(text)


def test_an_episode_keeps_its_id_across_time_zones_and_microseconds() -> None:
    same = START.astimezone(timezone(timedelta(hours=8))) + timedelta(microseconds=300)
    assert episode_id("b1", "cam-1", "z1", "stay", START) == episode_id("b1", "cam-1", "z1", "stay", same)


@pytest.mark.parametrize(
    "other",
    [
        ("b2", "cam-1", "z1", "stay", START),
        ("b1", "cam-2", "z1", "stay", START),
        ("b1", "cam-1", "z2", "stay", START),
        ("b1", "cam-1", "z1", "pile_up", START),
        ("b1", "cam-1", "z1", "stay", START + timedelta(milliseconds=1)),
        ("b1cam-1", "", "z1", "stay", START),
    ],
)
def test_each_part_of_an_episode_counts(other: tuple[str, str, str, str, datetime]) -> None:
    assert episode_id(*other) != episode_id("b1", "cam-1", "z1", "stay", START)


def test_updates_of_an_episode_have_ids_of_their_own() -> None:
    episode = episode_id("b1", "cam-1", "z1", "stay", START)
    assert len({scene_event_id(episode, update) for update in range(5)}) == 5
    assert len(scene_event_id(episode, 10_000)) <= 64


def test_cameras_of_different_boxes_do_not_collide() -> None:
    assert camera_key("b1", "cam-1") != camera_key("b2", "cam-1")


@given(st.integers(0, 100 * 365 * 86400), st.binary(min_size=10, max_size=10))
def test_uuid7_is_a_version_7_uuid_with_its_time(unix_s: int, random_bytes: bytes) -> None:
    made = UUID(uuid7(datetime.fromtimestamp(unix_s, UTC), random_bytes))
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == unix_s * 1000


def test_uuid7_wants_ten_bytes() -> None:
    with pytest.raises(ValueError, match="10"):
        uuid7(START, b"short")
