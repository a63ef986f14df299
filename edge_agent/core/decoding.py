"""How much of a stream is decoded: everything, or the key frames alone while nothing happens.

Decoding is most of what a quiet camera costs, and key frames alone cost a fifth of it or less. That is allowed where
they are known to come often and evenly: then nothing that begins is noticed later than one of their intervals. A hint
(motion, something followed, an open episode, a look on demand) asks for every frame at once; quiet has to hold for a
while.
"""

from dataclasses import dataclass, replace

from protocol.configuration import DecodeMode

KEY_INTERVAL_S_MAX = 2.1
"""Longer ones would delay what the gate sees; cameras' usual two seconds are just within."""
JITTER_S_MAX = 1.0
"""Key frames may arrive so much too early or too late on a poor line, or on a box that is busy."""
KEY_INTERVALS_MIN, KEY_INTERVALS_KEPT = 3, 8
QUIET_S = 15.0
"""For so long nothing must have hinted before the rest of the frames is left out."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """What one connection's stream is known to do. Times are seconds of any clock that does not jump.

    `key_intervals_s`: between the newest key frames. `hinted_s`: when something last asked for every frame. `key_s`:
    when the newest key frame arrived, `key_stream_s` its own time stamp.
    """

    mode: DecodeMode
    hinted_s: float
    key_s: float | None = None
    key_stream_s: float | None = None
    key_intervals_s: tuple[float, ...] = ()

    @property
    def key_interval_s(self) -> float | None:
        """The longest of the newest intervals between key frames; None before enough are known."""
        known = len(self.key_intervals_s) >= KEY_INTERVALS_MIN
        return max(self.key_intervals_s) if known else None


def begin(mode: DecodeMode, now_s: float) -> Decoding:
    """A stream that was just opened is decoded in full."""
    return Decoding(mode, now_s)


def with_key_frame(decoding: Decoding, now_s: float, stream_s: float | None = None) -> Decoding:
    """A key frame came, at `stream_s` by its own stamp. One that seems to come before the last begins anew."""
    if decoding.key_s is None or now_s <= decoding.key_s:
        return replace(decoding, key_s=now_s, key_stream_s=stream_s, key_intervals_s=())
    interval_s = _interval_s(decoding, now_s - decoding.key_s, stream_s)
    intervals = (*decoding.key_intervals_s, interval_s)[-KEY_INTERVALS_KEPT:]
    return replace(decoding, key_s=now_s, key_stream_s=stream_s, key_intervals_s=intervals)


def _interval_s(decoding: Decoding, arrived_s: float, stream_s: float | None) -> float:
    """By the camera's own stamps, which the line does not disturb; by arrival where these are far from it."""
    if stream_s is None or decoding.key_stream_s is None:
        return arrived_s
    stamped_s = stream_s - decoding.key_stream_s
    return stamped_s if abs(stamped_s - arrived_s) <= JITTER_S_MAX else arrived_s


def with_hint(decoding: Decoding, now_s: float) -> Decoding:
    """Something happens: every frame counts."""
    return replace(decoding, hinted_s=now_s)


def keys_suffice(decoding: Decoding, now_s: float) -> bool:
    """Whether the frames between key frames may be left out now."""
    if decoding.mode is DecodeMode.FULL:
        return False
    interval_s = decoding.key_interval_s
    if interval_s is None or interval_s > KEY_INTERVAL_S_MAX or _overdue(decoding, now_s):
        return False
    return decoding.mode is DecodeMode.KEYFRAMES or now_s - decoding.hinted_s >= QUIET_S


def _overdue(decoding: Decoding, now_s: float) -> bool:
    """The next key frame should have come: the camera has changed its ways."""
    return decoding.key_s is not None and now_s - decoding.key_s > KEY_INTERVAL_S_MAX
