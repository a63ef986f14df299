"""The newest seconds of a stream as it came, from which a clip is cut without encoding anything anew.

What is kept always begins with a key frame: nothing before one can be decoded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from protocol.messages import CLIP_BYTES_MAX

CLIP_S = 10.0
RING_S_MAX = 30.0
RING_BYTES_MAX = CLIP_BYTES_MAX - 256 * 1024
"""Leaves room for what the file needs besides the packets."""
BACK_S_MAX, FORWARD_S_MAX = 1.0, 5.0
"""Pictures that refer to later ones come out of order by less than the first. A larger step is another time line."""
TICKS_PER_S = 90_000


@dataclass(frozen=True, slots=True)
class CodedPicture:
    """One packet in the order of decoding; `at_s` is when its picture is shown, in seconds of the stream."""

    at_s: float
    is_key: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class PacketRing:
    """Empty, or from a key frame to the newest packet."""

    pictures: tuple[CodedPicture, ...] = ()
    size_bytes: int = 0
    newest_s: float = 0.0


EMPTY = PacketRing()


def added(ring: PacketRing, picture: CodedPicture, bytes_max: int = RING_BYTES_MAX) -> PacketRing:
    """The ring with one packet more, within its bounds; a jump of the time stamps begins it anew."""
    if ring.pictures and not -BACK_S_MAX <= picture.at_s - ring.newest_s <= FORWARD_S_MAX:
        ring = EMPTY
    if not ring.pictures and not picture.is_key:
        return EMPTY
    newest_s = max(ring.newest_s, picture.at_s) if ring.pictures else picture.at_s
    ring = PacketRing((*ring.pictures, picture), ring.size_bytes + len(picture.data), newest_s)
    while _may_lose_its_oldest(ring, bytes_max):
        ring = _without_oldest(ring)
    return ring


def cut(ring: PacketRing) -> tuple[CodedPicture, ...]:
    """The packets from the key frame nearest to ten seconds ago up to now.

    Pictures shown before that key frame are left out: what they refer to is not there.
    """
    starts = [number for number, picture in enumerate(ring.pictures) if picture.is_key]
    if not starts:
        return ()
    start = min(starts, key=lambda number: abs(ring.newest_s - ring.pictures[number].at_s - CLIP_S))
    first_s = ring.pictures[start].at_s
    return tuple(picture for picture in ring.pictures[start:] if picture.at_s >= first_s)


def stamps(pictures: Sequence[CodedPicture]) -> list[tuple[int, int]]:
    """When each packet's picture is shown and when it is decoded, in ticks; the first is shown at 0.

    Cameras say when to show; files also want to know when to decode: in order, each time later, and never after the
    picture is shown.
    """
    first_s = min(picture.at_s for picture in pictures)
    shown = [round((picture.at_s - first_s) * TICKS_PER_S) for picture in pictures]
    decoded = list(accumulate(sorted(shown), lambda before, wanted: max(before + 1, wanted)))
    late = max(0, *(each - seen for each, seen in zip(decoded, shown, strict=True)))
    return [(seen, each - late) for seen, each in zip(shown, decoded, strict=True)]


def _may_lose_its_oldest(ring: PacketRing, bytes_max: int) -> bool:
    if not ring.pictures:
        return False
    if ring.size_bytes > bytes_max or ring.newest_s - ring.pictures[0].at_s > RING_S_MAX:
        return True
    second = _second_start(ring)
    return second is not None and ring.newest_s - ring.pictures[second].at_s >= CLIP_S


def _second_start(ring: PacketRing) -> int | None:
    return next((number for number, picture in enumerate(ring.pictures) if number and picture.is_key), None)


def _without_oldest(ring: PacketRing) -> PacketRing:
    second = _second_start(ring)
    if second is None:
        return EMPTY
    lost_bytes = sum(len(picture.data) for picture in ring.pictures[:second])
    return PacketRing(ring.pictures[second:], ring.size_bytes - lost_bytes, ring.newest_s)
