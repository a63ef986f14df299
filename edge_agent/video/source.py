"""Port: something that gives frames. Implemented by a file here and by a camera in `rtsp_source`."""

from collections.abc import Iterator
from typing import Protocol

from edge_agent.video.frame import Frame
from protocol.messages import CameraReason
from protocol.texts import Told, Words


class SourceFailed(Told):
    """The source gives no picture; the text never carries an address with its password."""

    def __init__(self, reason: CameraReason, detail: Words | str, **values: object) -> None:
        super().__init__(detail, **values)
        self.reason = reason
        self.detail = str(self)


class FrameSource(Protocol):
    """Frames in capture order; `captured_at` never goes back within one source."""

    def frames(self) -> Iterator[Frame]:
        """Every decoded frame until the end; raises `SourceFailed`."""
        ...

    def close(self) -> None:
        """Let go of file or connection; safe to call twice."""
        ...
