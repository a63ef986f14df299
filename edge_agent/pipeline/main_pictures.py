"""What waits a moment for a picture of the main stream, and is done without it when none comes."""

from collections import deque
from collections.abc import Callable

from edge_agent.core import main_stream
from edge_agent.core.capture_time import TimeBase
from edge_agent.core.main_stream import LIKENESS_MIN, WAIT_S
from edge_agent.video.frame import Frame
from edge_agent.video.main_stream import Answer, MainStream, likeness
from edge_agent.video.source import SourceFailed
from protocol.messages import CameraReason

Deed = Callable[[Frame | None], None]
"""Is given the main stream's picture, or None."""


class MainPictures:
    """Does each deed once, in the order in which they came, at most `WAIT_S` later.

    `stream` is None for a camera without a main stream; `refused` is told why there is no picture.
    """

    def __init__(
        self, stream: MainStream | None, mono_s: Callable[[], float], refused: Callable[[SourceFailed], None]
    ) -> None:
        self._stream, self._mono_s, self._refused = stream, mono_s, refused
        self._use = main_stream.at_start(mono_s())
        self._deeds: deque[Deed] = deque()
        self._seen: Frame | None = None
        self._until_s = 0.0

    @property
    def waiting(self) -> bool:
        """Whether anything waits."""
        return bool(self._deeds)

    def ask(self, deed: Deed, seen: Frame, base: TimeBase) -> None:
        """Do it with the main stream's picture of the view that `seen` shows, if that may be had."""
        mono_s = self._mono_s()
        if self._stream is None or self.waiting or self._stream.busy or not main_stream.may_open(self._use, mono_s):
            self.after(deed)
            return
        self._use = main_stream.opened(self._use, mono_s)
        self._seen, self._until_s = seen, mono_s + WAIT_S
        self._deeds.append(deed)
        self._stream.begin(base)

    def after(self, deed: Deed) -> None:
        """Do it when all before it is done."""
        if self.waiting:
            self._deeds.append(deed)
        else:
            deed(None)

    def poll(self) -> None:
        """Do what has its picture, or has waited for long enough."""
        if not self.waiting or self._stream is None:
            return
        answer = self._stream.answer()
        if answer is None and self._mono_s() < self._until_s:
            return
        picture = self._judged(answer or SourceFailed(CameraReason.TIMEOUT, f"no picture within {WAIT_S:g} s"))
        self._stream.forget()
        self._do_all(picture)

    def flush(self) -> None:
        """Do everything now."""
        if self._stream is not None:
            self._stream.forget()
        self._do_all(None)

    def _judged(self, answer: Answer) -> Frame | None:
        if isinstance(answer, Frame):
            alike = likeness(answer, self._seen) if self._seen is not None else 0.0
            if alike >= LIKENESS_MIN:
                self._use = main_stream.gave(self._use)
                return answer
            words = f"it shows another view than the first stream (likeness {alike:.2f}, at least {LIKENESS_MIN:g})"
            answer = SourceFailed(CameraReason.NO_VIDEO, words)
        self._use = main_stream.after_refusal(self._use, answer.reason, self._mono_s())
        self._refused(answer)
        return None

    def _do_all(self, picture: Frame | None) -> None:
        self._seen = None
        deeds, self._deeds = self._deeds, deque()
        for deed in deeds:
            deed(picture)
