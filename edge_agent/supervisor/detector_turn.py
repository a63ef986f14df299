"""One camera's wait for the detector: the frame in its slot, the one that waits behind it, and what is counted."""

from dataclasses import dataclass, replace

from edge_agent.core.values import Detection
from edge_agent.inference.preprocess import Fitting
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.reports import Detected, DetectionWanted
from edge_agent.video.frame import Frame


@dataclass(frozen=True, slots=True)
class Arrived:
    """A frame and when it was decoded."""

    frame: Frame
    at_s: float


@dataclass(frozen=True, slots=True)
class Offer:
    """What lies in the slot as `seq`; its turn was asked for as `asked`.

    `due_s`: when the first frame was decoded that this request stands for; newer ones took its place.
    """

    arrived: Arrived
    seq: int
    asked: int
    due_s: float


@dataclass(frozen=True, slots=True)
class Looked:
    """The turn is over: what the detector saw on this frame, None if it did not look."""

    arrived: Arrived
    detections: tuple[Detection, ...] | None


class DetectorTurn:
    """`offer` asks for a look, `answered` and `lost` end the wait. Numbers go on where another process stopped."""

    def __init__(self, slot: LatestFrame, latency_s: float, fitting: Fitting | None) -> None:
        self.shed_frames = 0
        """Frames that the detector should have looked at and did not."""
        self.late_looks = 0
        self._slot = slot
        self._latency_s = latency_s
        self._fitting = fitting
        self._number = slot.last()
        self._offer: Offer | None = None
        self._behind: Arrived | None = None

    @property
    def is_open(self) -> bool:
        """Whether an answer is awaited."""
        return self._offer is not None

    def forget(self) -> None:
        """Nobody waits any more; an answer that still comes is passed over."""
        self._offer = self._behind = None

    def queues(self, arrived: Arrived) -> bool:
        """Whether the frame has to wait because one is being looked at; only the newest does."""
        if self._offer is None or self._slot.taken() < self._offer.seq:
            return False
        self.shed_frames += self._behind is not None
        self._behind = arrived
        return True

    def next_behind(self) -> Arrived | None:
        """The frame that had to wait, once."""
        behind, self._behind = self._behind, None
        return behind

    def replaced(self) -> Arrived | None:
        """The frame that waits for its turn, if a newer one is to take its place."""
        if self._offer is None:
            return None
        self.shed_frames += 1
        return self._offer.arrived

    def offer(self, arrived: Arrived) -> DetectionWanted | None:
        """Lay the frame down; what is to be asked, None where a request already waits and is now for this one."""
        self._number += 1
        picture = arrived.frame.bgr()
        self._slot.put(self._number, picture if self._fitting is None else self._fitting.made_small(picture))
        before = self._offer
        if before is not None:
            self._offer = Offer(arrived, self._number, before.asked, before.due_s)
            return None
        self._offer = Offer(arrived, self._number, self._number, arrived.at_s)
        return self._wanted(self._offer)

    def answered(self, answer: Detected, mono_s: float) -> Looked | DetectionWanted | None:
        """What came of the turn; or what is to be asked again; None for an answer that nobody waits for."""
        offer = self._offer
        if offer is None or answer.asked != offer.asked:
            return None
        if answer.seq != offer.seq:  # its turn came in the moment in which a newer frame was laid down
            self._offer = replace(offer, asked=offer.seq)
            return self._wanted(self._offer)
        self._offer = None
        self.late_looks += mono_s - offer.due_s > self._latency_s
        return Looked(offer.arrived, answer.detections)

    def lost(self, asked: int) -> Looked | None:
        """The detector will not answer this; None if nobody waits for it."""
        offer = self._offer
        if offer is None or asked != offer.asked:
            return None
        self._offer = None
        self.shed_frames += 1
        return Looked(offer.arrived, None)

    def _wanted(self, offer: Offer) -> DetectionWanted:
        return DetectionWanted(offer.asked, offer.due_s, self._latency_s)
