"""The ring of packets: bounded, always decodable, about ten seconds, and times that a file can take."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.evidence.packet_ring import (
    CLIP_S,
    EMPTY,
    RING_S_MAX,
    TICKS_PER_S,
    CodedPicture,
    PacketRing,
    added,
    cut,
    stamps,
)


def filled(pictures: list[CodedPicture], bytes_max: int = 10**9) -> PacketRing:
    ring = EMPTY
    for picture in pictures:
        ring = added(ring, picture, bytes_max)
    return ring


def stream(length_s: float, gop_s: float, fps: float = 10, begin_s: float = 0.0, size: int = 10) -> list[CodedPicture]:
    every = round(gop_s * fps)
    return [CodedPicture(begin_s + n / fps, n % every == 0, bytes(size)) for n in range(round(length_s * fps))]


@pytest.mark.parametrize(
    ("length_s", "gop_s", "clip_s"),
    [(60, 1, (9.5, 10.5)), (60, 2, (9, 11)), (60, 4, (8, 12)), (60, 10, (5, 15)), (3, 1, (2.5, 3)), (0.1, 1, (0, 0.1))],
)
def test_a_clip_is_ten_seconds_give_or_take_half_a_key_interval(
    length_s: float, gop_s: float, clip_s: tuple[float, float]
) -> None:
    for more in (0, 0.3, 0.7):
        clip = cut(filled(stream(length_s + more * gop_s, gop_s)))
        assert clip[0].is_key
        assert clip_s[0] - 0.11 <= clip[-1].at_s - clip[0].at_s <= clip_s[1] + 0.7


def test_nothing_before_the_first_key_frame_is_kept() -> None:
    late = stream(30, 60)[1:]
    assert filled(late) == EMPTY
    assert cut(EMPTY) == ()


def test_a_group_longer_than_the_ring_gives_nothing_until_the_next_key_frame() -> None:
    pictures = stream(100, 50)
    assert cut(filled(pictures[: round(RING_S_MAX * 10) + 5])) == ()
    assert len(cut(filled(pictures[:510]))) == 10


def test_the_bytes_are_bounded_and_the_clip_gets_shorter() -> None:
    ring = filled(stream(60, 1, size=1000), bytes_max=55_000)
    assert ring.size_bytes <= 55_000
    assert 4 <= cut(ring)[-1].at_s - cut(ring)[0].at_s < CLIP_S
    assert filled(stream(60, 1, size=1000), bytes_max=9_000) == EMPTY


@pytest.mark.parametrize("begin_s", [0.0, 3.0, 1000.0])
def test_another_time_line_begins_anew(begin_s: float) -> None:
    ring = filled([*stream(20, 1), *stream(2, 1, begin_s=begin_s)])
    assert [picture.at_s for picture in ring.pictures] == [picture.at_s for picture in stream(2, 1, begin_s=begin_s)]
    waiting = filled([*stream(20, 1), *stream(2, 1, begin_s=begin_s)[1:5]])
    assert waiting == EMPTY


def test_a_picture_out_of_order_is_no_other_time_line() -> None:
    order = [0.0, 0.4, 0.2, 0.1, 0.3, 0.8, 0.6, 0.5, 0.7]
    pictures = [CodedPicture(at_s, n == 0, b"x") for n, at_s in enumerate(order)]
    assert [picture.at_s for picture in cut(filled(pictures))] == order


def test_pictures_that_lean_on_what_was_cut_off_are_left_out() -> None:
    open_group = [CodedPicture(at_s, at_s == 10.2, b"x") for at_s in (10.2, 10.0, 10.1)]
    after = stream(10, 60, begin_s=10.2)[1:]
    clip = cut(filled([*stream(10, 5), *open_group, *after]))
    assert clip[0].at_s == 10.2
    assert min(picture.at_s for picture in clip) == 10.2


shown_times = st.lists(st.floats(-2, 2), min_size=1, max_size=60)


@given(jitter=shown_times, step_s=st.floats(0.0, 0.5))
def test_times_are_in_order_and_nothing_is_decoded_after_it_is_shown(jitter: list[float], step_s: float) -> None:
    pictures = [CodedPicture(100 + n * step_s + off, n == 0, b"x") for n, off in enumerate(jitter)]
    found = stamps(pictures)
    assert all(first[1] < second[1] for first, second in pairwise(found))
    assert all(decoded <= shown for shown, decoded in found)
    assert min(shown for shown, _ in found) == 0
    by_time = sorted(range(len(pictures)), key=lambda number: pictures[number].at_s)
    assert all(found[first][0] <= found[second][0] for first, second in pairwise(by_time))


steps = st.tuples(st.floats(-3, 8), st.booleans(), st.integers(0, 900))


@given(steps=st.lists(steps, max_size=120))
def test_whatever_a_camera_sends_the_ring_is_bounded_and_begins_with_a_key_frame(
    steps: list[tuple[float, bool, int]],
) -> None:
    ring, at_s = EMPTY, 0.0
    for step_s, is_key, size in steps:
        at_s += step_s
        ring = added(ring, CodedPicture(at_s, is_key, bytes(size)), bytes_max=2_000)
        assert ring.size_bytes == sum(len(picture.data) for picture in ring.pictures) <= 2_000
        assert not ring.pictures or ring.pictures[0].is_key
        clip = cut(ring)
        assert not clip or (clip[0].is_key and clip[0].at_s == min(picture.at_s for picture in clip))
        if clip:
            stamped = [shown for shown, _ in stamps(clip)]
            assert max(stamped) <= (RING_S_MAX + 1) * TICKS_PER_S
