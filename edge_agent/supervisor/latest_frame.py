"""A piece of shared memory per camera: when its last frame was decoded, and the newest picture for the detector.

One process writes, one reads; the number of the picture is cleared before and set after writing, so that the reader
sees whether it got a whole one. The reader says which picture it takes, so that the writer does not replace it for
nothing. Memory is taken only for pages that were written.
"""

import mmap
import os
import struct
from multiprocessing import reduction
from threading import Event
from typing import Protocol, cast

import cv2
import numpy as np

from edge_agent.video.frame import Picture

PICTURE_BYTES_MAX = 1920 * 1088 * 3
HEADER_BYTES = 4096
_BEAT = struct.Struct("=dQ")
_PICTURE = struct.Struct("=QII")
_TAKEN = struct.Struct("=Q")
_PICTURE_AT, _TAKEN_AT = 64, 128
TAKES_MAX, TAKE_PAUSE_S = 20, 0.002
"""Laying down a picture takes about a millisecond; a writer that is stopped amidst it is not waited for."""


class LatestFrame:
    """Made by the main process and handed to the others at their start (it pickles by its file descriptor)."""

    def __init__(self, descriptor: int | None = None) -> None:
        """A new piece of memory, or the one behind `descriptor`."""
        size = HEADER_BYTES + PICTURE_BYTES_MAX
        if descriptor is None:
            descriptor = os.memfd_create("gridwarden-frame", os.MFD_CLOEXEC)
            os.ftruncate(descriptor, size)
        self._descriptor = descriptor
        self._memory = mmap.mmap(descriptor, size)

    def __reduce__(self) -> tuple[object, ...]:
        return _attach, (reduction.DupFd(self._descriptor),)

    def beat(self, mono_s: float, frames: int) -> None:
        """A frame was decoded: when, and how many there have been."""
        _BEAT.pack_into(self._memory, 0, mono_s, frames)

    def last_beat(self) -> tuple[float, int]:
        """Monotonic time of the last decoded frame (0 before the first) and the number of frames."""
        return cast("tuple[float, int]", _BEAT.unpack_from(self._memory, 0))

    def put(self, seq: int, picture: Picture) -> None:
        """Lay down a picture as number `seq`, higher than any before; a larger one than fits is made smaller."""
        fitting = _fitted(picture)
        height, width = fitting.shape[:2]
        _PICTURE.pack_into(self._memory, _PICTURE_AT, 0, width, height)
        target = np.frombuffer(self._memory, np.uint8, fitting.size, HEADER_BYTES)
        target[:] = fitting.reshape(-1)
        _PICTURE.pack_into(self._memory, _PICTURE_AT, seq, width, height)

    def take(self) -> tuple[int, Picture] | None:
        """Number and copy of the newest picture, from now on taken; None when there is no whole one."""
        pause = Event()
        for _ in range(TAKES_MAX):
            seq, width, height = _PICTURE.unpack_from(self._memory, _PICTURE_AT)
            if seq and width * height * 3 <= PICTURE_BYTES_MAX:
                _TAKEN.pack_into(self._memory, _TAKEN_AT, seq)
                pixels = np.frombuffer(self._memory, np.uint8, width * height * 3, HEADER_BYTES).copy()
                if _PICTURE.unpack_from(self._memory, _PICTURE_AT)[0] == seq:
                    return seq, pixels.reshape(height, width, 3)
            pause.wait(TAKE_PAUSE_S)
        return None

    def taken(self) -> int:
        """Number of the picture that was taken last; 0 before the first."""
        return int(_TAKEN.unpack_from(self._memory, _TAKEN_AT)[0])

    def last(self) -> int:
        """The highest number so far that is known; 0 before the first picture."""
        return max(self.taken(), int(_PICTURE.unpack_from(self._memory, _PICTURE_AT)[0]))

    def close(self) -> None:
        """Let go of the descriptor; the memory goes with its last user."""
        os.close(self._descriptor)


class _Duplicate(Protocol):
    """What `DupFd` becomes on the other side."""

    def detach(self) -> int: ...


def _attach(duplicate: _Duplicate) -> LatestFrame:
    return LatestFrame(duplicate.detach())


def _fitted(picture: Picture) -> Picture:
    scale = (PICTURE_BYTES_MAX / picture.size) ** 0.5
    if scale >= 1:
        return picture
    height, width = picture.shape[:2]
    size = (int(width * scale), int(height * scale))
    return cast("Picture", cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
