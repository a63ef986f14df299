"""Clips: the packets of a connection as they came, and the MP4 that is made of the newest of them."""

import io
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import av

from edge_agent.core.evidence.packet_ring import EMPTY, TICKS_PER_S, CodedPicture, PacketRing, added, cut, stamps

CODECS = frozenset({"h264", "hevc"})
PICTURES_MIN = 2


class ClipNotCut(OSError):
    """The packets make no file; the text says what the library says."""


class ClipRecorder:
    """The packets of one connection, kept in memory within bounds. `take` each, then `mp4` at any time.

    `codec` and `parameters` (the codec's own, in front of the first packet where a camera sends them apart) are those
    that the stream was opened with.
    """

    def __init__(self, codec: str, parameters: bytes) -> None:
        self._codec, self._parameters = codec, parameters
        self._ring: PacketRing = EMPTY
        self._size: tuple[int, int] | None = None

    def take(self, packet: Any, size: tuple[int, int], mono_s: float) -> None:  # noqa: ANN401 - PyAV has no types
        """One packet after it was decoded; another picture `size` is another stream, and what was kept is dropped."""
        if size != self._size:
            self._parameters = self._parameters if self._size in {None, (0, 0)} else b""
            self._size, self._ring = size, EMPTY
        if packet.size:
            at_s = mono_s if packet.pts is None else float(packet.pts * packet.time_base)
            self._ring = added(self._ring, CodedPicture(at_s, packet.is_keyframe, bytes(packet)))

    def mp4(self) -> bytes | None:
        """About the last ten seconds; None while there is nothing to show. Raises `ClipNotCut`."""
        pictures = cut(self._ring)
        if len(pictures) < PICTURES_MIN or self._codec not in CODECS:
            return None
        try:
            return _file_of(pictures, self._codec, self._parameters)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise ClipNotCut(f"no clip can be made of this stream: {error}") from None


class _Again:
    """A second reader of a file that is still being written, for the library to move its index to the front."""

    def __init__(self, file: io.BytesIO) -> None:
        self._file, self._at = file, 0

    def read(self, count: int) -> bytes:
        """Return the next bytes."""
        with self._file.getbuffer() as content:
            part = bytes(content[self._at : self._at + count])
        self._at += len(part)
        return part

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to another place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._file.getbuffer().nbytes}[whence]
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        """Return the place."""
        return self._at

    def close(self) -> None:
        """Nothing to let go of."""


def _file_of(pictures: Sequence[CodedPicture], codec: str, parameters: bytes) -> bytes:
    file = io.BytesIO()
    with (
        _described(pictures[0].data, codec, parameters) as described,
        av.open(
            file,
            "w",
            format="mp4",
            options={"movflags": "faststart"},
            io_open=lambda *_: _Again(file),
        ) as container,
    ):
        stream = container.add_stream_from_template(described.streams.video[0])
        stream.time_base = Fraction(1, TICKS_PER_S)
        for picture, (shown, decoded) in zip(pictures, stamps(pictures), strict=True):
            packet = av.Packet(picture.data)
            packet.pts, packet.dts, packet.time_base = shown, decoded, Fraction(1, TICKS_PER_S)
            packet.is_keyframe, packet.stream = picture.is_key, stream
            container.mux(packet)
    return file.getvalue()


def _described(key_frame: bytes, codec: str, parameters: bytes) -> Any:  # noqa: ANN401 - PyAV has no types
    """The first key frame opened as a stream of its own: what it says of itself holds for this clip."""
    for head in (b"", parameters):
        container = av.open(io.BytesIO(head + key_frame), format=codec)
        context = container.streams.video[0].codec_context
        if context.width and context.extradata:
            return container
        container.close()
    raise ClipNotCut("a key frame comes without the parameters of its codec")
