"""What a camera says that plays given H.264 units over RTSP/TCP, good ones or not: a behaviour for the fake server."""

import struct
from collections.abc import Iterable, Sequence

from tests.support.fake_rtsp import Behaviour, reply

TICKS_PER_S = 90_000
UNIT_BYTES_MAX = 1_400
SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
    "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track1\r\n"
)


def playing(pictures: Sequence[Sequence[bytes]], fps: float = 10.0) -> Behaviour:
    """All pictures at once, each as its units, and then silence."""

    def answer(request: str) -> bytes:
        match request.split(" ", 1)[0]:
            case "DESCRIBE":
                head = f"Content-Type: application/sdp\r\nContent-Length: {len(SDP)}\r\n"
                return reply(request, 200, "OK", head) + SDP.encode()
            case "SETUP":
                return reply(request, 200, "OK", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n")
            case "PLAY":
                return reply(request, 200, "OK", "Session: 1\r\n") + b"".join(_packets(pictures, fps))
        return reply(request, 200, "OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n")

    return Behaviour(answer)


def promising(length_bytes: int) -> Behaviour:
    """Describe itself in so many bytes, of which few come."""
    head = f"Content-Type: application/sdp\r\nContent-Length: {length_bytes}\r\n"
    other = playing([]).answer

    def answer(request: str) -> bytes | None:
        return reply(request, 200, "OK", head) if request.startswith("DESCRIBE") else other(request)

    return Behaviour(answer)


def _packets(pictures: Sequence[Sequence[bytes]], fps: float) -> Iterable[bytes]:
    number = 0
    for at, units in enumerate(pictures):
        for place, unit in enumerate(units):
            assert len(unit) <= UNIT_BYTES_MAX
            marker = 0x80 if place == len(units) - 1 else 0
            head = struct.pack(">BBHII", 0x80, marker | 96, number, round(at * TICKS_PER_S / fps), 1)
            yield b"$\0" + struct.pack(">H", len(head) + len(unit)) + head + unit
            number += 1
